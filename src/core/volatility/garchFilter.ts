import { InvalidInputError } from '../errors.ts';
import { mean } from '../statistics/moments.ts';
import { requireAtLeastZero, requireSeries } from '../statistics/require.ts';
import { type GarchSpecification, MEAN_ABSOLUTE_SHOCK, requireSpecification } from './garchModel.ts';

/** Variances that a model gives to a series. */
export interface GarchVariances {
  /** One for each return, known before that return. */
  readonly variances: readonly number[];
  /** The variance of the return after the last. */
  readonly nextVariance: number;
}

/**
 * Runs a model over returns. Before the first return, e^2 and h are `presampleVariance`, by default the mean squared
 * residual (G. Fiorentini, G. Calzolari and L. Panattoni, 1996); half of that shock counts as a fall. For `egarch` the first
 * variance is the presample variance, since a shock before it has no sign.
 *
 * @throws InvalidInputError when a return is not finite, a parameter is outside its range (see `requireSpecification`)
 * or explosive on these returns, or the presample variance is below 0 (for `egarch`: not above 0)
 */
export function garchVariances(
  returns: readonly number[],
  specification: GarchSpecification,
  { presampleVariance }: { readonly presampleVariance?: number } = {},
): GarchVariances {
  requireSpecification(specification);
  requireSeries('returns', returns, 1);
  const { model, parameters } = specification;
  const { mu, omega, alpha, beta, gamma } = parameters;
  const residuals = returns.map((value) => value - mu);
  const presample = presampleVariance ?? mean(residuals.map((residual) => residual * residual));
  requireAtLeastZero('presampleVariance', presample);
  let variance = model === 'egarch' ? presample : omega + (alpha + 0.5 * gamma + beta) * presample;
  const variances: number[] = [];
  for (const residual of residuals) {
    variances.push(variance);
    variance = nextVariance(specification, variance, residual);
  }
  if (!(variance > 0 && Number.isFinite(variance)) && presample > 0) {
    throw new InvalidInputError(
      'parameters',
      `explosive: variance ${variance}`,
      'a model that stays finite on these returns',
    );
  }
  return { variances, nextVariance: variance };
}

/** The variance of the next return after one with `residual` = return - mu, whose own variance was `variance`. */
export function nextVariance(
  { model, parameters: { omega, alpha, beta, gamma } }: GarchSpecification,
  variance: number,
  residual: number,
): number {
  if (model !== 'egarch') {
    return omega + (residual < 0 ? alpha + gamma : alpha) * residual * residual + beta * variance;
  }
  const shock = residual / Math.sqrt(variance);
  const answer = gamma * shock + alpha * (Math.abs(shock) - MEAN_ABSOLUTE_SHOCK);
  return Math.exp(omega + beta * Math.log(variance) + answer);
}
