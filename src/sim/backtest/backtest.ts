import type { Decision } from '../../core/decision.ts';
import { tick } from '../../engine/tick.ts';
import type { MarketPath } from '../market/marketPath.ts';
import { memoryStore } from '../memoryStore.ts';
import { OptionBook } from './optionBook.ts';
import { type BacktestSettings, backtestSetup, backtestWorld } from './ports.ts';
import { rememberedExposures } from './rememberedExposures.ts';
import { laidPools, Replica } from './replica.ts';
import type { BacktestResult } from './result.ts';
import { BacktestScore } from './score.ts';
import type { SimulatedState } from './simulatedState.ts';
import { VaultBook } from './vaultBook.ts';

/** What a backtest is made of, and who is told how far it is. */
export interface BacktestInput extends BacktestSettings {
  readonly market: MarketPath;
  /** Told after every step, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Told what was decided at each step. */
  readonly onDecision?: (step: number, decision: Decision) => void;
}

/**
 * Runs a vault over a market: at each step the very `tick` that runs in production, over ports that answer from the path.
 * Profit is measured at the path's own fair price, not at what the keeper believed.
 *
 * @throws InvalidInputError for plans that cannot be, BallastError where the engine finds a fault
 */
export async function backtest(input: BacktestInput): Promise<BacktestResult> {
  const { market, plan, pools } = input;
  const options = new OptionBook(plan, pools, market.spot[0]!, market.timestampSeconds[0]!);
  const replica = new Replica(market, laidPools(market, pools, options.liquidity));
  const state: SimulatedState = {
    market,
    replica,
    book: new VaultBook(plan, options),
    orders: new Map(),
    nextSequence: 1n,
  };
  const world = backtestWorld(state, memoryStore(), input.limits);
  const setup = backtestSetup(state, input);
  const score = new BacktestScore(input, state, rememberedExposures());
  const last = market.spot.length - 1;
  for (let step = 0; step < last; step += 1) {
    const { decision } = await tick(world, setup);
    input.onDecision?.(step, decision);
    score.step(decision);
    input.onProgress?.((step + 1) / last);
  }
  return score.result();
}
