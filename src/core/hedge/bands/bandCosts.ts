import { InvalidInputError } from '../../errors.ts';

/** What hedges on one side cost, gas of the transaction left out. */
export interface BandCosts {
  /** Quote for trading q base, against the fair price: below 0 is a gain, infinite is more than can be traded. */
  cost(q: number): number;
  /** The slope of `cost`: quote for the next unit of base. */
  marginal(q: number): number;
}

/** A stretch of sizes over which the next unit never gets cheaper. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Costs of one side in the units of a solution, checked on every call. */
export interface ScaledCosts {
  readonly atZero: number;
  cost(q: number): number;
  marginal(q: number): number;
  /** In order of size, without gaps; infinite at the end unless the pools are. */
  readonly stretches: readonly Stretch[];
}

/** How base and quote are counted in a solution, and what is taken off every unit's cost. */
export interface CostScale {
  readonly base: number;
  readonly quote: number;
  /** Quote per base, taken off. */
  readonly shift: number;
}

/** A slope that falls by less than this share is rounding, not another leg. */
const NEVER_CHEAPER = 1e-9;
/** Sizes at which the slope is looked at, from this share of the longest on, evenly in their logarithm. */
const SAMPLES = 24;
const SMALLEST_SHARE = 1e-4;
const KINK_STEPS = 60;

/** Reads one cost, refusing what is no number. @throws InvalidInputError naming the side */
export function readCost(side: string, name: 'cost' | 'marginal', costs: BandCosts, q: number): number {
  const value = costs[name](q);
  if (typeof value !== 'number' || Number.isNaN(value) || value === Number.NEGATIVE_INFINITY) {
    throw new InvalidInputError(`${side}.${name}(${q})`, value, 'a number of quote, or Infinity');
  }
  return value;
}

/**
 * Costs in a solution's own units, cut at the sizes from which another leg makes the next unit cheaper: the lower envelope
 * of several ways to trade is convex between these kinks only, and the best size is never at one of them.
 *
 * @param longest sizes beyond this, base, are not looked at for kinks
 * @throws InvalidInputError naming the side where a cost is no number
 */
export function scaledCosts(side: string, costs: BandCosts, scale: CostScale, longest: number): ScaledCosts {
  const marginal = (q: number) =>
    (readCost(side, 'marginal', costs, q * scale.base) - scale.shift) / scale.quote;
  const quoteUnit = scale.quote * scale.base;
  return {
    atZero: marginal(0),
    marginal,
    cost: (q) => (readCost(side, 'cost', costs, q * scale.base) - scale.shift * q * scale.base) / quoteUnit,
    stretches: stretchesOf(marginal, longest / scale.base),
  };
}

/** Sizes cut at every kink up to `longest`; the last stretch never ends. */
export function stretchesOf(marginal: (q: number) => number, longest: number): readonly Stretch[] {
  if (!(longest < Number.POSITIVE_INFINITY)) return [{ from: 0, to: longest }];
  const growth = SMALLEST_SHARE ** (-1 / (SAMPLES - 1));
  const kinks: Kink[] = [];
  let [before, slopeBefore] = [0, marginal(0)];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const size = longest * SMALLEST_SHARE * growth ** sample;
    const slope = marginal(size);
    if (isCheaper(slope, slopeBefore)) {
      const kink = kinkBetween(marginal, before, size);
      if (kink !== null) kinks.push(kink);
    }
    [before, slopeBefore] = [size, slope];
  }
  return [0, ...kinks.map(({ after }) => after)].map((from, index) => ({
    from,
    to: kinks[index]?.before ?? Number.POSITIVE_INFINITY,
  }));
}

function isCheaper(slope: number, before: number): boolean {
  return slope < before - NEVER_CHEAPER * Math.max(Math.abs(before), Math.abs(slope));
}

/** The sizes right before and after another leg joins. */
interface Kink {
  readonly before: number;
  readonly after: number;
}

/** Where the slope drops at once between two sizes; null where it falls smoothly. */
function kinkBetween(marginal: (q: number) => number, low: number, high: number): Kink | null {
  let [a, b, slopeA, slopeB] = [low, high, marginal(low), marginal(high)];
  for (let step = 0; step < KINK_STEPS && b - a > 1e-13 * b; step++) {
    const middle = (a + b) / 2;
    const slope = marginal(middle);
    // The larger of both falls holds the kink: on either side of it the slope rises.
    if (slope - slopeA < slopeB - slope) [b, slopeB] = [middle, slope];
    else [a, slopeA] = [middle, slope];
  }
  return isCheaper(slopeB, slopeA) ? { before: a, after: b } : null;
}
