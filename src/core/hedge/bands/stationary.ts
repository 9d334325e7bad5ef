import { bracketedRoot, nearerEnd } from '../../math/bracketedRoot.ts';
import type { ScaledCosts } from './bandCosts.ts';
import { type Motion, slopeGap, type Window, windowAt } from './window.ts';

/** A stationary problem in units in which risk costs x^2. */
export interface ScaledProblem {
  readonly motion: Motion;
  readonly gas: number;
  /** The side towards which net delta drifts. */
  readonly sell: ScaledCosts;
  readonly buy: ScaledCosts;
}

/** Where to trade on both sides, and what that costs for ever. */
export interface ScaledSolution {
  readonly rate: number;
  readonly sell: Window;
  readonly buy: Window;
}

const GROWTH = 4;
/** Guesses of the rate may be wrong by as much as doubles reach. */
const MAX_GROWTHS = 500;

/**
 * Stationary impulse control with drift and any costs: the lowest rate at which a curve of V' exists that makes a trade
 * on either side just worth its gas. Each side's trade follows from the rate alone; the rate is where both lie on one
 * curve, found between a rate that is too low and one that is too high, starting from the symmetric case without drift.
 *
 * @returns null where no rate is found: a round trip gains
 */
export function solveStationary({ motion, gas, sell, buy }: ScaledProblem): ScaledSolution | null {
  const sidesAt = (rate: number) => {
    const terms = { rate, gas, motion };
    const sold = windowAt({ ...terms, sign: 1, costs: sell });
    const bought = sold && windowAt({ ...terms, sign: -1, costs: buy });
    return sold && bought && { rate, sell: sold, buy: bought };
  };
  const gapAt = (rate: number) => {
    const sides = sidesAt(rate);
    return sides === null ? Number.NEGATIVE_INFINITY : slopeGap(motion, sides.buy, sides.sell);
  };
  let [low, high] = [1, 1];
  let [gapLow, gapHigh] = [gapAt(1), 0];
  gapHigh = gapLow;
  for (let step = 0; step < MAX_GROWTHS && gapHigh < 0; step++) {
    [low, gapLow] = [high, gapHigh];
    high *= GROWTH;
    gapHigh = gapAt(high);
  }
  for (let step = 0; step < MAX_GROWTHS && gapLow > 0; step++) {
    [high, gapHigh] = [low, gapLow];
    low /= GROWTH;
    gapLow = gapAt(low);
  }
  if (!(gapLow <= 0 && gapHigh >= 0 && high < Number.POSITIVE_INFINITY)) return null;
  const found = bracketedRoot(gapAt, low, gapLow, high, gapHigh);
  return sidesAt(nearerEnd(found)) ?? sidesAt(found.above);
}
