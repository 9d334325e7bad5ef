import { privateKeyToAccount } from 'viem/accounts';
import type { Signer } from '../../../ports/signer.ts';
import { KeyInvalidError } from './errors.ts';
import { toWire } from './wireTransaction.ts';

/**
 * A signer over a private key in memory. Signatures are deterministic (RFC 6979); the key is held in a closure, so that
 * no printing of the signer shows it.
 *
 * @param place names where the key is from, for errors
 * @throws KeyInvalidError when it is no private key; never with the key in it
 */
export function localSigner(privateKey: string, place: string): Signer {
  const account = openAccount(privateKey, place);
  return {
    address: account.address,
    signTransaction: async (transaction) => account.signTransaction(toWire(transaction)),
    signMessage: (message) => account.signMessage({ message }),
    signMessageBytes: (bytes) => account.signMessage({ message: { raw: bytes } }),
  };
}

function openAccount(privateKey: string, place: string) {
  const digits = privateKey.trim().replace(/^0x/i, '');
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) throw new KeyInvalidError(place);
  try {
    return privateKeyToAccount(`0x${digits.toLowerCase()}`);
  } catch {
    throw new KeyInvalidError(place);
  }
}
