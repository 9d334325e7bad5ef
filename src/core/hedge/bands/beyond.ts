import { bracketedRoot, nearerEnd } from '../../math/bracketedRoot.ts';
import type { BandCosts } from './bandCosts.ts';

/** A trade that starts beyond the act level, in the direction of falling net delta. */
export interface BeyondTerms {
  readonly costs: BandCosts;
  /** What being at a net delta costs, and its slope, between `low` and `high`. */
  value(x: number): number;
  slope(x: number): number;
  readonly low: number;
  readonly high: number;
}

const SAMPLES = 32;
const CAPACITY_STEPS = 100;

/** The largest size not above `wanted` that can be traded at all. */
export function reachableSize({ cost }: BandCosts, wanted: number): number {
  if (cost(wanted) < Number.POSITIVE_INFINITY) return wanted;
  let [possible, beyond] = [0, wanted];
  for (let step = 0; step < CAPACITY_STEPS && beyond - possible > 1e-15 * beyond; step++) {
    const middle = (possible + beyond) / 2;
    if (cost(middle) < Number.POSITIVE_INFINITY) possible = middle;
    else beyond = middle;
  }
  return possible;
}

/** Where one trade from `x` should end: the lowest V(y) + C(x - y), among samples first, then to the last digits. */
export function targetBeyond(terms: BeyondTerms, x: number): number {
  const { costs, value, slope, high } = terms;
  const low = Math.max(terms.low, x - reachableSize(costs, x - terms.low));
  if (!(low < high)) return low;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  const step = (high - low) / SAMPLES;
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const y = low + sample * step;
    const total = value(y) + costs.cost(x - y);
    if (total < least) [best, least] = [sample, total];
  }
  const below = low + Math.max(best - 1, 0) * step;
  const above = Math.min(low + (best + 1) * step, high);
  const excess = (y: number) => slope(y) - costs.marginal(x - y);
  const [excessBelow, excessAbove] = [excess(below), excess(above)];
  if (!(excessBelow < 0)) return below;
  if (!(excessAbove > 0)) return above;
  return nearerEnd(bracketedRoot(excess, below, excessBelow, above, excessAbove));
}
