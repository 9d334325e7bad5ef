import type { BacktestResult } from '../../sim/backtest/result.ts';
import type { PlainCandidate } from '../../sim/fast/candidate.ts';
import type { PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import type { BacktestJob } from './jobs.ts';
import type { RunOptions, WorkerPool } from './workerPool.ts';

/** A worker is given its candidates in this many portions, so that none waits long for the slowest. */
const PORTIONS = 2;

/**
 * `fastBacktestMany` on every thread of a pool: the same results, whatever the number of threads.
 *
 * @returns results in the order of the candidates
 * @throws BallastError for plans and policies that cannot be; the signal's reason once it is aborted
 */
export async function runMany(
  pool: WorkerPool,
  prepared: PreparedMarket,
  candidates: readonly PlainCandidate[],
  options: RunOptions = {},
): Promise<readonly BacktestResult[]> {
  const portion = Math.max(1, Math.ceil(candidates.length / (pool.size * PORTIONS)));
  const count = Math.ceil(candidates.length / portion);
  const jobs = Array.from(
    { length: count },
    (_, index): BacktestJob => ({
      kind: 'backtests',
      prepared,
      candidates: candidates.slice(index * portion, (index + 1) * portion),
    }),
  );
  return (await pool.run(jobs, options)).flat();
}
