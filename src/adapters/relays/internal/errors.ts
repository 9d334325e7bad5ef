import { BallastError } from '../../../core/errors.ts';

/** A relay that wants its requests signed was opened without a key to sign them with. */
export class RelayIdentityMissingError extends BallastError {
  constructor(relay: string) {
    super('RELAY_IDENTITY_MISSING', `relay ${relay} needs an identity key to sign its requests`, {
      facts: { relay },
      action: 'add identity: to the config, a key of its own and never the one that signs transactions',
    });
  }
}
