import { requireAboveZero, requireAtLeastZero, requireFinite } from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { RandomStream } from '../random.ts';
import { type PathGrid, type PricePath, pathOf } from './pricePath.ts';

/** Geometric Brownian motion; per year. */
export interface GbmTerms {
  readonly startPrice: number;
  readonly drift: number;
  readonly volatility: number;
}

/**
 * A path of geometric Brownian motion, exact at every step (M. Osborne, 1959; P. Samuelson, 1965): the mean of the price
 * grows with `drift`.
 *
 * @throws InvalidInputError when the price is not above 0, the volatility below 0, or a number is not finite
 */
export function gbmPath(grid: PathGrid, terms: GbmTerms, random: RandomStream): PricePath {
  const { startPrice, drift, volatility } = terms;
  requireAboveZero('startPrice', startPrice);
  requireFinite('drift', drift);
  requireAtLeastZero('volatility', volatility);
  const years = grid.stepSeconds / SECONDS_PER_YEAR;
  const mean = (drift - 0.5 * volatility ** 2) * years;
  const spread = volatility * Math.sqrt(years);
  return pathOf(grid, startPrice, () => mean + spread * random.normal());
}
