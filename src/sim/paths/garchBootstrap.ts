import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero } from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import { garchVariances, nextVariance } from '../../core/volatility/garchFilter.ts';
import { type GarchSpecification, persistence } from '../../core/volatility/garchModel.ts';
import type { RandomStream } from '../random.ts';
import { type PathGrid, type PricePath, pathOf } from './pricePath.ts';

/** Fewer recorded returns than this say too little about tails. */
const LEAST_RETURNS = 100;

/** What a filtered bootstrap is made of. */
export interface GarchBootstrapTerms {
  readonly startPrice: number;
  /** Recorded log returns, each over one step of the grid. */
  readonly returns: readonly number[];
  /** Fitted on those returns; must return to a level. */
  readonly specification: GarchSpecification;
}

/**
 * A path whose variance follows a GARCH model and whose shocks are drawn, with replacement, from those that the model
 * leaves over in the recorded returns (G. Barone-Adesi, K. Giannopoulos and L. Vosper, 1999): clusters from the model, tails and skew
 * from the data. It starts at the variance that follows the last recorded return.
 *
 * @returns the path and its annualised volatility, the one known before each step
 * @throws InvalidInputError when there are fewer than 100 returns, one is not finite, the model is explosive, or the price is not above 0
 */
export function garchBootstrapPath(
  grid: PathGrid,
  { startPrice, returns, specification }: GarchBootstrapTerms,
  random: RandomStream,
): { readonly path: PricePath; readonly volatility: Float64Array } {
  requireAboveZero('startPrice', startPrice);
  if (returns.length < LEAST_RETURNS) {
    throw new InvalidInputError('returns', `${returns.length} returns`, `at least ${LEAST_RETURNS}`);
  }
  if (!(persistence(specification) < 1)) {
    throw new InvalidInputError('specification', 'an explosive model', 'a persistence below 1');
  }
  const { mu } = specification.parameters;
  const filtered = garchVariances(returns, specification);
  const shocks = standardised(
    returns.map((value, index) => (value - mu) / Math.sqrt(filtered.variances[index]!)),
  );
  const yearly = SECONDS_PER_YEAR / grid.stepSeconds;
  const volatility = new Float64Array(grid.steps + 1);
  let variance = filtered.nextVariance;
  volatility[0] = Math.sqrt(variance * yearly);
  const path = pathOf(grid, startPrice, (step) => {
    const residual = Math.sqrt(variance) * shocks[random.index(shocks.length)]!;
    variance = nextVariance(specification, variance, residual);
    volatility[step] = Math.sqrt(variance * yearly);
    return mu + residual;
  });
  return { path, volatility };
}

/** Moved and scaled to mean 0 and variance 1, so that the model's own variance is what comes out. */
function standardised(shocks: readonly number[]): readonly number[] {
  const mean = shocks.reduce((sum, shock) => sum + shock, 0) / shocks.length;
  const variance = shocks.reduce((sum, shock) => sum + (shock - mean) ** 2, 0) / shocks.length;
  return shocks.map((shock) => (shock - mean) / Math.sqrt(variance));
}
