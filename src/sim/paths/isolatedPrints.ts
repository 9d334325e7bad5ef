import { median } from '../../core/statistics/moments.ts';

/** Neighbours looked at on either side. */
const HALF_WINDOW = 3;
/** An isolated print is further than this many robust standard deviations from the median around it… */
const DEVIATIONS = 8;
/** …and further than this in any case: a quiet hour's cents are no error. */
const SUSPECT_LOG_DISTANCE = 0.03;
/** Markets do fall and recover by a tenth within hours; not by this. */
const IMPOSSIBLE_LOG_DISTANCE = 0.15;
/** Standard deviations in a median absolute deviation of a normal law. */
const PER_MEDIAN_DEVIATION = 1.4826;

/** A print that stands apart. */
export interface IsolatedPrint {
  readonly index: number;
  /** So far from its neighbours that no market made it. */
  readonly isImpossible: boolean;
}

/**
 * Prices that stand apart from those on both sides (F. Hampel's identifier, 1974, on logarithms): a crash is not among them,
 * since the prices after it stay with it; a print that comes and goes within three rows is.
 */
export function isolatedPrints(prices: readonly number[]): readonly IsolatedPrint[] {
  const logs = prices.map(Math.log);
  const found: IsolatedPrint[] = [];
  for (let index = 0; index < logs.length; index += 1) {
    const around = logs.slice(Math.max(0, index - HALF_WINDOW), index + HALF_WINDOW + 1);
    if (around.length <= HALF_WINDOW) continue;
    const middle = median(around);
    const spread = PER_MEDIAN_DEVIATION * median(around.map((value) => Math.abs(value - middle)));
    const distance = Math.abs(logs[index]! - middle);
    if (distance <= Math.max(SUSPECT_LOG_DISTANCE, DEVIATIONS * spread)) continue;
    found.push({ index, isImpossible: distance > IMPOSSIBLE_LOG_DISTANCE });
  }
  return found;
}
