import type { LendingStep, OrderPlan, WithdrawalStep } from '../../decision.ts';
import { CorruptDataError } from '../../errors.ts';
import type { Snapshot } from '../../snapshot.ts';
import { expectedOf, type RangeWithdrawal } from './rangesAtHand.ts';
import type { ReduceAction } from './reduceActions.ts';

/**
 * Withdrawals of liquidity, and steps that ease margin, as an order without swaps.
 *
 * @param withdrawals those that the actions need among them
 * @throws CorruptDataError when there are steps and the mandate has no lending market
 */
export function reducePlan(
  { chain }: Snapshot,
  withdrawals: readonly RangeWithdrawal[],
  actions: readonly ReduceAction[],
): OrderPlan {
  return {
    side: 'sell',
    baseRaw: 0n,
    quoteLimitRaw: 0n,
    expectedQuoteRaw: 0n,
    minFillBps: 0,
    legs: [],
    ...(withdrawals.length === 0 ? {} : { withdrawals: withdrawals.map(withdrawalStep) }),
    ...(actions.length === 0 ? {} : { lending: { before: lendingSteps(chain, actions), after: [] } }),
  };
}

function lendingSteps(
  { guard: { lending } }: Snapshot['chain'],
  actions: readonly ReduceAction[],
): readonly LendingStep[] {
  if (lending === undefined) throw new CorruptDataError('guard.lending', 'none', 'a lending market');
  return actions.map(({ kind, asset, amountRaw }) => ({ kind, asset, amountRaw, pool: lending.pool }));
}

function withdrawalStep(withdrawal: RangeWithdrawal): WithdrawalStep {
  const { label, manager, tokenId } = withdrawal.range;
  return { label, manager, tokenId, liquidity: withdrawal.liquidity, ...expectedOf(withdrawal) };
}
