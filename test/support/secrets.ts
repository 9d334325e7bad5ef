import { inspect } from 'node:util';
import { BallastError } from '../../src/core/errors.ts';
import type { SecretSource } from '../../src/ports/signer.ts';

/** Secrets of a test, from tables. */
export function secretsOf(
  environment: Record<string, string>,
  files: Record<string, string> = {},
): SecretSource {
  return {
    environment: (name) => environment[name],
    readFile: async (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return text;
    },
  };
}

/** Everything that an error could show, in one text. */
export function everythingOf(error: BallastError): string {
  const cause = inspect(error.cause, { depth: 10, showHidden: true });
  return [
    inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
    JSON.stringify(error.facts),
    error.message,
    error.action,
    error.stack,
    cause,
  ].join('\n');
}

/** The error that something ends with. */
export async function errorOf(running: Promise<unknown>): Promise<BallastError> {
  const thrown: unknown = await running.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof BallastError)) throw new Error(`expected a BallastError, got ${String(thrown)}`);
  return thrown;
}
