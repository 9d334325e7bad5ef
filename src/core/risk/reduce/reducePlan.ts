import type { LendingStep, OrderPlan } from '../../decision.ts';
import { CorruptDataError } from '../../errors.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { ReduceAction } from './reduceActions.ts';

/**
 * Steps that ease margin as an order without swaps.
 *
 * @throws CorruptDataError when the mandate has no lending market
 */
export function reducePlan({ chain }: Snapshot, actions: readonly ReduceAction[]): OrderPlan {
  const { lending } = chain.guard;
  if (lending === undefined) throw new CorruptDataError('guard.lending', 'none', 'a lending market');
  const before = actions.map(
    ({ kind, asset, amountRaw }): LendingStep => ({ kind, asset, amountRaw, pool: lending.pool }),
  );
  return {
    side: 'sell',
    baseRaw: 0n,
    quoteLimitRaw: 0n,
    expectedQuoteRaw: 0n,
    minFillBps: 0,
    legs: [],
    lending: { before, after: [] },
  };
}
