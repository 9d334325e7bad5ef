import {
  hashMessage,
  keccak256,
  numberToHex,
  recoverAddress,
  serializeSignature,
  serializeTransaction,
} from 'viem';
import { type Address, type Hex, sameAddress } from '../../../core/units.ts';
import type { Signer } from '../../../ports/signer.ts';
import { CURVE_ORDER, type SignatureNumbers } from './der.ts';
import { SigningMismatchError } from './errors.ts';
import { toWire } from './wireTransaction.ts';

/** A signature as a transaction carries it. */
interface EthereumSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** The lower of the two values of s that sign the same: chains refuse the upper one (EIP-2, 2015). */
export function lowS({ r, s }: SignatureNumbers): SignatureNumbers {
  return s > CURVE_ORDER / 2n ? { r, s: CURVE_ORDER - s } : { r, s };
}

/**
 * Finds the parity under which a signature recovers to an address.
 *
 * @throws SigningMismatchError where none does: another key signed, or something else was signed
 */
export async function provenSignature(
  service: string,
  digest: Hex,
  numbers: SignatureNumbers,
  address: Address,
): Promise<EthereumSignature> {
  const low = lowS(numbers);
  const r = numberToHex(low.r, { size: 32 });
  const s = numberToHex(low.s, { size: 32 });
  const recovered: string[] = [];
  for (const yParity of [0, 1] as const) {
    const signer = await recoverAddress({ hash: digest, signature: { r, s, yParity } }).catch(() => null);
    if (signer !== null && sameAddress(signer, address)) return { r, s, yParity };
    recovered.push(signer ?? 'no key');
  }
  throw new SigningMismatchError(service, 'signature', `one of ${recovered.join(' or ')}`, address);
}

/**
 * A signer over a service that signs 32-byte digests and nothing else. The service is not trusted: each signature is used
 * only after it recovered to the address.
 *
 * @param service names it in errors
 * @param signDigest asks for one signature; each call may give another one
 */
export function digestSigner(
  service: string,
  address: Address,
  signDigest: (digest: Hex) => Promise<SignatureNumbers>,
): Signer {
  const sign = async (digest: Hex) => provenSignature(service, digest, await signDigest(digest), address);
  return {
    address,
    async signTransaction(transaction) {
      const wire = toWire(transaction);
      return serializeTransaction(wire, await sign(keccak256(serializeTransaction(wire))));
    },
    signMessage: async (message) => serializeSignature(await sign(hashMessage(message))),
    signMessageBytes: async (raw) => serializeSignature(await sign(hashMessage({ raw }))),
  };
}
