import type { LiquidityLayer, LiquidityRange } from '../../core/amm/liquidityLayers.ts';
import { sqrtPriceAtTick } from '../../core/amm/tickMath.ts';
import { max, min, Q96 } from '../../core/units.ts';
import type { DevnetPoolName } from './pools.ts';

/**
 * The devnet's own liquidity, fitted to the depth of the real pools on 30 January 2026: what selling 10, 100 and 1,000
 * WETH cost in basis points, fee included (0.05 % pool 6.7, 22.4, 388; 0.3 % pool 34.4, 74.1, 497; USDT pool 31.0, 40.3,
 * 142). It departs from them on purpose where they have almost nothing left (5,000 WETH take the 0.3 % pool to 1.5 % of
 * its price): the two wide layers keep a market at 40 % and more from the start.
 */
export const liquidityShapes: Readonly<Partial<Record<DevnetPoolName, readonly LiquidityLayer[]>>> = {
  usdcWeth500: [
    { halfWidthTicks: 40, depthBase: 37_500 },
    { halfWidthTicks: 7_000, depthBase: 13_500 },
    { halfWidthTicks: null, depthBase: 6_500 },
  ],
  usdcWeth3000: [
    { halfWidthTicks: 300, depthBase: 2_900 },
    { halfWidthTicks: 7_000, depthBase: 13_500 },
    { halfWidthTicks: null, depthBase: 6_000 },
  ],
  wethUsdt3000: [
    { halfWidthTicks: 180, depthBase: 21_000 },
    { halfWidthTicks: 420, depthBase: 42_000 },
    { halfWidthTicks: 7_000, depthBase: 22_000 },
    { halfWidthTicks: null, depthBase: 12_000 },
  ],
};

/** What a range needs of both tokens at a price, rounded up (Uniswap v3 Core whitepaper, 2021, section 6.2). */
export function amountsOfRange(
  { tickLower, tickUpper, liquidity }: LiquidityRange,
  sqrtPriceX96: bigint,
): { readonly amount0Raw: bigint; readonly amount1Raw: bigint } {
  const lower = sqrtPriceAtTick(tickLower);
  const upper = sqrtPriceAtTick(tickUpper);
  const price = max(lower, min(upper, sqrtPriceX96));
  return {
    amount0Raw: (liquidity * Q96 * (upper - price)) / (upper * price) + 1n,
    amount1Raw: (liquidity * (price - lower)) / Q96 + 1n,
  };
}
