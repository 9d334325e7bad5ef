/** 1 - 2 / pi, from G. Polya's approximation of the normal distribution, Phi(z) = (1 + sqrt(1 - exp(-2 z^2 / pi))) / 2. */
const POLYA_REST = 0.3633802276324187;
const TWO_OVER_PI = 0.6366197723675814;
const HALF_PI = 1.5707963267948966;
const HALF_LN_TWO_PI = 0.9189385332046727;
/** Below this, a share of the strike is so small that prices are homogeneous in it (the limit of L. Bachelier, 1900). */
const SMALL = 1e-3;
/** Time value, as a share of what it is with the forward at the strike, below which the tail's own expansion is better. */
const TAIL = 0.02;
/** Log-moneyness beyond which the second term of the price is nothing to a first guess. */
const FAR = 30;

/**
 * A first guess of the standard deviation of an out-of-the-money option, right to some percent everywhere, so that a
 * few steps of a high-order method finish it.
 *
 * @param distance |ln(forward / strike)|
 * @param share price over its upper bound (the smaller of forward and strike), above 0 and below 1
 * @param rest 1 - share, given apart because near 1 it has the digits
 * @param logShare ln(share), given apart because it exists where the share has underflowed
 */
export function guessDeviation(distance: number, share: number, rest: number, logShare: number): number {
  if (share < TAIL * Math.min(distance, 1)) return tailGuess(distance, logShare);
  if (distance > FAR) {
    const z = Math.sqrt(Math.max(-HALF_PI * Math.log(4 * share * rest), 0));
    return deviationOf(share < 0.5 ? -z : z, distance);
  }
  const size = distance > share ? distance : share;
  if (size >= SMALL) return closedGuess(distance, share, rest);
  const scale = SMALL / size;
  return closedGuess(distance * scale, share * scale, 1 - share * scale) / scale;
}

/** The standard deviation s with d1 = z: z = -a / s + s / 2, solved without cancellation. */
function deviationOf(z: number, distance: number): number {
  const root = Math.sqrt(z * z + 2 * distance);
  return z < 0 ? (2 * distance) / (root - z) : root + z;
}

/**
 * The explicit inversion of D. Stefanica and R. Radoicic, "An explicit implied volatility formula" (2017), theorem 3:
 * exact if the normal distribution were Polya's; here with its factors multiplied out so that none cancels.
 */
function closedGuess(distance: number, share: number, rest: number): number {
  const e1 = Math.exp(-POLYA_REST * distance);
  const e2 = Math.exp(-TWO_OVER_PI * distance);
  const moneyness = e1 * e2;
  const alpha = share * moneyness;
  const beyond = 1 - moneyness;
  const r = 2 * alpha + beyond;
  const gap = 1 / e1 - e1;
  const a = gap * gap;
  const b = 4 * (e2 + 1 / e2) - (2 / moneyness) * (e1 + 1 / e1) * (moneyness * moneyness + 1 - r * r);
  const c = (16 * alpha * (alpha + beyond) * rest * (1 + alpha)) / moneyness;
  const beta = (2 * c) / (b + Math.sqrt(b * b + 4 * a * c));
  const square = -HALF_PI * Math.log(beta) - distance;
  const z = square > 0 ? Math.sqrt(square) : 0;
  const inflection = 0.5 - (0.5 - 0.5 * Math.sqrt(1 - e2 * e2)) / moneyness;
  return deviationOf(share < inflection ? -z : z, distance);
}

/**
 * Far in the tail ln(share) = -z^2 / 2 - ln sqrt(2 pi) + ln(M(z) - M(w)), with z = -d1, w = -d2 and M the Mills ratio:
 * a fixed point for z in which the logarithm hardly moves.
 */
function tailGuess(distance: number, logShare: number): number {
  const level = -2 * (logShare + HALF_LN_TWO_PI);
  let square = level + 2 * Math.log(Math.min(distance, 1)) + 2 * HALF_LN_TWO_PI;
  for (let i = 0; i < 3; i++) {
    const z = Math.sqrt(Math.max(square, 1));
    const w = Math.sqrt(z * z + 2 * distance);
    square = level + 2 * Math.log((2 * distance) / ((w + z) * (z * w + 2)));
  }
  return deviationOf(-Math.sqrt(Math.max(square, 1)), distance);
}
