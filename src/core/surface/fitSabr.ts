import { InvalidInputError } from '../errors.ts';
import { levenbergMarquardt, type Residuals } from '../math/levenbergMarquardt.ts';
import { requireAboveZero } from '../statistics/require.ts';
import {
  normalisedWeights,
  requireObservations,
  rootMeanSquareError,
  type SmileObservation,
} from './points.ts';
import { haganVolatility, type SabrParameters } from './sabr.ts';

/** The smile of one expiry as observed; beta is chosen, not fitted, because alpha and rho can imitate it. */
export interface FitSabrInput {
  readonly observations: readonly SmileObservation[];
  readonly forward: number;
  readonly years: number;
  /** From 0 (normal) to 1 (lognormal, the default). */
  readonly beta?: number;
  readonly bounds?: {
    readonly alpha?: readonly [number, number];
    readonly rho?: readonly [number, number];
    readonly nu?: readonly [number, number];
  };
}

/** A fitted SABR smile. */
export interface SabrFit {
  readonly parameters: SabrParameters;
  /** Root of the weighted mean square error in volatility, 1.00 = 100 %. */
  readonly rootMeanSquareError: number;
  readonly converged: boolean;
}

const MAX_ITERATIONS = 200;
const START_CORRELATIONS = [-0.6, 0, 0.6];

/**
 * Fits alpha, rho and nu of the SABR model by weighted least squares in volatility, from starts whose alpha is the level
 * at the forward. The model is an expansion and can have arbitrage far out: see `checkSmile`.
 *
 * @throws InvalidInputError as `requireObservations` with three strikes, or when forward or years is not above 0 or beta
 * is not from 0 to 1
 */
export function fitSabr({ observations, forward, years, beta = 1, bounds = {} }: FitSabrInput): SabrFit {
  requireAboveZero('forward', forward);
  requireAboveZero('years', years);
  if (!(beta >= 0 && beta <= 1)) throw new InvalidInputError('beta', beta, 'a number from 0 to 1');
  requireObservations(observations, 3);
  const weights = normalisedWeights(observations);
  const nearest = observations.reduce((one, other) =>
    Math.abs(other.logMoneyness) < Math.abs(one.logMoneyness) ? other : one,
  );
  const level = nearest.volatility * forward ** (1 - beta);
  const parametersAt = ([alpha, rho, nu]: ArrayLike<number> & Iterable<number>): SabrParameters => ({
    alpha: alpha!,
    beta,
    rho: rho!,
    nu: nu!,
  });
  const residuals: Residuals = (point, out) => {
    const parameters = parametersAt(point);
    observations.forEach(({ logMoneyness, volatility }, i) => {
      out[i] = weights[i]! * (haganVolatility(parameters, forward, logMoneyness, years) - volatility);
    });
  };
  const box = [
    bounds.alpha ?? [level / 100, level * 10],
    bounds.rho ?? [-0.999, 0.999],
    bounds.nu ?? [0, 50],
  ];
  const nu = Math.min(1 / Math.sqrt(years), 5);
  const best = START_CORRELATIONS.map((rho) =>
    levenbergMarquardt(residuals, [level, rho, nu], {
      size: observations.length,
      lower: box.map(([from]) => from!),
      upper: box.map(([, to]) => to!),
      scale: [level, 1, 1],
      maxIterations: MAX_ITERATIONS,
    }),
  ).reduce((one, other) => (other.value < one.value ? other : one));
  const parameters = parametersAt(best.point);
  return {
    parameters,
    rootMeanSquareError: rootMeanSquareError(observations, (k) =>
      haganVolatility(parameters, forward, k, years),
    ),
    converged: best.converged,
  };
}
