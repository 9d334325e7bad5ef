import { generatePrivateKey } from 'viem/accounts';
import { localSigner } from '../../src/adapters/signers/internal/localSigner.ts';
import type { Signer } from '../../src/ports/signer.ts';

/** A signer with a fresh random key that nobody keeps. */
export function throwAwaySigner(): Signer {
  return localSigner(generatePrivateKey(), 'a throw-away key');
}
