import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero } from '../../core/statistics/require.ts';
import type { MarketPath } from './marketPath.ts';

/** Values that were recorded at moments, oldest first. */
export interface RecordedSeries {
  readonly timestampSeconds: readonly number[];
  readonly value: readonly number[];
}

/**
 * What was last recorded at each of some moments, and not a moment later: NaN before the first value, and where the last
 * is older than it may be.
 *
 * @throws InvalidInputError when a recording is not in order of time
 */
export function lastKnown(
  moments: Float64Array,
  { timestampSeconds, value }: RecordedSeries,
  staleAfterSeconds: number,
): Float64Array {
  requireAboveZero('staleAfterSeconds', staleAfterSeconds);
  timestampSeconds.forEach((seconds, index) => {
    if (index > 0 && !(seconds > timestampSeconds[index - 1]!)) {
      throw new InvalidInputError(`timestampSeconds[${index}]`, seconds, 'later than the one before');
    }
  });
  let next = 0;
  return moments.map((moment) => {
    while (next < timestampSeconds.length && timestampSeconds[next]! <= moment) next += 1;
    const at = timestampSeconds[next - 1];
    return at !== undefined && moment - at <= staleAfterSeconds ? value[next - 1]! : Number.NaN;
  });
}

/** What was recorded, with a model's value wherever nothing was. @returns also at how many moments that was */
export function filledWith(
  recorded: Float64Array,
  modelled: Float64Array,
): { readonly values: Float64Array; readonly modelledCount: number } {
  let modelledCount = 0;
  const values = recorded.map((value, step) => {
    if (!Number.isNaN(value)) return value;
    modelledCount += 1;
    return modelled[step]!;
  });
  return { values, modelledCount };
}

/**
 * The steps of a market from one moment up to, not including, another: what was known at its first step was learnt before.
 *
 * @throws InvalidInputError when fewer than two steps are left
 */
export function sliceMarket(market: MarketPath, fromSeconds: number, toSeconds: number): MarketPath {
  const { timestampSeconds } = market;
  const from = firstAt(timestampSeconds, fromSeconds);
  const to = firstAt(timestampSeconds, toSeconds);
  if (to - from < 2) throw new InvalidInputError('window', `${Math.max(to - from, 0)} steps`, 'at least two');
  const columns = Object.entries(market).map(([name, column]) => [
    name,
    typeof column === 'string' ? column : (column as Float64Array).slice(from, to),
  ]);
  const sliced = Object.fromEntries(columns) as MarketPath;
  // Nothing leads to the first step of a window.
  sliced.afterGap[0] = 0;
  return sliced;
}

function firstAt(timestampSeconds: Float64Array, seconds: number): number {
  const found = timestampSeconds.findIndex((moment) => moment >= seconds);
  return found < 0 ? timestampSeconds.length : found;
}
