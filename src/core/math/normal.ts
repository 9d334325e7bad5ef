/**
 * The standard normal distribution to about machine precision, far tails included.
 *
 * Rational Chebyshev approximations of W. J. Cody, "Rational Chebyshev approximations for the error function", Math.
 * Comp. 23 (1969), in the arrangement for the normal integral of Cody, "Algorithm 715: SPECFUN", ACM TOMS 19 (1993),
 * function ANORM. The exponent is split into a part that is exact in binary and a small rest: computed in one piece, its
 * rounding alone would cost three digits at x = 37.
 */
const ONE_OVER_SQRT_TWO_PI = 0.3989422804014327;
/** Where the lower tail holds a quarter: up to here the central approximation is the accurate one. */
const CENTRAL_LIMIT = 0.67448975;
/** sqrt(32): beyond it the asymptotic form is used. */
const MIDDLE_LIMIT = 5.656854249492381;

/** Numerator and denominator coefficients, from the highest power down; denominators are monic. */
const CENTRAL_NUMERATOR = [
  0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
] as const;
const CENTRAL_DENOMINATOR = [
  1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673,
] as const;
const MIDDLE_NUMERATOR = [
  1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
  2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
] as const;
const MIDDLE_DENOMINATOR = [
  1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
] as const;
const TAIL_NUMERATOR = [
  0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  2.9112874951168793e-5,
] as const;
const TAIL_DENOMINATOR = [
  1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824, 7.297515550839662e-5,
] as const;

/** Horner's rule, highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i++) sum = sum * x + coefficients[i]!;
  return sum;
}

/** exp(-x^2 / 2) without losing the digits that squaring x rounds away. */
function halfSquareExponential(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (x - coarse) * (x + coarse));
}

/** The part of the distribution beyond `distance` > 0.674. */
function upperTail(distance: number): number {
  if (distance > 40) return 0;
  if (distance <= MIDDLE_LIMIT) {
    const ratio = polynomial(MIDDLE_NUMERATOR, distance) / polynomial(MIDDLE_DENOMINATOR, distance);
    return halfSquareExponential(distance) * ratio;
  }
  const inverseSquare = 1 / (distance * distance);
  const ratio = polynomial(TAIL_NUMERATOR, inverseSquare) / polynomial(TAIL_DENOMINATOR, inverseSquare);
  return (halfSquareExponential(distance) * (ONE_OVER_SQRT_TWO_PI - inverseSquare * ratio)) / distance;
}

/**
 * Density of the standard normal distribution, relative error about 3e-16.
 *
 * @returns 0 beyond |x| = 40, where the true value is below every normal double; NaN for NaN
 */
export function normalPdf(x: number): number {
  const distance = Math.abs(x);
  if (distance > 40) return 0;
  return ONE_OVER_SQRT_TWO_PI * halfSquareExponential(distance);
}

/**
 * Probability that a standard normal variable is at most `x`, relative error below 1e-15 for x > -37.5 (further out
 * doubles themselves run out). `normalCdf(-x)` is the complement without cancellation: use it, not `1 - normalCdf(x)`.
 */
export function normalCdf(x: number): number {
  const distance = Math.abs(x);
  if (distance <= CENTRAL_LIMIT) {
    const square = x * x;
    return 0.5 + (x * polynomial(CENTRAL_NUMERATOR, square)) / polynomial(CENTRAL_DENOMINATOR, square);
  }
  const tail = upperTail(distance);
  return x > 0 ? 1 - tail : tail;
}
