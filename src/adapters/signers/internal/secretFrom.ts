import { z } from 'zod';
import { BallastError } from '../../../core/errors.ts';
import type { SecretSource } from '../../../ports/signer.ts';
import { SecretFileUnreadableError, SecretMissingError } from './errors.ts';
import { variableName } from './variableName.ts';

/** Where one secret is: an environment variable or a file. */
export interface SecretPlace {
  readonly variable?: string | undefined;
  readonly file?: string | undefined;
}

/** The two places of a secret in a config, of which exactly one is named; check with {@link isOnePlace}. */
export const secretPlace = (what: string) => ({
  variable: variableName.optional().describe(`environment variable that holds ${what}`),
  file: z.string().min(1).optional().describe(`file that holds ${what} and nothing else`),
});

/** Whether a config names one place, and not both. */
export function isOnePlace({ variable, file }: SecretPlace): boolean {
  return (variable === undefined) !== (file === undefined);
}

/** What a config that names none or both is told. */
export const onePlaceError = { error: 'either variable or file, not both' };

/** The place in words, for errors. */
export function placeOf({ variable, file }: SecretPlace): string {
  return variable === undefined ? `the file ${file}` : `the environment variable ${variable}`;
}

/**
 * Reads a secret anew from its place, without blanks around it.
 *
 * @throws SecretMissingError, SecretFileUnreadableError
 */
export async function secretFrom({ variable, file }: SecretPlace, secrets: SecretSource): Promise<string> {
  if (variable !== undefined || file === undefined) {
    const value = secrets.environment(variable ?? '')?.trim();
    if (value === undefined || value === '') throw new SecretMissingError(variable ?? '');
    return value;
  }
  const text = (await readSecretFile(file, secrets)).trim();
  if (text === '') throw new SecretFileUnreadableError(file, 'it is empty');
  return text;
}

/**
 * Reads a file that holds a secret, as it is.
 *
 * @throws SecretFileUnreadableError
 */
export function readSecretFile(file: string, secrets: SecretSource): Promise<string> {
  return secrets.readFile(file).catch((error: unknown) => {
    if (error instanceof BallastError) throw error;
    const { code } = error as { code?: unknown };
    throw new SecretFileUnreadableError(file, typeof code === 'string' ? code : 'it cannot be opened');
  });
}
