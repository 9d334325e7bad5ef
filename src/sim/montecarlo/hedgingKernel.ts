import type { HedgingTerms } from './hedgingTerms.ts';

/** Paths of one call, except for the last: each batch has a stream of random numbers of its own. */
export const BATCH_PATHS = 512;

/** What bands came to on some paths: a row for each band, a column for each path, quote discounted to the start. */
export interface BatchOutcome {
  readonly paths: number;
  /** What hedge and payoff came to before costs, premium left out. */
  readonly outcomes: readonly Float64Array[];
  readonly costs: readonly Float64Array[];
}

/** Something that runs one batch of paths; what it gives is overwritten by the next call. */
export interface HedgingKernel {
  /** @param paths an even number, at most {@link BATCH_PATHS} */
  run(terms: HedgingTerms, batch: number, paths: number): BatchOutcome;
}
