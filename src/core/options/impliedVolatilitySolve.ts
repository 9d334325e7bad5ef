import { millsRatio } from '../math/millsRatio.ts';
import { guessDeviation, logRatio } from './impliedVolatilityGuess.ts';

const HALF_LN_TWO_PI = 0.9189385332046727;
const SQRT_TWO_PI = 2.5066282746310002;
/** Shares below this may have lost digits or vanished, and are compared by the logarithms of price and bound. */
const TINY = 1e-300;
/** Steps are of fourth order: after one this small (as a share of the result) what is left is below rounding. */
const LAST_STEP = 2e-4;
/** Two or three steps are the rule; the bound is there for what nobody has thought of. */
const MAX_STEPS = 32;
/** Half a standard deviation and half the distance below which the difference of Mills ratios is taken as a series. */
const SERIES_HALF_DEVIATION = 0.02;
const SERIES_DISTANCE = 1;
/** d1 of an at-the-forward option worth half its bound; further out of the money d1 is smaller at that price. */
const HALF_PRICE_D1 = 0.6744897501960817;

/**
 * The standard deviation s (volatility times root of time) at which an out-of-the-money option has its price: with
 * share = price / bound, share = Phi(d1) - e^distance Phi(d2), d1 = -distance / s + s / 2.
 *
 * Householder's method of third order on ln(share) up to one half and on ln(1 - share) above (the objectives and the
 * order are those of P. Jaeckel, "Let's Be Rational", 2015, with logarithms on both sides), kept inside a bracket.
 *
 * @param distance |ln(forward / strike)|
 * @param price undiscounted, above 0
 * @param headroom bound - price, above 0, given apart because near the bound it has the digits
 * @param bound what no price reaches: the smaller of forward and strike
 */
export function solveDeviation(distance: number, price: number, headroom: number, bound: number): number {
  const share = price / bound;
  const rest = headroom / bound;
  const isLower = share <= 0.5;
  const isTiny = share < TINY;
  const goal = isTiny ? 1 : isLower ? share : rest;
  const offset = HALF_LN_TWO_PI + (isTiny ? logRatio(price, bound) : 0);
  const inflection = Math.sqrt(2 * distance);
  let low = isLower ? 0 : inflection;
  let high = isLower
    ? HALF_PRICE_D1 + Math.sqrt(HALF_PRICE_D1 * HALF_PRICE_D1 + 2 * distance)
    : Number.POSITIVE_INFINITY;
  let s = guessDeviation(distance, price, bound, rest);
  if (!(s > low)) s = isLower ? high / 2 : low + 0.1;
  if (s > high) s = high;

  for (let i = 0; i < MAX_STEPS; i++) {
    const h = distance / s;
    const d1 = 0.5 * s - h;
    const ratio = isLower ? timeValueRatio(distance, s) : millsRatio(d1) + millsRatio(h + 0.5 * s);
    const error = Math.log(ratio / goal) - 0.5 * d1 * d1 - offset;
    if (error > 0 === isLower) high = s;
    else low = s;
    const slope = (isLower ? 1 : -1) / ratio;
    const p = (h * h) / s - 0.25 * s;
    const pSlope = (-3 * h * h) / (s * s) - 0.25;
    const newton = -error / slope;
    const second = p - slope;
    const third = p * p + pSlope - 3 * p * slope + 2 * slope * slope;
    const step = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (third * newton) / 6));
    const next = s + step;
    if (next > low && next < high) {
      s = next;
      if (Math.abs(step) <= LAST_STEP * s) return s;
    } else if (Math.abs(newton) <= 1e-14 * s) {
      return s;
    } else {
      s = high === Number.POSITIVE_INFINITY ? 2 * s : 0.5 * (low + high);
    }
  }
  return s;
}

/**
 * Price over its derivative by the standard deviation, both as shares: (Phi(d1) - e^distance Phi(d2)) / phi(d1), the
 * difference of two Mills ratios. Where they nearly agree it is their odd Taylor series about the middle, with the
 * derivatives from M'' = M + h M' and so on.
 */
function timeValueRatio(distance: number, s: number): number {
  const t = 0.5 * s;
  const h = distance / s;
  if (t < SERIES_HALF_DEVIATION && distance < SERIES_DISTANCE) {
    const value = millsRatio(h);
    const first = 1 - h * value;
    const second = value - h * first;
    const third = 2 * first - h * second;
    const fourth = 3 * second - h * third;
    const fifth = 4 * third - h * fourth;
    const sixth = 5 * fourth - h * fifth;
    const seventh = 6 * fifth - h * sixth;
    const square = t * t;
    return s * (first + (square / 6) * (third + (square / 20) * (fifth + (square / 42) * seventh)));
  }
  const d1 = t - h;
  if (d1 <= 0) return millsRatio(-d1) - millsRatio(h + t);
  return SQRT_TWO_PI * Math.exp(0.5 * d1 * d1) - millsRatio(d1) - millsRatio(h + t);
}
