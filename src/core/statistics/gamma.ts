import { requireAboveZero, requireAtLeastZero } from './require.ts';

const MAX_TERMS = 100_000;
const PRECISION = 1e-16;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Logarithm of the gamma function for `x` above 0: Stirling's series (de Moivre and Stirling, 1730) where eight terms
 * are exact to a double, reached from below by the recurrence Gamma(x + 1) = x Gamma(x).
 *
 * @throws InvalidInputError when `x` is not above 0
 */
export function logGamma(x: number): number {
  requireAboveZero('x', x);
  let shifted = x;
  let product = 1;
  while (shifted < 12) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  const series =
    (1 / 12 -
      inverse *
        (1 / 360 -
          inverse *
            (1 / 1260 -
              inverse * (1 / 1680 - inverse * (1 / 1188 - inverse * (691 / 360360 - inverse / 156)))))) /
    shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series - Math.log(product);
}

/**
 * Upper tail of the gamma distribution with `shape` and scale 1: the regularised incomplete gamma function Q, by its
 * power series left of the mean and its continued fraction (Abramowitz and Stegun, 1964, 6.5.29 and 6.5.31) right of it.
 *
 * @throws InvalidInputError when `shape` is not above 0 or `x` is below 0
 */
export function gammaUpperTail(shape: number, x: number): number {
  requireAboveZero('shape', shape);
  requireAtLeastZero('x', x);
  if (x === 0) return 1;
  const weight = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - weight * lowerSeries(shape, x) : weight * upperFraction(shape, x);
}

/** Probability that a chi-square variable with `degrees` of freedom exceeds `x`. */
export function chiSquareUpperTail(degrees: number, x: number): number {
  return gammaUpperTail(degrees / 2, x / 2);
}

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; n < MAX_TERMS && term > sum * PRECISION; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

/** Lentz's method (1976) for the continued fraction of the upper tail. */
function upperFraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let result = d;
  for (let n = 1; n < MAX_TERMS; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / (a * d + b || tiny);
    c = b + a / c || tiny;
    const factor = c * d;
    result *= factor;
    if (Math.abs(factor - 1) < PRECISION * 4) break;
  }
  return result;
}
