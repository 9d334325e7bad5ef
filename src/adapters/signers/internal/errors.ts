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
  /** @param place the variable or file that should hold the password */
  constructor(path: string, place: string, reason: string) {
    super('KEYSTORE_LOCKED', `the keystore ${path} did not open: ${reason}`, {
      facts: { path, password: place, reason },
      action: `check that ${place} holds the password of this file, and that the file is an encrypted keystore (v3 JSON)`,
    });
  }
}

/** A place that should hold a mnemonic phrase holds something else; what it holds is never shown. */
export class MnemonicInvalidError extends BallastError {
  constructor(place: string) {
    super('MNEMONIC_INVALID', `${place} does not hold a mnemonic phrase`, {
      facts: {
        place,
        expected: '12, 15, 18, 21 or 24 words of the English BIP-39 list whose checksum is right',
      },
      action: 'put the whole phrase there, its words in order, and nothing else',
    });
  }
}

/** A file that should hold a secret could not be read. */
export class SecretFileUnreadableError extends BallastError {
  constructor(path: string, reason: string) {
    super('SECRET_FILE_UNREADABLE', `the secret file ${path} could not be read: ${reason}`, {
      facts: { path, reason },
      action: 'check the path and its permissions',
    });
  }
}

/** A signing service did not answer, or refused; its own words are left out, since they may quote the request. */
export class SigningServiceError extends BallastError {
  /** @param service the kind and the host, never the whole URL */
  constructor(service: string, reason: string, retryable: boolean) {
    super('SIGNING_SERVICE', `${service} did not sign: ${reason}`, {
      facts: { service, reason },
      action: retryable
        ? 'nothing was signed; the next block asks again: see whether the service is up'
        : 'check the key name, the credentials and their rights',
      retryable,
    });
  }
}

/** A signing service answered with something else than was asked for: another key, another transaction, no signature. */
export class SigningMismatchError extends BallastError {
  constructor(service: string, what: string, found: string, expected: string) {
    super('SIGNING_MISMATCH', `${service} gave another ${what} than was asked for`, {
      facts: { service, what, found, expected },
      action:
        'what it gave is not used; check which key the config names, and whether the service can be trusted',
    });
  }
}
