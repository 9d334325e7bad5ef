import { requireInteger } from '../core/statistics/require.ts';

/**
 * Which steps of a long run have to be drawn so that a chart as many pixels wide as there are buckets looks the same: of each
 * bucket the first and the last step, the lowest and the highest of every driver, and the first step that has no value, so
 * that a breach of one step stays visible and a gap stays a gap.
 *
 * @param timestampSeconds rising; buckets are equally long in time
 * @param drivers columns whose extremes must stay; NaN = no value
 * @returns steps, rising; all of them where they are few enough
 * @throws InvalidInputError when `buckets` is not a whole number above 0
 */
export function thinnedSteps(
  timestampSeconds: ArrayLike<number>,
  drivers: readonly ArrayLike<number>[],
  buckets: number,
): readonly number[] {
  requireInteger('buckets', buckets, 1, 1_000_000);
  const length = timestampSeconds.length;
  const most = buckets * (2 + 3 * drivers.length);
  if (length <= most) return Array.from({ length }, (_, step) => step);
  const start = timestampSeconds[0]!;
  const width = (timestampSeconds[length - 1]! - start) / buckets;
  const bucketOf = (step: number) =>
    Math.min(buckets - 1, Math.floor((timestampSeconds[step]! - start) / width));
  const kept = new Set<number>();
  for (let from = 0; from < length; ) {
    const bucket = bucketOf(from);
    let end = from + 1;
    while (end < length && bucketOf(end) === bucket) end += 1;
    kept.add(from).add(end - 1);
    for (const driver of drivers) for (const step of extremes(driver, from, end)) kept.add(step);
    from = end;
  }
  return [...kept].sort((a, b) => a - b);
}

/** Steps of the lowest and the highest value, and the first without one. */
function extremes(values: ArrayLike<number>, from: number, end: number): readonly number[] {
  let [low, high, missing] = [-1, -1, -1];
  for (let step = from; step < end; step += 1) {
    const value = values[step]!;
    if (Number.isNaN(value)) {
      if (missing < 0) missing = step;
      continue;
    }
    if (low < 0 || value < values[low]!) low = step;
    if (high < 0 || value > values[high]!) high = step;
  }
  return [low, high, missing].filter((step) => step >= 0);
}
