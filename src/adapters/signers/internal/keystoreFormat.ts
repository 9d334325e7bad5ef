import { getAddress } from 'viem';
import { generatePrivateKey } from 'viem/accounts';
import type { Address, Hex } from '../../../core/units.ts';
import { KeyInvalidError } from './errors.ts';
import { localSigner } from './localSigner.ts';

/** An encrypted key (web3 secret storage v3, 2014), with the address that it signs for. */
export interface EncryptedKey {
  readonly address: Address;
  readonly json: string;
}

/** How hard a passphrase is to guess: scrypt's cost (Percival 2009), a power of two; each try costs its guesser as much. */
const KEYSTORE_SCRYPT_N = 131_072;

/** What reads and writes keystores; loaded where there is one, since that takes longer than all the rest of the signers. */
export const loadKeystores = () => import('ethers');

/** A fresh random private key. */
export function newPrivateKey(): Hex {
  return generatePrivateKey();
}

/**
 * Encrypts a private key under a passphrase, and opens it again before it is given out: nobody is told an address whose
 * key cannot be had.
 *
 * @param place where the key is from, for errors
 * @param scryptN cost of one guess
 * @throws KeyInvalidError when it is no private key; never with the key in it
 */
export async function encryptKey(
  privateKey: string,
  passphrase: string,
  place: string,
  scryptN = KEYSTORE_SCRYPT_N,
): Promise<EncryptedKey> {
  const { address } = localSigner(privateKey, place);
  const key = `0x${privateKey.trim().replace(/^0x/i, '').toLowerCase()}`;
  const options = { scrypt: { N: scryptN, r: 8, p: 1 } };
  const { decryptKeystoreJson, encryptKeystoreJson } = await loadKeystores();
  const json = await encryptKeystoreJson({ address, privateKey: key }, passphrase, options);
  const opened = await decryptKeystoreJson(json, passphrase);
  if (opened.address !== address || opened.privateKey !== key) throw new KeyInvalidError(place);
  return { address, json };
}

/** Whether a text is a v3 keystore, and whose, as far as it says so without being opened. */
export async function keystoreOwner(json: string): Promise<{ readonly address: Address | null } | null> {
  const { isKeystoreJson } = await loadKeystores();
  if (!isKeystoreJson(json)) return null;
  const { address, crypto, Crypto } = JSON.parse(json) as Readonly<Record<string, unknown>>;
  if (typeof (crypto ?? Crypto) !== 'object') return null;
  const digits = typeof address === 'string' ? address.replace(/^0x/i, '').toLowerCase() : '';
  return { address: /^[0-9a-f]{40}$/.test(digits) ? getAddress(`0x${digits}`) : null };
}
