const HALF_LN_TWO_PI = 0.9189385332046727;
const HALF_PI = 1.5707963267948966;
const TWO_OVER_PI = 0.6366197723675814;
const ONE_LESS_TWO_OVER_PI = 0.3633802276324187;

/** Where the fitted guess holds: moneyness against price, standard deviation, and distance. */
const MIN_ETA = 0.28;
const MAX_DEVIATION = 1.6;
const MAX_DISTANCE = 1.3;
/** Price as a share of its bound below which, far from the forward, the tail's own expansion is better. */
const TAIL = 0.02;
/** Log-moneyness beyond which the second term of the price is nothing to a first guess. */
const FAR = 30;

/**
 * A first guess of the standard deviation of an out-of-the-money option: within 1e-4 where options mostly are, within a
 * third everywhere, so that one to three steps of a high-order method finish it.
 *
 * @param distance |ln(forward / strike)|
 * @param price undiscounted, above 0
 * @param bound what no price reaches: the smaller of forward and strike
 * @param rest 1 - price / bound, given apart because near a ratio of 1 it has the digits
 */
export function guessDeviation(distance: number, price: number, bound: number, rest: number): number {
  const share = price / bound;
  if (distance <= MAX_DISTANCE) {
    const fitted = fittedGuess(distance, share);
    if (fitted > 0) return fitted;
  }
  if (share < TAIL * Math.min(distance, 1)) return tailGuess(distance, logRatio(price, bound));
  if (distance > FAR) {
    const z = Math.sqrt(Math.max(-HALF_PI * Math.log(4 * share * rest), 0));
    return deviationOf(share < 0.5 ? -z : z, distance);
  }
  return closedGuess(distance, share, rest);
}

/**
 * The inversion of L. Bachelier's price (1900) in the variable of J. Choi, K. Kim and M. Kwak, "Numerical approximation
 * of the implied volatility under arithmetic Brownian motion" (2009): eta of straddle and moneyness, with a polynomial of
 * our own. Black's price over sqrt(forward strike) is Bachelier's times an even function of the standard deviation, whose
 * inverse is the second polynomial, fitted to 7e-5.
 *
 * @returns 0 outside the range of the fit
 */
function fittedGuess(distance: number, share: number): number {
  const price = share * Math.exp(-0.5 * distance);
  const x = distance / price;
  const eta = x > 1e-4 ? (2 * x) / ((x + 2) * Math.log(1 + x)) : 1;
  if (!(eta > MIN_ETA)) return 0;
  const shape =
    0.514542343 +
    eta *
      (0.801444974 +
        eta *
          (0.553620442 + eta * (-1.74627648 + eta * (2.02062125 + eta * (-1.16241516 + eta * 0.271784111)))));
  const normal = (distance + 2 * price) * Math.sqrt(eta) * shape;
  if (normal > MAX_DEVIATION) return 0;
  const w = normal * normal;
  const first =
    0.0002507635 + eta * (0.04318078 + eta * (0.0241645 + eta * (-0.07104861 + eta * 0.04538641)));
  const second = 0.0004435328 + eta * (-0.1012619 + eta * (0.3566786 + eta * (-0.4099157 + eta * 0.1570725)));
  const third = 0.08926695 + eta * (-0.3982236 + eta * (0.6625158 + eta * (-0.4864855 + eta * 0.1336851)));
  return normal * (1 + w * (first + w * (second + w * third)));
}

/** The standard deviation s with d1 = z: z = -a / s + s / 2, solved without cancellation. */
function deviationOf(z: number, distance: number): number {
  const root = Math.sqrt(z * z + 2 * distance);
  return z < 0 ? (2 * distance) / (root - z) : root + z;
}

/**
 * The explicit inversion of D. Stefanica and R. Radoicic, "An explicit implied volatility formula" (2017), theorem 3:
 * exact if the normal distribution were G. Polya's, Phi(z) = (1 + sqrt(1 - exp(-2 z^2 / pi))) / 2; here with its factors
 * multiplied out so that none cancels.
 */
function closedGuess(distance: number, share: number, rest: number): number {
  const e1 = Math.exp(-ONE_LESS_TWO_OVER_PI * distance);
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

/** ln(a / b), also where the quotient underflows. */
export function logRatio(a: number, b: number): number {
  const ratio = a / b;
  return ratio > 1e-300 && ratio < 1e300 ? Math.log(ratio) : Math.log(a) - Math.log(b);
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
