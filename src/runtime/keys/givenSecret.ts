import { SecretMissingError } from '../../adapters/signers/internal/errors.ts';
import { passphraseOfFile } from '../../adapters/signers/internal/passphrase.ts';
import { readSecretFile } from '../../adapters/signers/internal/secretFrom.ts';
import type { SecretSource } from '../../ports/signer.ts';

/**
 * A secret from a file or an environment variable.
 *
 * @returns null where neither is named, so that somebody has to be asked
 * @throws SecretMissingError, SecretFileUnreadableError, SecretFileExposedError
 */
export async function givenSecret(
  secrets: SecretSource,
  file: string | undefined,
  variable: string | undefined,
): Promise<string | null> {
  if (file !== undefined) return passphraseOfFile(await readSecretFile(file, secrets));
  if (variable === undefined) return null;
  const value = secrets.environment(variable);
  if (value === undefined || value === '') throw new SecretMissingError(variable);
  return value;
}
