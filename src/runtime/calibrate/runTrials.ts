import type { Trial, TrialResult } from '../../sim/calibrate/trial.ts';
import { momentsOf } from '../../sim/calibrate/weekMoments.ts';
import type { PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';
import { runMany } from '../workers/runMany.ts';
import type { WorkerPool } from '../workers/workerPool.ts';

/** Runs a few trials over every market; the answers are in the order given. */
export type TrialRunner = (
  inputs: readonly PreparedMarket[],
  trials: readonly Trial[],
  signal?: AbortSignal,
) => Promise<readonly TrialResult[]>;

/** Runs trials on the threads of a pool: the same answers, whatever their number. */
export function trialsOn(pool: WorkerPool): TrialRunner {
  return async (inputs, trials, signal) => {
    const candidates = trials.map(({ key, choice }) => ({ key, policy: choice }));
    const byMarket: (readonly TrialResult['weeks'][])[] = [];
    for (const input of inputs) {
      const results = await runMany(pool, input, candidates, signal === undefined ? {} : { signal });
      byMarket.push(results.map((result) => weekBlocks(result, input.market).map(momentsOf)));
    }
    return trials.map(({ key }, index) => ({ key, weeks: byMarket.flatMap((weeks) => weeks[index]!) }));
  };
}
