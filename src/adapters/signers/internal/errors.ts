import { BallastError } from '../../../core/errors.ts';

/** An environment variable that should hold a secret is not set. */
export class SecretMissingError extends BallastError {
  constructor(variable: string) {
    super('SECRET_MISSING', `the environment variable ${variable} is not set`, {
      facts: { variable },
      action: `set ${variable}, or name another variable in the config`,
    });
  }
}

/** A place that should hold a private key holds something else; what it holds is never shown. */
export class KeyInvalidError extends BallastError {
  constructor(place: string) {
    super('KEY_INVALID', `${place} does not hold a private key`, {
      facts: {
        place,
        expected:
          '32 bytes as 64 hexadecimal digits, with or without 0x, above zero and below the curve order',
      },
      action: 'put the private key itself there, or use a keystore',
    });
  }
}

/** A keystore file could not be read. */
export class KeystoreUnreadableError extends BallastError {
  constructor(path: string, reason: string) {
    super('KEYSTORE_UNREADABLE', `the keystore ${path} could not be read: ${reason}`, {
      facts: { path, reason },
      action: 'check the path and its permissions',
    });
  }
}

/** A keystore file could not be opened with the password that was given. */
export class KeystoreLockedError extends BallastError {
  constructor(path: string, variable: string, reason: string) {
    super('KEYSTORE_LOCKED', `the keystore ${path} did not open: ${reason}`, {
      facts: { path, passwordVariable: variable, reason },
      action: `check that ${variable} holds the password of this file, and that the file is an encrypted keystore (v3 JSON)`,
    });
  }
}
