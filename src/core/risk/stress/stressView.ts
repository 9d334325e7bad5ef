import { marketView } from '../../exposure/netExposure.ts';
import { oracleBound } from '../../hedge/bound.ts';
import { costCurve } from '../../hedge/costCurve.ts';
import { tradableWays } from '../../hedge/fairPrice.ts';
import type { HedgeCosts } from '../../hedge/hedgeCosts.ts';
import { lendingAccounts, mandateAccount, ownedBy } from '../../hedge/paperLending.ts';
import { baseReserve, type LendingAccount } from '../../margin.ts';
import type { PriceReading, Snapshot } from '../../snapshot.ts';
import { toWhole } from '../../units.ts';
import { stressConditions } from './conditions.ts';
import { type Reach, reach } from './reach.ts';
import { type StressFigures, stressFigures } from './stressFigures.ts';
import type { StressLimits } from './stressLimits.ts';
import { type StressCase, type StressInput, stressTest } from './stressTest.ts';

/** A stress test with what it says together. */
export interface StressView {
  readonly cases: readonly StressCase[];
  readonly reach: Reach;
  readonly figures: StressFigures;
}

/** Steps in which a path is walked when a block waits: coarse, since the figures need no better. */
const TICK_GRID = { step: 0.05, down: -0.6, up: 1, costBps: 10 };

/**
 * A snapshot as a stress test takes it: its positions with paper fills, what is owned above what the mandate keeps, what
 * the mandate lets it borrow, and what its pools cost.
 *
 * @param spot fair price, quote per base
 * @param costs at the same snapshot
 */
export function stressInputOf(
  snapshot: Snapshot,
  spot: number,
  oracle: PriceReading,
  costs: HedgeCosts,
  maxSlippageBps: number,
  limits: Pick<StressLimits, 'minHealthFactor' | 'priceChanges' | 'volatilityChanges' | 'conditions'>,
): StressInput {
  const { vault, chain, history } = snapshot;
  const { guard } = chain;
  const lending = lendingAccounts(snapshot);
  const owned = ownedBy(snapshot);
  const whole = (raw: bigint) => toWhole(raw, vault.base.decimals);
  const paper = { kind: 'spot', label: 'paper fills', locked: false } as const;
  return {
    positions: [
      ...chain.positions,
      { ...paper, asset: 'base', amountRaw: history.paper.baseRaw },
      { ...paper, asset: 'quote', amountRaw: history.paper.quoteRaw },
    ],
    view: marketView(snapshot, spot),
    neutral: { targetDelta: vault.targetDelta, numeraire: vault.numeraire },
    lending,
    debtBase: lending.reduce((sum, account) => sum + baseOwed(account), 0),
    // A mandate that counts what is owed lets inventory fall below nothing: what is owned is all that can be handed over.
    sellableBase: whole(atLeastZero(owned.baseRaw - atLeastZero(guard.minBaseRaw))),
    quote: toWhole(atLeastZero(owned.quoteRaw), vault.quote.decimals),
    borrowing: {
      minHealthFactor: Math.max(limits.minHealthFactor, guard.lending?.minHealthFactor ?? 1),
      maxDebtBase: whole(guard.lending?.maxBaseDebtRaw ?? 0n),
      mayWithdraw: mandateAccount(snapshot) !== undefined,
    },
    market: {
      sell: costs.sell,
      buy: costs.buy,
      capacity: costs.capacity,
      gasQuote: costs.gasQuote,
      largestPoolShare: largestShare(snapshot, spot, oracle, costs, maxSlippageBps),
      maxSlippageBps,
    },
    priceChanges: limits.priceChanges,
    volatilityChanges: limits.volatilityChanges,
    // With one pool there is nothing left to try once it is gone: every vault of one pool would always be in trouble.
    conditions: stressConditions(limits.conditions).filter(
      ({ isLargestVenueGone }) => !isLargestVenueGone || tradableWays(snapshot).length > 1,
    ),
  };
}

/** What the deepest way takes of what all take together, selling; 1 where nothing is taken. */
function largestShare(
  snapshot: Snapshot,
  spot: number,
  oracle: PriceReading,
  { capacity }: HedgeCosts,
  slippageBps: number,
): number {
  const ways = tradableWays(snapshot);
  if (ways.length < 2 || !(capacity.sell > 0)) return 1;
  const { base, quote } = snapshot.vault;
  const bound = oracleBound('sell', oracle, slippageBps);
  const alone = ways.map(
    (way) => costCurve({ pools: [way], side: 'sell', base, quote, fairPrice: spot, bound }).capacity,
  );
  return Math.min(1, Math.max(...alone.filter(Number.isFinite), 0) / capacity.sell);
}

/** Base that an account owes, what follows base among it at the market's own prices. */
function baseOwed(account: LendingAccount): number {
  const price = baseReserve(account)?.priceQuote ?? 0;
  return account.reserves
    .filter(({ asset, debtRaw }) => asset === 'base' && debtRaw > 0n)
    .reduce((sum, one) => sum + (toWhole(one.debtRaw, one.decimals) * one.priceQuote) / price, 0);
}

function atLeastZero(raw: bigint): bigint {
  return raw > 0n ? raw : 0n;
}

/** Tries a vault against its limits. @throws InvalidInputError when a position or a limit is impossible */
export function stressView(input: StressInput, limits: StressLimits): StressView {
  const cases = stressTest(input);
  const found = reach(input, TICK_GRID);
  return {
    cases,
    reach: found,
    figures: stressFigures(cases, found, input.borrowing.minHealthFactor, limits),
  };
}
