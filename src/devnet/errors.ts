import { BallastError, type BallastErrorOptions } from '../core/errors.ts';

/** anvil could not be started, or did not answer in time. */
export class AnvilStartError extends BallastError {
  constructor(what: string, options: BallastErrorOptions = {}) {
    super('ANVIL_START', `anvil did not start: ${what}`, {
      action: 'see its last output below; `npm install` puts the binary of this platform in place',
      ...options,
    });
  }
}

/** The devnet was asked for something that its chain refused. */
export class DevnetError extends BallastError {
  constructor(what: string, options: BallastErrorOptions = {}) {
    super('DEVNET', `devnet: ${what}`, options);
  }
}
