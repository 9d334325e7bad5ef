import { maxUsableTick, minUsableTick, sqrtPriceAtTick, tickAtSqrtPrice } from '../core/amm/tickMath.ts';
import { max, min, Q96 } from '../core/units.ts';
import type { DevnetPool, DevnetPoolName } from './pools.ts';
import { unitsOf } from './pools.ts';

/**
 * One layer of liquidity, centred on the start price. Layers lie over each other, so that what is active near the
 * start is the sum of them all.
 */
export interface LiquidityLayer {
  /** How far it reaches to either side, in ticks (about basis points of price); null = over the whole range. */
  readonly halfWidthTicks: number | null;
  /** Virtual base reserve that it adds: a sale of q base within it moves the average price by about q / depthBase. */
  readonly depthBase: number;
}

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

/** A range of ticks with liquidity in it, as the position manager takes it. */
export interface LiquidityRange {
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly liquidity: bigint;
}

/**
 * A shape as ranges of a pool around a price. Depth in basis points does not depend on the price it is built at: the
 * liquidity scales with its square root, L = depthBase x sqrt(price), so that the base reserves stay and the quote
 * reserves grow with the price.
 */
export function liquidityRanges(
  pool: DevnetPool,
  layers: readonly LiquidityLayer[],
  sqrtPriceX96: bigint,
): readonly LiquidityRange[] {
  const { baseIsToken0, baseDecimals } = unitsOf(pool);
  const nearest = (tick: number) => Math.round(tick / pool.tickSpacing) * pool.tickSpacing;
  const centre = tickAtSqrtPrice(sqrtPriceX96);
  return layers.map(({ halfWidthTicks, depthBase }) => {
    const depthRaw = BigInt(Math.round(depthBase)) * 10n ** BigInt(baseDecimals);
    return {
      tickLower: halfWidthTicks === null ? minUsableTick(pool.tickSpacing) : nearest(centre - halfWidthTicks),
      tickUpper: halfWidthTicks === null ? maxUsableTick(pool.tickSpacing) : nearest(centre + halfWidthTicks),
      liquidity: baseIsToken0 ? (depthRaw * sqrtPriceX96) / Q96 : (depthRaw * Q96) / sqrtPriceX96,
    };
  });
}

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
