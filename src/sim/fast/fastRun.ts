import type { Decision } from '../../core/decision.ts';
import type { OptionBook } from '../backtest/optionBook.ts';
import { type BacktestSettings, backtestSetup } from '../backtest/ports.ts';
import { Replica } from '../backtest/replica.ts';
import type { BacktestResult } from '../backtest/result.ts';
import { BacktestScore } from '../backtest/score.ts';
import type { SimulatedState } from '../backtest/simulatedState.ts';
import { VaultBook } from '../backtest/vaultBook.ts';
import type { MarketPath } from '../market/marketPath.ts';
import { FastKeeper } from './fastKeeper.ts';
import type { MarketSight } from './marketSight.ts';

/** One vault under one policy on its way over a market, step by step. */
export class FastRun {
  readonly #keeper: FastKeeper;
  readonly #score: BacktestScore;

  constructor(market: MarketPath, settings: BacktestSettings, options: OptionBook, shared: MarketSight) {
    const state: SimulatedState = {
      market,
      replica: new Replica(market, shared.poolsAt),
      book: new VaultBook(settings.plan, options),
      orders: new Map(),
      nextSequence: 1n,
    };
    const setup = backtestSetup(state, settings);
    this.#keeper = new FastKeeper(state, setup, settings, shared);
    this.#score = new BacktestScore(settings, state, shared.exposureOf);
  }

  /** Decides at the present step, and places what was decided. */
  decide(): Decision {
    return this.#keeper.tick();
  }

  /** Moves on to the next step. @param decision of the present one */
  advance(decision: Decision): void {
    this.#score.step(decision);
  }

  result(): BacktestResult {
    return this.#score.result();
  }
}
