import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireInteger } from '../statistics/require.ts';
import {
  type GarchSpecification,
  logShockExpectation,
  persistence,
  requireSpecification,
  unconditionalVariance,
} from './garchModel.ts';

const MAX_HORIZON = 100_000;

/** A model and the variance that it gives to the next return: a fit, or a specification with `garchVariances`. */
export interface GarchState extends GarchSpecification {
  readonly nextVariance: number;
}

/** Expected variances of the coming periods; entry k belongs to k + 1 periods ahead. */
export interface VolatilityForecast {
  /** Variance of each period on its own. */
  readonly variances: readonly number[];
  /** Its root, annualised with `periodsPerYear`. */
  readonly volatilities: readonly number[];
  /** Term structure: root of the average variance from now up to each horizon, annualised likewise. */
  readonly termVolatilities: readonly number[];
  /** Variance of the whole horizon's return: the sum of the variances. */
  readonly totalVariance: number;
  /** Where the volatilities tend to, annualised likewise; undefined when the persistence is 1 or more. */
  readonly longRunVolatility: number | undefined;
}

/**
 * Expected variance of each of the next `horizon` periods. For `garch` and `gjr` it closes in on the long-run level by
 * the persistence each period (R. Engle and T. Bollerslev, 1986); for `egarch` it is the exact expectation of h under
 * normal shocks, not the exponential of the expected ln h (D. Nelson, 1991).
 *
 * @param options.periodsPerYear annualises the volatilities; 1, the default, leaves them per period
 * @throws InvalidInputError when `horizon` is not a whole number from 1 to 100,000, or a number is outside its range
 */
export function forecastVolatility(
  state: GarchState,
  horizon: number,
  { periodsPerYear = 1 }: { readonly periodsPerYear?: number } = {},
): VolatilityForecast {
  requireSpecification(state);
  requireAboveZero('nextVariance', state.nextVariance);
  requireInteger('horizon', horizon, 1, MAX_HORIZON);
  requireAboveZero('periodsPerYear', periodsPerYear);
  const variances = state.model === 'egarch' ? egarchVariances(state, horizon) : gjrVariances(state, horizon);
  const last = variances.at(-1)!;
  if (!Number.isFinite(last)) {
    throw new InvalidInputError(
      'horizon',
      horizon,
      'a horizon at which an explosive variance is still finite',
    );
  }
  let total = 0;
  const termVolatilities = variances.map((variance, k) => {
    total += variance;
    return Math.sqrt((total / (k + 1)) * periodsPerYear);
  });
  const longRun = unconditionalVariance(state);
  return {
    variances,
    volatilities: variances.map((variance) => Math.sqrt(variance * periodsPerYear)),
    termVolatilities,
    totalVariance: total,
    longRunVolatility: longRun === undefined ? undefined : Math.sqrt(longRun * periodsPerYear),
  };
}

function gjrVariances(state: GarchState, horizon: number): number[] {
  const kept = persistence(state);
  const variances = [state.nextVariance];
  for (let k = 1; k < horizon; k++) variances.push(state.parameters.omega + kept * variances[k - 1]!);
  return variances;
}

/** ln E h after k more periods: beta^k ln h, omega's sum, and one expectation for each unknown shock on the way. */
function egarchVariances({ parameters, nextVariance }: GarchState, horizon: number): number[] {
  const logNext = Math.log(nextVariance);
  const variances = [nextVariance];
  let weight = 1;
  let drift = 0;
  for (let k = 1; k < horizon; k++) {
    drift += parameters.omega * weight + logShockExpectation(parameters, weight);
    weight *= parameters.beta;
    variances.push(Math.exp(weight * logNext + drift));
  }
  return variances;
}
