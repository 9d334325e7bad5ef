import { stat } from 'node:fs/promises';
import { BallastError } from '../../core/errors.ts';

/** Bits by which the group and everybody else may do anything with a file. */
const OTHERS = 0o077;

/** A file with a secret in it that others on this machine may read. */
export class SecretFileExposedError extends BallastError {
  constructor(path: string, mode: string) {
    super('SECRET_FILE_EXPOSED', `others on this machine may read ${path}`, {
      facts: { path, mode, expected: '0600: its owner alone' },
      action: `chmod 600 ${path}; if others can have read it, make a new key`,
    });
  }
}

/** A file's permissions as `ls` and `chmod` speak of them: `0600`. */
export function modeWords(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

/** Whether nobody but its owner may do anything with a file; where a system has no such bits nobody else is known. */
export function isOwnersAlone(mode: number): boolean {
  return process.platform === 'win32' || (mode & OTHERS) === 0;
}

/**
 * Refuses a file that others may read; one that is not there is left to its reader.
 *
 * @throws SecretFileExposedError
 */
export async function refuseExposed(path: string): Promise<void> {
  const facts = await stat(path).catch(() => null);
  if (facts !== null && !isOwnersAlone(facts.mode))
    throw new SecretFileExposedError(path, modeWords(facts.mode));
}
