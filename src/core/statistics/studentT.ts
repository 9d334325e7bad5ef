import { logGamma } from './gamma.ts';
import { requireAboveZero, requireBetween } from './require.ts';

const MAX_TERMS = 10_000;
const MAX_BISECTIONS = 2_000;

/**
 * Density of Student's t distribution ("Student", 1908) with `degrees` of freedom.
 *
 * @throws InvalidInputError when `degrees` is not above 0
 */
export function studentTPdf(x: number, degrees: number): number {
  requireAboveZero('degrees', degrees);
  const constant = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  return Math.exp(constant - ((degrees + 1) / 2) * Math.log1p((x * x) / degrees));
}

/**
 * Probability that a t variable with `degrees` of freedom is at most `x`; both tails without cancellation.
 *
 * @throws InvalidInputError when `degrees` is not above 0
 */
export function studentTCdf(x: number, degrees: number): number {
  requireAboveZero('degrees', degrees);
  if (x === 0) return 0.5;
  const square = x * x;
  const tail =
    0.5 * regularisedBeta(degrees / (degrees + square), square / (degrees + square), degrees / 2, 0.5);
  return x > 0 ? 1 - tail : tail;
}

/**
 * The value that a t variable stays below with `probability`, by bisection down to neighbouring doubles.
 *
 * @throws InvalidInputError when `probability` is not strictly between 0 and 1, or `degrees` is not above 0
 */
export function studentTQuantile(probability: number, degrees: number): number {
  requireBetween('probability', probability, 0, 1);
  requireAboveZero('degrees', degrees);
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -studentTQuantile(1 - probability, degrees);
  let low = -1;
  while (low > -1e300 && studentTCdf(low, degrees) > probability) low *= 2;
  let high = 0;
  for (let step = 0; step < MAX_BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentTCdf(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Regularised incomplete beta function I_x(a, b) with `complement` = 1 - x given, so that neither loses digits; the
 * continued fraction of Abramowitz and Stegun (1964) 26.5.8 on the side where it converges fast.
 */
function regularisedBeta(x: number, complement: number, a: number, b: number): number {
  const weight = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement),
  );
  return x < (a + 1) / (a + b + 2)
    ? (weight * betaFraction(x, a, b)) / a
    : 1 - (weight * betaFraction(complement, b, a)) / b;
}

/** Lentz's method (1976) for the continued fraction of the incomplete beta function. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let result = d;
  for (let m = 1; m < MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    const factor = d * c;
    result *= factor;
    if (Math.abs(factor - 1) < 4e-16) break;
  }
  return result;
}
