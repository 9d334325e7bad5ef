import type { Limits } from '../../core/risk/limits.ts';
import type { BacktestInput } from '../backtest/backtest.ts';
import { OptionBook } from '../backtest/optionBook.ts';
import type { PoolPlan } from '../backtest/poolPlan.ts';
import type { BacktestResult } from '../backtest/result.ts';
import type { GuardPlan } from '../backtest/simulatedState.ts';
import type { MarketPath } from '../market/marketPath.ts';
import type { VaultPlan } from '../vaultPlan.ts';
import { type Candidate, policyOf } from './candidate.ts';
import { FastRun } from './fastRun.ts';
import { MarketSight } from './marketSight.ts';

/** Everything that candidates have in common: plain data, so that a worker can be given it. */
export interface PreparedMarket {
  readonly market: MarketPath;
  readonly plan: VaultPlan;
  readonly pools: readonly PoolPlan[];
  readonly limits: Limits;
  readonly guard: GuardPlan;
}

/** How far a run of many candidates is. */
export interface ManyProgress {
  /** Told from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Once aborted, the run throws its reason at the next step. */
  readonly signal?: AbortSignal;
}

/**
 * A backtest without engine, journal, signing and promises: the same input, the same result, many times as fast as
 * `backtest`. Everything that decides or scores is the same code; the tests hold the two against each other decision by
 * decision.
 *
 * @throws InvalidInputError for plans that cannot be
 */
export function fastBacktest(input: BacktestInput): BacktestResult {
  const { market, plan, pools } = input;
  const options = new OptionBook(plan, pools, market.spot[0]!, market.timestampSeconds[0]!);
  const run = new FastRun(market, input, options, new MarketSight(market, pools, options.liquidity));
  const last = market.spot.length - 1;
  for (let step = 0; step < last; step += 1) {
    const decision = run.decide();
    input.onDecision?.(step, decision);
    run.advance(decision);
    input.onProgress?.((step + 1) / last);
  }
  return run.result();
}

/**
 * Runs many policies over one market side by side: pools, readings, fair prices and the greeks of the book are worked out
 * once a step for all of them (common random numbers). Each result is the one that `fastBacktest` gives for it alone.
 *
 * @returns results in the order of the candidates
 * @throws InvalidInputError for plans and policies that cannot be; the signal's reason once it is aborted
 */
export function fastBacktestMany(
  prepared: PreparedMarket,
  candidates: readonly Candidate[],
  { onProgress, signal }: ManyProgress = {},
): readonly BacktestResult[] {
  const { market, plan, pools } = prepared;
  const options = new OptionBook(plan, pools, market.spot[0]!, market.timestampSeconds[0]!);
  const shared = new MarketSight(market, pools, options.liquidity);
  const runs = candidates.map(({ policy, limits }) => {
    const settings = { ...prepared, policy: policyOf(policy), limits: { ...prepared.limits, ...limits } };
    return new FastRun(market, settings, options, shared);
  });
  const last = market.spot.length - 1;
  for (let step = 0; step < last; step += 1) {
    signal?.throwIfAborted();
    for (const run of runs) run.advance(run.decide());
    onProgress?.((step + 1) / last);
  }
  return runs.map((run) => run.result());
}
