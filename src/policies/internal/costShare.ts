import type { HedgeCosts } from '../../core/hedge/hedgeCosts.ts';

/** What a first unit costs on either side on average, as a share of the price, for models that know no other cost. */
export function costShare({ sell, buy }: HedgeCosts, spot: number): number {
  return Math.max((sell.marginal(0) + buy.marginal(0)) / 2, 0) / spot;
}
