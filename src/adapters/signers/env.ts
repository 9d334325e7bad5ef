import { z } from 'zod';
import { defineSigner } from '../../ports/signer.ts';
import { SecretMissingError } from './internal/errors.ts';
import { localSigner } from './internal/localSigner.ts';
import { variableName } from './internal/variableName.ts';

const config = z.strictObject({
  variable: variableName.describe('environment variable that holds the private key'),
});

/** A private key in an environment variable. */
export const env = defineSigner<z.infer<typeof config>>({
  summary: 'private key in an environment variable',
  config,
  sample: { variable: 'BALLAST_KEY' },
  async open({ variable }, secrets) {
    const privateKey = secrets.environment(variable);
    if (privateKey === undefined || privateKey.trim() === '') throw new SecretMissingError(variable);
    return localSigner(privateKey, `the environment variable ${variable}`);
  },
});
