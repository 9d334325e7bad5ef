import { inputHash, openTrialLog, type TrialLog } from '../../src/runtime/calibrate/trialLog.ts';
import type { BacktestJob } from '../../src/runtime/workers/jobs.ts';
import type { WorkerPool } from '../../src/runtime/workers/workerPool.ts';
import type { BacktestResult } from '../../src/sim/backtest/result.ts';
import type { Trial } from '../../src/sim/calibrate/trial.ts';
import type { PreparedMarket } from '../../src/sim/fast/fastBacktest.ts';
import type { MarketPath } from '../../src/sim/market/marketPath.ts';
import { weekBlocks } from '../../src/sim/study/weekBlock.ts';

const WEEK = 7 * 86_400;

/** What a trial did in a week. */
export interface TrialWeek {
  readonly path: string;
  readonly week: number;
  /** Fee, impact and gas, quote. */
  readonly cost: number;
  /** Fee and impact, quote. */
  readonly traded: number;
  readonly hours: number;
  readonly hourlyError: readonly number[];
}

/** A trial, week by week, as it is kept. */
export interface TrialWeeks {
  readonly key: string;
  readonly weeks: readonly TrialWeek[];
}

function weeksOf(result: BacktestResult, market: MarketPath): readonly TrialWeek[] {
  const start = market.timestampSeconds[0]!;
  const traded = new Map<number, number>();
  for (const { timestampSeconds, cost } of result.hedges) {
    const week = Math.floor((timestampSeconds - start) / WEEK);
    traded.set(week, (traded.get(week) ?? 0) + cost.fee + cost.impact);
  }
  return weekBlocks(result, market)
    .filter(({ hourlyError }) => hourlyError.length > 0)
    .map(({ hourlyError, ...block }) => ({
      ...block,
      traded: traded.get(block.week) ?? 0,
      hourlyError: [...hourlyError],
    }));
}

/** Where trials are kept, and how many are run before they are. */
export interface KeptIn {
  readonly file: string;
  readonly batch: number;
  readonly say: (words: string) => void;
}

/**
 * Runs what is not in a file yet, some at a time, each batch kept as soon as it is there.
 *
 * @returns weeks by the key of their trial
 */
export async function trialWeeks(
  pool: WorkerPool,
  prepared: PreparedMarket,
  trials: readonly Trial[],
  { file, batch, say }: KeptIn,
): Promise<ReadonlyMap<string, readonly TrialWeek[]>> {
  const log: TrialLog<TrialWeeks> = await openTrialLog(file, inputHash([prepared]));
  const known = new Map([...log.known].map(([key, { weeks }]) => [key, weeks]));
  const missing = trials.filter(({ key }) => !known.has(key));
  for (let from = 0; from < missing.length; from += batch) {
    const some = missing.slice(from, from + batch);
    const candidates = some.map(({ key, choice }) => ({ key, policy: choice }));
    const portion = Math.ceil(some.length / pool.size);
    const jobs = Array.from({ length: pool.size }, (_, index): BacktestJob => {
      const own = candidates.slice(index * portion, (index + 1) * portion);
      return { kind: 'backtests', prepared, candidates: own };
    });
    const results = (await pool.run(jobs)).flat();
    const ran = results.map((result, index) => ({
      key: some[index]!.key,
      weeks: weeksOf(result, prepared.market),
    }));
    await log.append(ran);
    for (const { key, weeks } of ran) known.set(key, weeks);
    say(`${Math.min(from + batch, missing.length)} of ${missing.length}`);
  }
  return known;
}
