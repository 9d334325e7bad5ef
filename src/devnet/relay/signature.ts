import { hashMessage, keccak256, recoverAddress } from 'viem';
import type { Address, Hex } from '../../core/units.ts';
import { sameAddress } from '../../core/units.ts';

const HEADER = /^(0x[0-9a-fA-F]{40}):(0x[0-9a-fA-F]{130})$/;

/**
 * Checks an `X-Flashbots-Signature` header against the exact bytes of the body: the signature is a personal signature
 * (EIP-191) over the body's keccak hash written as a 66-character lower-case string, not over its 32 bytes.
 *
 * @returns the identity that signed, or null when the header is absent, malformed or wrong
 */
export async function signedBy(body: Uint8Array, header: string | undefined): Promise<Address | null> {
  const match = HEADER.exec(header ?? '');
  if (match === null) return null;
  const claimed = match[1] as Address;
  try {
    const hash = hashMessage(keccak256(body));
    const recovered = await recoverAddress({ hash, signature: match[2] as Hex });
    return sameAddress(claimed, recovered) ? recovered : null;
  } catch {
    return null;
  }
}
