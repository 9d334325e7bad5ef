import { BallastError, type BallastErrorOptions } from '../core/errors.ts';

/** One thing that is wrong in a config file, where it is and what to do about it. */
export interface ConfigIssue {
  /** 1-based line in the file, null where the file as a whole is meant. */
  readonly line: number | null;
  /** `vaults[0].policy.halfWidth`; empty for the whole file. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** What to do, one sentence. */
  readonly action: string;
}

/** The config cannot be used; holds every issue found, not only the first. */
export class ConfigError extends BallastError {
  readonly file: string;
  readonly issues: readonly ConfigIssue[];

  constructor(file: string, issues: readonly ConfigIssue[]) {
    super('CONFIG_INVALID', `${file}: ${issues.length === 1 ? 'one error' : `${issues.length} errors`}`);
    this.file = file;
    this.issues = issues;
  }
}

/** The command was used in a way that cannot work: exit code 2. */
export class UsageError extends BallastError {
  constructor(code: string, message: string, options: BallastErrorOptions = {}) {
    super(code, message, options);
  }
}

/** Something would have been sent to a chain or a relay that is not on this machine, and nobody armed it. */
export class NotArmedError extends UsageError {
  constructor(remote: readonly string[], why: string | null = null) {
    const facts = {
      ...(remote.length === 0 ? {} : { 'not here': remote.join(', ') }),
      ...(why === null ? {} : { because: why }),
    };
    const message =
      remote.length === 0
        ? 'this keeper is not armed, and arming.always wants it to be'
        : 'this keeper is not armed and may send only where chain and relays are on this machine';
    super('NOT_ARMED', message, {
      facts,
      action:
        'ballast run --shadow decides and sends nothing; ballast fork tries it on a copy of the chain; ballast arm when both went well',
    });
  }
}
