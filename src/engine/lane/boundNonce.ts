import { type Address, sameAddress } from '../../core/units.ts';
import { signedOrder } from '../order/orderState.ts';
import type { TrackedOrder } from '../order/tracked.ts';

/**
 * Why an order of an account whose chain takes any sequence must not be signed with a key's nonce yet; null where it may.
 *
 * An order that has expired can execute in a reorged branch only. Where the chain takes each sequence once, its replacement
 * cannot execute there beside it. Elsewhere nothing but the nonce keeps the two apart: so the replacement has the nonce of
 * every order that expired before it, or waits until that nonce is used for good.
 *
 * @param unsettled the vault's orders that the chain may still change
 */
export function boundNonceConflict(
  unsettled: readonly TrackedOrder[],
  keeper: Address,
  nonce: number,
): string | null {
  const bound = unsettled.find(({ record, state }) => {
    const order = state.status === 'expired' ? signedOrder(state) : null;
    return order !== null && (order.attempt.nonce !== nonce || !sameAddress(record.signer, keeper));
  });
  if (bound === undefined) return null;
  const { id, signer } = bound.record;
  const used = signedOrder(bound.state)?.attempt.nonce;
  return `order ${id} expired, but nonce ${used} of ${signer} is not used for good: in a reorg it could execute beside another`;
}
