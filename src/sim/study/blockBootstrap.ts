import { standardDeviation } from '../../core/report/performance.ts';
import { requireBetween, requireInteger } from '../../core/statistics/require.ts';
import type { RandomStream } from '../random.ts';

/** What is drawn again, and how often. */
export interface BlockBootstrap {
  /** Blocks there are: the weeks of all paths. */
  readonly blocks: number;
  /**
   * What is to be known, from how often each block was drawn. Everything that is compared is to be computed in here, from
   * the same weights: that is what pairs it. Null where a draw does not tell.
   */
  readonly statistic: (weights: ArrayLike<number>) => number | null;
  /** 1,000 where left out. */
  readonly resamples?: number;
  /** 0.95 where left out. */
  readonly confidence?: number;
  readonly random: RandomStream;
}

/** A figure with its error bars. */
export interface ErrorBars {
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Draws that told something, out of all. */
  readonly used: number;
  readonly resamples: number;
}

/** With fewer blocks than this, draws differ too little from what was seen. */
export const LEAST_BLOCKS = 8;
/** Bars made of less than this share of the draws would leave out the very cases that matter. */
const LEAST_USED_SHARE = 0.9;

/**
 * Error bars of a figure by drawing whole blocks with replacement (H. Kuensch, 1989; percentile interval of B. Efron, 1979):
 * what hangs together within a week stays together, and what is compared is compared over the same weeks of the same paths.
 *
 * @returns null where there are fewer than 8 blocks, or more than a tenth of the draws tell nothing
 * @throws InvalidInputError when the number of draws or the confidence is out of its range
 */
export function pairedBlockBootstrap(input: BlockBootstrap): ErrorBars | null {
  const { blocks, statistic, resamples = 1_000, confidence = 0.95, random } = input;
  requireInteger('resamples', resamples, 40, 1_000_000);
  requireBetween('confidence', confidence, 0, 1);
  if (blocks < LEAST_BLOCKS) return null;
  const found: number[] = [];
  const weights = new Uint32Array(blocks);
  for (let draw = 0; draw < resamples; draw += 1) {
    weights.fill(0);
    for (let block = 0; block < blocks; block += 1) weights[random.index(blocks)]! += 1;
    const value = statistic(weights);
    if (value !== null && Number.isFinite(value)) found.push(value);
  }
  if (found.length < LEAST_USED_SHARE * resamples) return null;
  found.sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  return {
    low: quantile(found, tail),
    high: quantile(found, 1 - tail),
    standardError: standardDeviation(found),
    used: found.length,
    resamples,
  };
}

/** Linear between order statistics. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const rest = position - below;
  return sorted[below]! * (1 - rest) + (sorted[below + 1] ?? sorted[below]!) * rest;
}
