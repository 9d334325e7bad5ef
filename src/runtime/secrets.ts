import { readFile } from 'node:fs/promises';
import type { SecretSource } from '../ports/signer.ts';
import { refuseExposed } from './keys/fileMode.ts';
import type { Redactor } from './log/redact.ts';

/**
 * Secrets from the environment and from files; each one that is handed out is hidden from all output from
 * then on, and a file that others may read is refused.
 */
export function systemSecrets(redactor: Redactor): SecretSource {
  return {
    environment: (name) => {
      const value = process.env[name];
      if (value !== undefined) redactor.learn(value);
      return value;
    },
    readFile: async (path) => {
      await refuseExposed(path);
      const text = await readFile(path, 'utf8');
      redactor.learn(text);
      return text;
    },
  };
}
