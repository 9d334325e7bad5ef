import { meanSquare } from '../statistics/moments.ts';
import type { GarchFit } from './fitGarch.ts';
import { forecastVolatility } from './forecast.ts';
import { garchVariances } from './garchFilter.ts';
import type { GarchParameters } from './garchModel.ts';
import { freeParameters } from './garchUnits.ts';

const NAMES = ['mu', 'omega', 'alpha', 'beta', 'gamma'] as const satisfies readonly (keyof GarchParameters)[];
/** Of a standard error: small against it, and large against the rounding of a filter over some thousand returns. */
const STEP = 1e-3;

/**
 * One standard error of the log of a fit's total variance over a horizon, from the covariance of its parameters (delta
 * method, valid where shocks are not normal): what is not known of the parameters, the model taken for granted.
 *
 * @param returns those that the model was fitted to
 * @returns undefined where the fit has no standard errors, or a step of theirs leaves the model's range
 */
export function logForecastStdError(
  fit: GarchFit,
  returns: readonly number[],
  horizon: number,
  mean: 'constant' | 'zero',
): number | undefined {
  const covariance = fit.robustCovariance;
  if (covariance === undefined) return undefined;
  const presampleVariance = meanSquare(returns.map((value) => value - fit.parameters.mu));
  const logVarianceAt = (parameters: GarchParameters) => {
    const specification = { model: fit.model, parameters };
    const { nextVariance } = garchVariances(returns, specification, { presampleVariance });
    return Math.log(forecastVolatility({ ...specification, nextVariance }, horizon).totalVariance);
  };
  try {
    const gradient = freeParameters(fit.model, mean === 'constant').map((position, at) => {
      const name = NAMES[position]!;
      const step = STEP * Math.sqrt(covariance[at]![at]!);
      const moved = (by: number) => logVarianceAt({ ...fit.parameters, [name]: fit.parameters[name] + by });
      return (moved(step) - moved(-step)) / (2 * step);
    });
    const variance = gradient.reduce(
      (sum, left, i) => sum + gradient.reduce((row, right, j) => row + left * covariance[i]![j]! * right, 0),
      0,
    );
    return variance >= 0 && Number.isFinite(variance) ? Math.sqrt(variance) : undefined;
  } catch {
    // A step out of the model's range: the error is not defined there.
    return undefined;
  }
}
