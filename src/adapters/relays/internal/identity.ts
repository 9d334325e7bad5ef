import type { Signer } from '../../../ports/signer.ts';
import { RelayIdentityMissingError } from './errors.ts';

/** The identity that a relay cannot do without. @throws RelayIdentityMissingError where the config names none */
export function requireIdentity(relay: string, identity: Signer | null): Signer {
  if (identity === null) throw new RelayIdentityMissingError(relay);
  return identity;
}
