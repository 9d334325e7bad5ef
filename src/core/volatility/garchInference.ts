import { invertPositiveDefinite, type Matrix, multiply, transpose } from '../statistics/matrix.ts';
import { type LikelihoodSeries, likelihoodOf, PARAMETER_ORDER } from './garchLikelihood.ts';
import type { GarchModel, GarchParameters } from './garchModel.ts';
import { scoreMoments } from './garchScores.ts';
import { parameterUnits } from './garchUnits.ts';

const SIZE = PARAMETER_ORDER.length;
/** About the cube root of a double's precision: balances truncation against rounding in a central difference. */
const STEP = 1e-5;
/** The EGARCH likelihood has a kink in mu at every return; the step has to span many of them to see their curvature. */
const KINKED_STEP = 0.02;

/** Standard errors of the fitted parameters. */
export interface StandardErrors {
  /** From the inverse of the Hessian: valid where shocks are normal. */
  readonly hessian: Partial<GarchParameters>;
  /** From the sandwich of Hessian and scores, valid for other shocks too (T. Bollerslev and J. Wooldridge, 1992). */
  readonly robust: Partial<GarchParameters>;
  /** What the robust ones are the roots of the diagonal of: the fitted parameters in the order mu, omega, alpha, beta, gamma. */
  readonly robustCovariance: Matrix;
}

/**
 * Standard errors at a maximum of the likelihood, for returns `scale` times as large as those of the series. The Hessian
 * is the central difference of the analytic gradient.
 *
 * @param free positions in `PARAMETER_ORDER` that were fitted
 * @returns undefined when the Hessian is not positive definite: at a bound, or where a parameter is not identified
 */
export function standardErrorsAt(
  theta: Float64Array,
  free: readonly number[],
  model: GarchModel,
  series: LikelihoodSeries,
  scale: number,
): StandardErrors | undefined {
  const inverse = invertPositiveDefinite(hessian(model, series, theta, free));
  if (inverse === undefined) return undefined;
  const { outerProduct } = scoreMoments(model, series, theta);
  const scores = free.map((i) => free.map((j) => outerProduct[i * SIZE + j]!));
  const toUnits = parameterUnits(free, model, scale);
  const inUnits = (covariance: Matrix) => multiply(multiply(toUnits, covariance), transpose(toUnits));
  const errors = (covariance: Matrix) =>
    Object.fromEntries(free.map((i, at) => [PARAMETER_ORDER[i]!, Math.sqrt(covariance[at]![at]!)]));
  const robustCovariance = inUnits(multiply(multiply(inverse, scores), inverse));
  return { hessian: errors(inUnits(inverse)), robust: errors(robustCovariance), robustCovariance };
}

/** Second derivatives of the negative log-likelihood of the whole series. */
function hessian(
  model: GarchModel,
  series: LikelihoodSeries,
  theta: Float64Array,
  free: readonly number[],
): number[][] {
  const likelihood = likelihoodOf(model);
  const n = series.returns.length;
  const above = new Float64Array(SIZE);
  const below = new Float64Array(SIZE);
  const rows = free.map((i) => {
    const step =
      i === 0 ? (model === 'egarch' ? KINKED_STEP : STEP) : STEP * Math.max(Math.abs(theta[i]!), 1e-2);
    const moved = Float64Array.from(theta);
    moved[i] = theta[i]! + step;
    const valueAbove = likelihood(series, moved, above);
    moved[i] = theta[i]! - step;
    const valueBelow = likelihood(series, moved, below);
    const isDefined = Number.isFinite(valueAbove) && Number.isFinite(valueBelow);
    return free.map((j) => (isDefined ? (n * (above[j]! - below[j]!)) / (2 * step) : Number.NaN));
  });
  return rows.map((row, i) => row.map((value, j) => 0.5 * (value + rows[j]![i]!)));
}
