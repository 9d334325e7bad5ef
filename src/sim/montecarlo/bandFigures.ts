/** An average over paths, and how far it may be off by chance. */
export interface Estimate {
  readonly value: number;
  /** One standard error. */
  readonly stdError: number;
}

/** What a band came to, quote per option discounted to the start. */
export interface BandFigures {
  readonly act: number;
  readonly target: number;
  /** Premium, hedge and payoff before costs: what hedging at these times is off by on average. */
  readonly mean: Estimate;
  /** Standard deviation of the same: the hedging error. */
  readonly standardDeviation: Estimate;
  readonly cost: Estimate;
  /** Mean loss, positive, of the worst 1 % of the paths, costs included. */
  readonly expectedShortfall99: Estimate;
}

/** Share of the paths that the expected shortfall is not about. */
const CONFIDENCE = 0.99;

/**
 * The figures of one band. The error of a standard deviation is sqrt((m4 - m2^2) / n) / (2 sd); that of an expected shortfall
 * is B. Manistre and G. Hancock's (2005).
 *
 * @param outcomes of every path before costs, premium included; overwritten
 * @param costs of every path
 */
export function bandFigures(
  act: number,
  target: number,
  outcomes: Float64Array,
  costs: Float64Array,
): BandFigures {
  const count = outcomes.length;
  const [mean, cost] = [meanOf(outcomes), meanOf(costs)];
  let [second, fourth, costSecond] = [0, 0, 0];
  for (let path = 0; path < count; path += 1) {
    const square = (outcomes[path]! - mean) ** 2;
    second += square;
    fourth += square * square;
    costSecond += (costs[path]! - cost) ** 2;
  }
  const variance = second / (count - 1);
  const deviation = Math.sqrt(variance);
  const spread = Math.sqrt(Math.max(fourth / count - (second / count) ** 2, 0) / count);
  for (let path = 0; path < count; path += 1) outcomes[path]! -= costs[path]!;
  return {
    act,
    target,
    mean: { value: mean, stdError: deviation / Math.sqrt(count) },
    standardDeviation: { value: deviation, stdError: deviation > 0 ? spread / (2 * deviation) : 0 },
    cost: { value: cost, stdError: Math.sqrt(costSecond / (count - 1) / count) },
    expectedShortfall99: tailLoss(outcomes),
  };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index]!;
  return sum / values.length;
}

/** Mean loss of the worst paths: a whole number of them, one at least. Moves them to the front. */
function tailLoss(profits: Float64Array): Estimate {
  const count = Math.max(1, Math.round((1 - CONFIDENCE) * profits.length));
  bringLowestToFront(profits, count);
  const worst = profits.subarray(0, count);
  const mean = meanOf(worst);
  let [second, mildest] = [0, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < count; index += 1) {
    second += (worst[index]! - mean) ** 2;
    mildest = Math.max(mildest, worst[index]!);
  }
  const variance = second / count + CONFIDENCE * (mean - mildest) ** 2;
  return { value: -mean + 0, stdError: Math.sqrt(variance / count) };
}

/** Partly sorts, so that the lowest are in front, in any order (C. Hoare, 1961). */
function bringLowestToFront(values: Float64Array, count: number): void {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (values[left]! < pivot) left += 1;
      while (values[right]! > pivot) right -= 1;
      if (left > right) break;
      const kept = values[left]!;
      values[left] = values[right]!;
      values[right] = kept;
      left += 1;
      right -= 1;
    }
    if (count - 1 <= right) high = right;
    else if (count - 1 >= left) low = left;
    else return;
  }
}
