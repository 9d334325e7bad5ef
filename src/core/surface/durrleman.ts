import type { SmilePoint } from './svi.ts';

/**
 * Durrleman's function g(k) (V. Durrleman, 2003; J. Gatheral and A. Jacquier, 2014, equation 2.1): the density that the
 * smile implies, up to a positive factor. A smile has no butterfly arbitrage when g is nowhere below 0 and its wings
 * grow slower than 2 |k| (R. Lee, 2004).
 */
export function durrlemanG(logMoneyness: number, { totalVariance, slope, curvature }: SmilePoint): number {
  const level = 1 - (logMoneyness * slope) / (2 * totalVariance);
  return level * level - 0.25 * slope * slope * (1 / totalVariance + 0.25) + 0.5 * curvature;
}
