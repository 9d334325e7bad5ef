import { InvalidInputError } from '../errors.ts';
import { levenbergMarquardt, type Residuals } from '../math/levenbergMarquardt.ts';
import { requireAboveZero } from '../statistics/require.ts';
import type { SurfaceObservations } from './fitSurface.ts';
import { normalisedWeights, requireObservations } from './points.ts';
import { powerLawCurvature, type SsviParameters, ssviTotalVariance } from './ssvi.ts';
import { type VolatilitySurface, volatilitySurface } from './surface.ts';

/** A fitted SSVI surface: one correlation, one power law of curvature, one at-the-forward total variance per expiry. */
export interface SsviFit {
  readonly rho: number;
  /** phi(theta) = eta theta^-gamma. */
  readonly eta: number;
  readonly gamma: number;
  /** At-the-forward total variances, in order of time and never falling. */
  readonly thetas: readonly number[];
  readonly surface: VolatilitySurface;
  /** Root of the weighted mean square error in volatility over all expiries. */
  readonly rootMeanSquareError: number;
  readonly converged: boolean;
}

const MAX_ITERATIONS = 200;
/** Share of the conditions' bounds that a fit may use, so that what is strict in them stays so. */
const SAFE = 0.999;

/**
 * Fits an SSVI surface with the power law to all expiries at once by weighted least squares in volatility, inside the
 * conditions that exclude arbitrage: theta never falls with time, 0 < gamma <= 1/2, and eta below the bounds of J.
 * Gatheral and A. Jacquier (2014), theorems 4.1 and 4.2 and section 4.2. One smile per surface is stiff: `fitSurface`
 * comes closer to a market, this one says more where there are few quotes.
 *
 * @throws InvalidInputError when there is no expiry, two are the same, years is not above 0, or as `requireObservations`
 * with one strike for each expiry and three in all
 */
export function fitSsvi(expiries: readonly SurfaceObservations[]): SsviFit {
  if (expiries.length === 0) throw new InvalidInputError('expiries.length', 0, 'at least one expiry');
  const ordered = [...expiries].sort((a, b) => a.years - b.years);
  for (const { years, observations } of ordered) {
    requireAboveZero('years', years);
    requireObservations(observations, 1);
  }
  const all = ordered.flatMap(({ years, observations }, slice) =>
    observations.map((observation) => ({ ...observation, years, slice })),
  );
  requireObservations(all, 3);
  const weights = normalisedWeights(all);
  const residuals: Residuals = (point, out) => {
    const slices = slicesAt(point);
    all.forEach(({ logMoneyness, volatility, years, slice }, i) => {
      const totalVariance = ssviTotalVariance(slices[slice]!, logMoneyness);
      out[i] = weights[i]! * (Math.sqrt(totalVariance / years) - volatility);
    });
  };
  const start = startOf(ordered);
  const last = start.slice(3).reduce((sum, step) => sum + step, 0);
  const best = levenbergMarquardt(residuals, start, {
    size: all.length,
    lower: [-0.99, 1e-3, 1e-3, 1e-8, ...start.slice(4).map(() => 0)],
    upper: [0.99, SAFE, 0.5, ...start.slice(3).map(() => 10 * last)],
    scale: [0.3, 0.3, 0.3, ...start.slice(3).map(() => last)],
    maxIterations: MAX_ITERATIONS,
  });
  const slices = slicesAt(best.point);
  const [rho, share, gamma] = best.point as unknown as [number, number, number];
  return {
    rho,
    eta: share * largestEta(slices.at(-1)!.theta, rho, gamma),
    gamma,
    thetas: slices.map(({ theta }) => theta),
    surface: volatilitySurface(
      slices.map((parameters, i) => ({ years: ordered[i]!.years, smile: { kind: 'ssvi', parameters } })),
    ),
    rootMeanSquareError: Math.sqrt((2 * best.value) / all.length),
    converged: best.converged,
  };
}

/**
 * The largest eta without arbitrage up to a total variance theta: theta phi (1 + |rho|) < 4 and theta phi^2 (1 + |rho|) <=
 * 4 both grow with theta for gamma up to one half, so that the longest expiry decides.
 */
function largestEta(theta: number, rho: number, gamma: number): number {
  const tilt = 1 + Math.abs(rho);
  return Math.min((4 / tilt) * theta ** (gamma - 1), (2 / Math.sqrt(tilt)) * theta ** (gamma - 0.5));
}

/** Coordinates: rho, eta as a share of its bound, gamma, then the first theta and its rises. */
function slicesAt(point: ArrayLike<number>): SsviParameters[] {
  const [rho, share, gamma] = [point[0]!, point[1]!, point[2]!];
  const thetas: number[] = [];
  for (let i = 3; i < point.length; i++) thetas.push((thetas.at(-1) ?? 0) + point[i]!);
  const eta = share * largestEta(thetas.at(-1)!, rho, gamma);
  return thetas.map((theta) => ({ theta, rho, phi: powerLawCurvature(theta, { eta, gamma }) }));
}

function startOf(expiries: readonly SurfaceObservations[]): number[] {
  let sum = 0;
  const rises = expiries.map(({ years, observations }) => {
    const nearest = observations.reduce((one, other) =>
      Math.abs(other.logMoneyness) < Math.abs(one.logMoneyness) ? other : one,
    );
    const theta = Math.max(nearest.volatility ** 2 * years, sum * 1.0001 + 1e-8);
    const rise = theta - sum;
    sum = theta;
    return rise;
  });
  return [-0.2, 0.3, 0.4, ...rises];
}
