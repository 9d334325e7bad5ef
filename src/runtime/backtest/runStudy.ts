import { type BacktestInput, backtest } from '../../sim/backtest/backtest.ts';
import type { BacktestResult } from '../../sim/backtest/result.ts';
import { fastBacktestMany } from '../../sim/fast/fastBacktest.ts';
import type { MarketPath } from '../../sim/market/marketPath.ts';
import type { Study, StudySetting } from './study.ts';

/** What decides: the very `tick` of production, or the fast path, which gives the same numbers. */
export type StudyEngine = 'tick' | 'fast';

/** How a study is run. */
export interface StudyOptions {
  readonly engine: StudyEngine;
  /** Told from 0 to 1 as it runs, with what is being run. */
  readonly onProgress?: (share: number, what: string) => void;
  readonly signal?: AbortSignal;
}

/** Results of a study by policy, setting and market, in the order of the study. */
export type StudyResults = readonly (readonly (readonly BacktestResult[])[])[];

/** Runs every setting of every policy over every market. @throws BallastError where the engine finds a fault */
export async function runStudy(study: Study, options: StudyOptions): Promise<StudyResults> {
  const settings = study.policies.flatMap((policy) => policy.settings);
  const byMarket: (readonly BacktestResult[])[] = [];
  for (const [index, market] of study.markets.entries()) {
    options.signal?.throwIfAborted();
    const onProgress = (share: number) =>
      options.onProgress?.((index + share) / study.markets.length, market.name);
    const run = options.engine === 'fast' ? runFast : runTicks;
    byMarket.push(await run(study, market, settings, { ...options, onProgress }));
  }
  let taken = 0;
  return study.policies.map((policy) =>
    policy.settings.map(() => {
      const at = taken;
      taken += 1;
      return byMarket.map((results) => results[at]!);
    }),
  );
}

type Runner = (
  study: Study,
  market: MarketPath,
  settings: readonly StudySetting[],
  options: { readonly onProgress: (share: number) => void; readonly signal?: AbortSignal },
) => Promise<readonly BacktestResult[]>;

const runFast: Runner = async (study, market, settings, options) => {
  const { plan, pools, limits, guard } = study;
  const candidates = settings.map(({ label, policy }) => ({ key: label, policy }));
  return fastBacktestMany({ market, plan, pools, limits, guard }, candidates, options);
};

const runTicks: Runner = async (study, market, settings, { onProgress, signal }) => {
  const { plan, pools, limits, guard } = study;
  const results: BacktestResult[] = [];
  for (const [index, { policy }] of settings.entries()) {
    const input: BacktestInput = {
      market,
      plan,
      pools,
      policy,
      limits,
      guard,
      onProgress: (share) => {
        signal?.throwIfAborted();
        onProgress((index + share) / settings.length);
      },
    };
    results.push(await backtest(input));
  }
  return results;
};
