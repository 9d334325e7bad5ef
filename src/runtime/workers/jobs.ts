import type { BacktestResult } from '../../sim/backtest/result.ts';
import type { PlainCandidate } from '../../sim/fast/candidate.ts';
import { fastBacktestMany, type PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import type { HedgingTerms } from '../../sim/montecarlo/hedgingTerms.ts';
import { type PathOutcomes, runBatches } from '../../sim/montecarlo/simulateHedging.ts';

/** Candidates that one worker runs side by side over a market. */
export interface BacktestJob {
  readonly kind: 'backtests';
  readonly prepared: PreparedMarket;
  readonly candidates: readonly PlainCandidate[];
}

/** Batches of a hedging simulation, from one to before another. */
export interface HedgingJob {
  readonly kind: 'hedging';
  readonly terms: HedgingTerms;
  readonly paths: number;
  readonly from: number;
  readonly to: number;
}

/** What a worker can be asked: plain data, its answer a function of it and of nothing else. */
export type Job = BacktestJob | HedgingJob;

/** What each kind of job is answered with. */
export interface JobResults {
  readonly backtests: readonly BacktestResult[];
  readonly hedging: PathOutcomes;
}

/** Does a job. @throws what the job's own function throws */
export function runJob(job: Job, onProgress: (share: number) => void): JobResults[Job['kind']] {
  if (job.kind === 'hedging') return runBatches(job.terms, job.paths, job.from, job.to);
  return fastBacktestMany(job.prepared, job.candidates, { onProgress });
}
