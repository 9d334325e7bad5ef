import { z } from 'zod';
import { BallastError } from '../../core/errors.ts';
import { defineSigner, type SecretSource } from '../../ports/signer.ts';
import { KeystoreLockedError, KeystoreUnreadableError, SecretMissingError } from './internal/errors.ts';
import { loadKeystores } from './internal/keystoreFormat.ts';
import { localSigner } from './internal/localSigner.ts';
import { passphraseOfFile } from './internal/passphrase.ts';
import { readSecretFile } from './internal/secretFrom.ts';
import { variableName } from './internal/variableName.ts';

const config = z
  .strictObject({
    path: z.string().min(1).describe('encrypted keystore file (v3 JSON)'),
    passwordVariable: variableName.optional().describe('environment variable that holds its password'),
    passwordFile: z.string().min(1).optional().describe('file whose only line is its password'),
  })
  .refine(
    ({ passwordVariable, passwordFile }) => (passwordVariable === undefined) !== (passwordFile === undefined),
    {
      error: 'either passwordVariable or passwordFile, not both',
    },
  );

/** A private key in an encrypted keystore file, as geth, ethers and foundry write them. */
export const keystore = defineSigner<z.infer<typeof config>>({
  summary: 'private key in an encrypted keystore file (v3 JSON)',
  config,
  sample: { path: 'keeper.keystore.json', passwordVariable: 'BALLAST_KEYSTORE_PASSWORD' },
  async open({ path, passwordVariable, passwordFile }, secrets) {
    const password = await passwordFrom(passwordVariable, passwordFile, secrets);
    const place = passwordVariable ?? passwordFile ?? '';
    const json = await readKeystore(path, secrets);
    const { isKeystoreJson } = await loadKeystores();
    if (!isKeystoreJson(json)) throw new KeystoreLockedError(path, place, 'it is not a v3 keystore');
    return localSigner(await decrypt(json, password, path, place), `the keystore ${path}`);
  },
});

async function passwordFrom(
  variable: string | undefined,
  file: string | undefined,
  secrets: SecretSource,
): Promise<string> {
  if (variable === undefined) return passphraseOfFile(await readSecretFile(file ?? '', secrets));
  const password = secrets.environment(variable);
  if (password === undefined) throw new SecretMissingError(variable);
  return password;
}

async function readKeystore(path: string, secrets: SecretSource): Promise<string> {
  try {
    return await secrets.readFile(path);
  } catch (error) {
    if (error instanceof BallastError) throw error;
    const { code } = error as { code?: unknown };
    throw new KeystoreUnreadableError(path, typeof code === 'string' ? code : 'it cannot be opened');
  }
}

/** The library's own error is not passed on: it may quote what it was given. */
async function decrypt(json: string, password: string, path: string, place: string): Promise<string> {
  const { decryptKeystoreJson } = await loadKeystores();
  try {
    return (await decryptKeystoreJson(json, password)).privateKey;
  } catch (error) {
    const isWrongPassword = error instanceof Error && error.message.includes('incorrect password');
    throw new KeystoreLockedError(
      path,
      place,
      isWrongPassword ? 'wrong password' : 'it is damaged or not supported',
    );
  }
}
