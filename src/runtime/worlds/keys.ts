import { BallastError } from '../../core/errors.ts';
import { sameAddress } from '../../core/units.ts';
import type { Signer } from '../../ports/signer.ts';

/** The key that relays know the keeper by is the one that trades: each could be linked with the other. */
export class IdentityIsSignerError extends BallastError {
  constructor(address: string) {
    super('IDENTITY_IS_SIGNER', 'signer and identity are the same key', {
      facts: { signer: address, identity: address },
      action: 'give identity a key of its own, without money: ballast keys create identity.keystore.json',
    });
  }
}

/**
 * Relays see the identity's address in every request, so it must not be one that trades.
 *
 * @throws IdentityIsSignerError
 */
export function refuseSharedKey(signers: readonly (Signer | null)[], identity: Signer | null): void {
  const shared = signers.find(
    (signer) => signer && identity && sameAddress(signer.address, identity.address),
  );
  if (shared) throw new IdentityIsSignerError(shared.address);
}
