import { InvalidInputError } from '../../errors.ts';
import { normalQuantile } from '../../statistics/normalQuantile.ts';
import {
  requireAboveZero,
  requireAtLeastZero,
  requireFinite,
  requireInteger,
  requireSeries,
} from '../../statistics/require.ts';
import type { GarchState } from '../../volatility/forecast.ts';
import { nextVariance } from '../../volatility/garchFilter.ts';
import { requireSpecification } from '../../volatility/garchModel.ts';

/** Numbers strictly between 0 and 1, each independent of the others. */
export type UniformSource = () => number;

const MOST_STEPS = 1e9;

/** Standard normal shocks, one for each uniform number. */
export function normalShocks(uniform: UniformSource): () => number {
  return () => normalQuantile(uniform());
}

/**
 * Shocks drawn with replacement from those of the past, so that fat tails and skew come as they were.
 *
 * @throws InvalidInputError when there is none or one is not finite
 */
export function pastShocks(residuals: readonly number[], uniform: UniformSource): () => number {
  requireSeries('residuals', residuals, 1);
  return () => residuals[Math.min(Math.floor(uniform() * residuals.length), residuals.length - 1)]!;
}

/**
 * The next period's return as the past tells it: each past shock at today's variance (filtered historical simulation;
 * J. Hull and A. White, 1998). Equally likely outcomes for `valueAtRisk` and `expectedShortfall`.
 *
 * @param fit a `GarchFit`, or any model with its next variance and its past shocks
 */
export function filteredReturns(
  fit: GarchState & { readonly standardizedResiduals: readonly number[] },
): number[] {
  requireSpecification(fit);
  requireAboveZero('nextVariance', fit.nextVariance);
  requireSeries('standardizedResiduals', fit.standardizedResiduals, 1);
  const deviation = Math.sqrt(fit.nextVariance);
  return fit.standardizedResiduals.map((shock) => fit.parameters.mu + deviation * shock);
}

/**
 * Log returns over a horizon of several periods, one for each simulated path: the variance moves with each shock
 * (G. Barone-Adesi, K. Giannopoulos and L. Vosper, 1999, with `pastShocks`).
 *
 * @throws InvalidInputError when a count is no whole number above 0, or a variance leaves what a double can hold
 */
export function simulateReturns(
  state: GarchState,
  {
    horizon,
    paths,
    shock,
  }: { readonly horizon: number; readonly paths: number; readonly shock: () => number },
): number[] {
  requireSpecification(state);
  requireAboveZero('nextVariance', state.nextVariance);
  requireInteger('horizon', horizon, 1, MOST_STEPS);
  requireInteger('paths', paths, 1, MOST_STEPS / horizon);
  const { mu } = state.parameters;
  return Array.from({ length: paths }, () => {
    let variance = state.nextVariance;
    let total = 0;
    for (let period = 0; period < horizon; period++) {
      const residual = Math.sqrt(variance) * shock();
      total += mu + residual;
      variance = nextVariance(state, variance, residual);
    }
    if (!Number.isFinite(total))
      throw new InvalidInputError('horizon', horizon, 'one that an explosive variance survives');
    return total;
  });
}

/** A price that diffuses and jumps; per year. */
export interface JumpDiffusion {
  /** Expected growth rate of the price: its mean is exp(drift years). */
  readonly drift: number;
  /** Of the diffusion alone. */
  readonly volatility: number;
  readonly jumps: {
    readonly intensity: number;
    readonly meanLogJump: number;
    readonly stdDevLogJump: number;
  };
}

/**
 * Log returns over `years` of a jump diffusion (R. Merton, 1976), one for each path.
 *
 * @throws InvalidInputError when a number is outside its range, or more than 500 jumps are to be expected
 */
export function simulateJumpReturns(
  { drift, volatility, jumps }: JumpDiffusion,
  {
    years,
    paths,
    uniform,
  }: { readonly years: number; readonly paths: number; readonly uniform: UniformSource },
): number[] {
  requireFinite('drift', drift);
  requireAtLeastZero('volatility', volatility);
  requireAtLeastZero('jumps.intensity', jumps.intensity);
  requireFinite('jumps.meanLogJump', jumps.meanLogJump);
  requireAtLeastZero('jumps.stdDevLogJump', jumps.stdDevLogJump);
  requireAtLeastZero('years', years);
  requireInteger('paths', paths, 1, MOST_STEPS);
  const expected = jumps.intensity * years;
  if (expected > 500)
    throw new InvalidInputError('jumps.intensity', jumps.intensity, '500 jumps at most over the time');
  const meanJump = Math.expm1(jumps.meanLogJump + 0.5 * jumps.stdDevLogJump ** 2);
  const centre = (drift - jumps.intensity * meanJump - 0.5 * volatility ** 2) * years;
  return Array.from({ length: paths }, () => {
    const count = poisson(expected, uniform());
    // Diffusion and jumps are both normal given the count, so one draw stands for all of them.
    const deviation = Math.sqrt(volatility ** 2 * years + count * jumps.stdDevLogJump ** 2);
    return centre + count * jumps.meanLogJump + deviation * normalQuantile(uniform());
  });
}

/** The count that a uniform number stands for, by inverting the distribution from 0 up. */
function poisson(expected: number, uniform: number): number {
  let probability = Math.exp(-expected);
  let below = probability;
  let count = 0;
  const most = expected + 40 * Math.sqrt(expected) + 40;
  while (below < uniform && count < most) {
    count += 1;
    probability *= expected / count;
    below += probability;
  }
  return count;
}
