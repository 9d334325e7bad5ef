import { decryptKeystoreJson, isKeystoreJson } from 'ethers';
import { z } from 'zod';
import { defineSigner, type SecretSource } from '../../ports/signer.ts';
import { KeystoreLockedError, KeystoreUnreadableError, SecretMissingError } from './internal/errors.ts';
import { localSigner } from './internal/localSigner.ts';
import { variableName } from './internal/variableName.ts';

const config = z.strictObject({
  path: z.string().min(1).describe('encrypted keystore file (v3 JSON)'),
  passwordVariable: variableName.describe('environment variable that holds its password'),
});

/** A private key in an encrypted keystore file, as geth, ethers and foundry write them. */
export const keystore = defineSigner<z.infer<typeof config>>({
  summary: 'private key in an encrypted keystore file (v3 JSON)',
  config,
  sample: { path: 'keeper.keystore.json', passwordVariable: 'BALLAST_KEYSTORE_PASSWORD' },
  async open({ path, passwordVariable }, secrets) {
    const password = secrets.environment(passwordVariable);
    if (password === undefined) throw new SecretMissingError(passwordVariable);
    const json = await readKeystore(path, secrets);
    if (!isKeystoreJson(json))
      throw new KeystoreLockedError(path, passwordVariable, 'it is not a v3 keystore');
    return localSigner(await decrypt(json, password, path, passwordVariable), `the keystore ${path}`);
  },
});

async function readKeystore(path: string, secrets: SecretSource): Promise<string> {
  try {
    return await secrets.readFile(path);
  } catch (error) {
    const { code } = error as { code?: unknown };
    throw new KeystoreUnreadableError(path, typeof code === 'string' ? code : 'it cannot be opened');
  }
}

/** The library's own error is not passed on: it may quote what it was given. */
async function decrypt(json: string, password: string, path: string, variable: string): Promise<string> {
  try {
    return (await decryptKeystoreJson(json, password)).privateKey;
  } catch (error) {
    const isWrongPassword = error instanceof Error && error.message.includes('incorrect password');
    throw new KeystoreLockedError(
      path,
      variable,
      isWrongPassword ? 'wrong password' : 'it is damaged or not supported',
    );
  }
}
