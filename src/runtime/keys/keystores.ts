import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encryptKey, keystoreOwner, newPrivateKey } from '../../adapters/signers/internal/keystoreFormat.ts';
import type { Address } from '../../core/units.ts';
import { UsageError } from '../errors.ts';
import { isOwnersAlone, modeWords } from './fileMode.ts';

/** Shorter passphrases are guessed in no time, whatever the encryption. */
const SHORTEST_PASSPHRASE = 8;
/** No keystore is longer; other files are not read further. */
const LARGEST_KEYSTORE_BYTES = 65_536;

/** A keystore file as `ballast keys` shows it: never anything of the key. */
export interface KeystoreFile {
  readonly path: string;
  /** Null where the file does not say. */
  readonly address: Address | null;
  /** `0600`. */
  readonly mode: string;
  readonly isOwnersAlone: boolean;
  /** When it was last written, Unix seconds. */
  readonly modifiedAtSeconds: number;
}

/**
 * Refuses what would fail after somebody has typed a passphrase.
 *
 * @throws UsageError FILE_EXISTS
 */
export async function refuseExisting(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw existing(path);
}

/** Refuses a passphrase that is too short to protect a key. @throws UsageError PASSPHRASE_UNUSABLE */
export function refuseWeak(passphrase: string): void {
  if (passphrase.length >= SHORTEST_PASSPHRASE) return;
  throw new UsageError(
    'PASSPHRASE_UNUSABLE',
    `the passphrase has fewer than ${SHORTEST_PASSPHRASE} characters`,
    { action: 'take several words that do not belong together' },
  );
}

/**
 * Writes a keystore that nobody but its owner may read, whole or not at all, never over another file.
 *
 * @param privateKey null for a fresh random one
 * @param place where the key is from, for errors
 * @throws UsageError FILE_EXISTS, FILE_UNUSABLE, PASSPHRASE_UNUSABLE; KeyInvalidError
 */
export async function writeKeystore(
  path: string,
  privateKey: string | null,
  passphrase: string,
  place: string,
  scryptN?: number,
): Promise<KeystoreFile> {
  refuseWeak(passphrase);
  const { address, json } = await encryptKey(privateKey ?? newPrivateKey(), passphrase, place, scryptN);
  await writeNew(path, `${json}\n`);
  const facts = await keystoreFile(path);
  return { ...facts, address };
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST' ? existing(path) : unusable(path, error);
  });
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw unusable(path, error as NodeJS.ErrnoException);
  } finally {
    await file.close();
  }
}

async function keystoreFile(path: string): Promise<Omit<KeystoreFile, 'address'>> {
  const { mode, mtimeMs } = await stat(path);
  return {
    path,
    mode: modeWords(mode),
    isOwnersAlone: isOwnersAlone(mode),
    modifiedAtSeconds: Math.floor(mtimeMs / 1000),
  };
}

/**
 * The keystores of a folder, by name; other files are passed over.
 *
 * @throws UsageError FOLDER_UNUSABLE
 */
export async function listKeystores(folder: string): Promise<readonly KeystoreFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError('FOLDER_UNUSABLE', `${folder} cannot be listed: ${error.code ?? 'unknown'}`, {
      action: 'name a folder that is there',
    });
  });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const found = await Promise.all(names.sort().map((name) => keystoreAt(join(folder, name))));
  return found.filter((file) => file !== null);
}

/** Null where the file is no keystore, or cannot be read. */
async function keystoreAt(path: string): Promise<KeystoreFile | null> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_KEYSTORE_BYTES) return null;
    const owner = await keystoreOwner(await readFile(path, 'utf8'));
    return owner && { ...(await keystoreFile(path)), address: owner.address };
  } catch {
    return null;
  }
}

const existing = (path: string) =>
  new UsageError('FILE_EXISTS', `${path} is there already, and a key is never written over`, {
    action: 'name another file',
  });

const unusable = (path: string, { code }: NodeJS.ErrnoException) =>
  new UsageError('FILE_UNUSABLE', `${path} cannot be written: ${code ?? 'unknown'}`, {
    action: 'name another file',
  });
