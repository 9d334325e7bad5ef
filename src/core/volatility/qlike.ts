import { requireAboveZero } from '../statistics/require.ts';

/**
 * Loss of a variance forecast: realised / forecast - ln(realised / forecast) - 1, which is 0 for a perfect one and ranks
 * forecasts rightly even where the realised variance is a noisy measure (A. Patton, 2011).
 *
 * @throws InvalidInputError when either variance is not above 0
 */
export function qlike(realizedVariance: number, forecastVariance: number): number {
  requireAboveZero('realizedVariance', realizedVariance);
  requireAboveZero('forecastVariance', forecastVariance);
  const ratio = realizedVariance / forecastVariance;
  return ratio - Math.log(ratio) - 1;
}
