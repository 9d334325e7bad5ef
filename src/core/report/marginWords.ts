import type { MarginStanding } from '../risk/marginStanding.ts';
import { fixed, signed } from './format.ts';
import { quote } from './numbers.ts';

/** `health factor 1.31; liquidated below 2,431.20 USDC a WETH (−19.0 %)`, as only the price of base moves. */
export function marginWords(
  { healthFactor, liquidation }: MarginStanding,
  units: { readonly base: string; readonly quote: string },
): string {
  const health = `health factor ${fixed(healthFactor, 2)}`;
  if (liquidation === null) {
    const fate = healthFactor < 1 ? 'liquidated at any price' : 'not liquidated at any price';
    return `${health}; ${fate} of ${units.base} alone`;
  }
  const { price, priceChange, when } = liquidation;
  const change = `${signed(priceChange * 100, 1)} %`;
  if (price === null) return `${health}; liquidated as ${units.base} moves by ${change}`;
  return `${health}; liquidated ${when} ${quote(price)} ${units.quote} a ${units.base} (${change})`;
}
