import type { BandFigures } from '../../sim/montecarlo/bandFigures.ts';
import { type HedgingSimulation, hedgingTerms } from '../../sim/montecarlo/hedgingTerms.ts';
import { batchesOf, hedgingFigures, type PathOutcomes } from '../../sim/montecarlo/simulateHedging.ts';
import type { HedgingJob } from './jobs.ts';
import type { RunOptions, WorkerPool } from './workerPool.ts';

/** A worker is given its batches in this many portions, so that none waits long for the slowest. */
const PORTIONS = 4;

/**
 * `simulateHedging` on every thread of a pool: the same figures, whatever the number of threads.
 *
 * @throws InvalidInputError for a simulation that cannot be; the signal's reason once it is aborted
 */
export async function simulateHedgingOn(
  pool: WorkerPool,
  simulation: HedgingSimulation,
  options: RunOptions = {},
): Promise<readonly BandFigures[]> {
  const terms = hedgingTerms(simulation);
  const { paths } = simulation;
  const batches = batchesOf(simulation);
  const portion = Math.ceil(batches / (pool.size * PORTIONS));
  const jobs = Array.from(
    { length: Math.ceil(batches / portion) },
    (_, index): HedgingJob => ({
      kind: 'hedging',
      terms,
      paths,
      from: index * portion,
      to: Math.min((index + 1) * portion, batches),
    }),
  );
  return hedgingFigures(simulation, joined(await pool.run(jobs, options), paths));
}

/** Portions one after another. */
function joined(portions: readonly PathOutcomes[], paths: number): PathOutcomes {
  const join = (of: (portion: PathOutcomes) => readonly Float64Array[]) =>
    of(portions[0]!).map((_, band) => {
      const row = new Float64Array(paths);
      let at = 0;
      for (const portion of portions) {
        row.set(of(portion)[band]!, at);
        at += of(portion)[band]!.length;
      }
      return row;
    });
  return { outcomes: join(({ outcomes }) => outcomes), costs: join(({ costs }) => costs) };
}
