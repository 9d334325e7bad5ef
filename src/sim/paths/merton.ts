import type { JumpSizes } from '../../core/options/mertonJump.ts';
import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { RandomStream } from '../random.ts';
import type { GbmTerms } from './gbm.ts';
import { type PathGrid, type PricePath, pathOf } from './pricePath.ts';

/** Geometric Brownian motion with jumps besides. */
export interface MertonTerms extends GbmTerms {
  readonly jumps: JumpSizes;
}

/**
 * A path of jump diffusion, exact at every step (R. Merton, 1976). The expected jump is taken off the drift, so that the mean
 * of the price still grows with `drift`.
 *
 * @throws InvalidInputError when the price is not above 0, the volatility, the intensity or the spread of jumps below 0, or a
 * number is not finite
 */
export function mertonPath(grid: PathGrid, terms: MertonTerms, random: RandomStream): PricePath {
  const { startPrice, drift, volatility, jumps } = terms;
  const { intensity, meanLogJump, stdDevLogJump } = jumps;
  requireAboveZero('startPrice', startPrice);
  requireFinite('drift', drift);
  requireAtLeastZero('volatility', volatility);
  requireAtLeastZero('jumps.intensity', intensity);
  requireFinite('jumps.meanLogJump', meanLogJump);
  requireAtLeastZero('jumps.stdDevLogJump', stdDevLogJump);
  const years = grid.stepSeconds / SECONDS_PER_YEAR;
  const meanJump = Math.expm1(meanLogJump + 0.5 * stdDevLogJump ** 2);
  const mean = (drift - intensity * meanJump - 0.5 * volatility ** 2) * years;
  const spread = volatility * Math.sqrt(years);
  return pathOf(grid, startPrice, () => {
    const diffusion = mean + spread * random.normal();
    const count = random.poisson(intensity * years);
    if (count === 0) return diffusion;
    return diffusion + count * meanLogJump + stdDevLogJump * Math.sqrt(count) * random.normal();
  });
}
