import type { BlockFacts } from '../core/snapshot.ts';
import { max } from '../core/units.ts';
import type { OrderHistory, SignedAttempt } from '../ports/store.ts';
import { attemptOf, orderState } from './orderState.ts';

/** A nonce to sign with, and the fees that an earlier transaction already offers for it. */
export interface NonceSlot {
  readonly nonce: number;
  /** Highest fee caps among earlier attempts with this nonce; null where it was never used. */
  readonly outbid: Pick<SignedAttempt, 'maxFeePerGasWei' | 'maxPriorityFeePerGasWei'> | null;
}

/**
 * The nonce that a signer's next transaction takes: the lowest that the chain has not used and that no order of any vault
 * may still use. An order holds its nonce until its deadline; after that its nonce comes round again, since one left
 * unused would block every later transaction of the signer.
 *
 * @param confirmedNonce the signer's next nonce at `head`
 * @param unsettled unsettled orders of every vault that share the signer
 */
export function nextNonce(
  confirmedNonce: number,
  unsettled: readonly OrderHistory[],
  head: BlockFacts,
): NonceSlot {
  const held = new Set<number>();
  const attempts: SignedAttempt[] = [];
  for (const history of unsettled) {
    const attempt = attemptOf(orderState(history));
    if (attempt === null) continue;
    attempts.push(attempt);
    if (head.timestampSeconds < history.record.order.deadlineSeconds) held.add(attempt.nonce);
  }
  let nonce = confirmedNonce;
  while (held.has(nonce)) nonce += 1;
  const earlier = attempts.filter((attempt) => attempt.nonce === nonce);
  return { nonce, outbid: earlier.length === 0 ? null : highestFees(earlier) };
}

function highestFees(attempts: readonly SignedAttempt[]): NonNullable<NonceSlot['outbid']> {
  const highest = (of: (attempt: SignedAttempt) => bigint) => attempts.map(of).reduce(max);
  return {
    maxFeePerGasWei: highest((attempt) => attempt.maxFeePerGasWei),
    maxPriorityFeePerGasWei: highest((attempt) => attempt.maxPriorityFeePerGasWei),
  };
}
