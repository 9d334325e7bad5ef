/** Bisection alone would separate any two doubles of one binary order in 53 steps; this many are never needed. */
const MAX_STEPS = 200;

/** Two neighbours between which a function changes its sign, or twice the place where it is 0. */
export interface Bracket {
  readonly below: number;
  readonly above: number;
  readonly valueBelow: number;
  readonly valueAbove: number;
}

/**
 * Closes in on the sign change of a function between `low` and `high`, to the last bits of a double: inverse quadratic
 * interpolation where that is safe, halving where it is not (T. Chandrupatla, 1997). An end may be infinite in value:
 * then the interval is halved until both are numbers.
 *
 * @param valueLow the function at `low`, of the other sign than `valueHigh`; the function may jump in between
 */
export function bracketedRoot(
  f: (x: number) => number,
  low: number,
  valueLow: number,
  high: number,
  valueHigh: number,
  relativeTolerance = 2e-16,
): Bracket {
  let [b, fb, a, fa] = [high, valueHigh, low, valueLow];
  if (fa === 0) return { below: a, above: a, valueBelow: 0, valueAbove: 0 };
  if (fb === 0) return { below: b, above: b, valueBelow: 0, valueAbove: 0 };
  let share = 0.5;
  for (let step = 0; step < MAX_STEPS; step++) {
    const x = a + share * (b - a);
    if (x === a || x === b) break;
    const fx = f(x);
    if (fx === 0) return { below: x, above: x, valueBelow: 0, valueAbove: 0 };
    let [c, fc] = [a, fa];
    if (fx > 0 === fa > 0) {
      [a, fa] = [x, fx];
    } else {
      [c, fc, b, fb, a, fa] = [b, fb, a, fa, x, fx];
    }
    const best = Math.abs(fa) < Math.abs(fb) ? a : b;
    const tolerance = relativeTolerance * Math.abs(best);
    const limit = tolerance / Math.abs(b - a);
    if (limit > 0.5) break;
    share = Math.min(Math.max(interpolated(a, fa, b, fb, c, fc), limit), 1 - limit);
  }
  return a < b
    ? { below: a, above: b, valueBelow: fa, valueAbove: fb }
    : { below: b, above: a, valueBelow: fb, valueAbove: fa };
}

/** The share of the way from `a` to `b` at which the parabola through all three crosses 0; one half where it is no use. */
function interpolated(a: number, fa: number, b: number, fb: number, c: number, fc: number): number {
  if (!(Number.isFinite(fa) && Number.isFinite(fb) && Number.isFinite(fc))) return 0.5;
  const xi = (a - b) / (c - b);
  const phi = (fa - fb) / (fc - fb);
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  return (fa / (fb - fa)) * (fc / (fb - fc)) + ((c - a) / (b - a)) * (fa / (fc - fa)) * (fb / (fc - fb));
}

/** The end of a bracket at which the function is nearer to 0. */
export function nearerEnd({ below, above, valueBelow, valueAbove }: Bracket): number {
  return Math.abs(valueBelow) <= Math.abs(valueAbove) ? below : above;
}
