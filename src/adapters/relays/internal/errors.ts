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

/** The identity cannot make the kind of signature that a relay wants. */
export class RelayIdentityUnfitError extends BallastError {
  constructor(relay: string, need: string) {
    super('RELAY_IDENTITY_UNFIT', `the identity of relay ${relay} cannot ${need}`, {
      facts: { relay, need },
      action: 'use an identity of another kind, for example env or keystore',
    });
  }
}

/** A relay's config names an environment variable that is not set. */
export class RelaySecretMissingError extends BallastError {
  constructor(relay: string, variable: string) {
    super(
      'RELAY_SECRET_MISSING',
      `relay ${relay} needs the environment variable ${variable}, which is not set`,
      {
        facts: { relay, variable },
        action: `set ${variable}, or name another variable in the config`,
      },
    );
  }
}
