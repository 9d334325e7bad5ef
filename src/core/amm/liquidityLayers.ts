import { Q96 } from '../units.ts';
import type { ConcentratedPool, TickLiquidity } from './pool.ts';
import { maxUsableTick, minUsableTick, tickAtSqrtPrice } from './tickMath.ts';

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

/** A range of ticks with liquidity in it, as a position manager takes it. */
export interface LiquidityRange {
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly liquidity: bigint;
}

/** What layers have to know of the pool that they are laid into. */
export interface LayeredPool {
  readonly tickSpacing: number;
  readonly baseIsToken0: boolean;
  readonly baseDecimals: number;
}

/**
 * Layers as ranges of a pool around a price. Depth in basis points does not depend on the price it is built at: the
 * liquidity scales with its square root, L = depthBase x sqrt(price), so that the base reserves stay and the quote
 * reserves grow with the price.
 */
export function liquidityRanges(
  { tickSpacing, baseIsToken0, baseDecimals }: LayeredPool,
  layers: readonly LiquidityLayer[],
  sqrtPriceX96: bigint,
): readonly LiquidityRange[] {
  const nearest = (tick: number) =>
    Math.min(
      Math.max(Math.round(tick / tickSpacing) * tickSpacing, minUsableTick(tickSpacing)),
      maxUsableTick(tickSpacing),
    );
  const centre = tickAtSqrtPrice(sqrtPriceX96);
  return layers.map(({ halfWidthTicks, depthBase }) => {
    const depthRaw = BigInt(Math.round(depthBase)) * 10n ** BigInt(baseDecimals);
    return {
      tickLower: halfWidthTicks === null ? minUsableTick(tickSpacing) : nearest(centre - halfWidthTicks),
      tickUpper: halfWidthTicks === null ? maxUsableTick(tickSpacing) : nearest(centre + halfWidthTicks),
      liquidity: baseIsToken0 ? (depthRaw * sqrtPriceX96) / Q96 : (depthRaw * Q96) / sqrtPriceX96,
    };
  });
}

/** What a swap depends on in a pool that holds the ranges and stands at a price. */
export function poolOfRanges(
  ranges: readonly LiquidityRange[],
  sqrtPriceX96: bigint,
): Pick<ConcentratedPool, 'sqrtPriceX96' | 'tick' | 'liquidity' | 'ticks'> {
  const tick = tickAtSqrtPrice(sqrtPriceX96);
  const net = new Map<number, bigint>();
  let liquidity = 0n;
  for (const range of ranges) {
    net.set(range.tickLower, (net.get(range.tickLower) ?? 0n) + range.liquidity);
    net.set(range.tickUpper, (net.get(range.tickUpper) ?? 0n) - range.liquidity);
    if (range.tickLower <= tick && tick < range.tickUpper) liquidity += range.liquidity;
  }
  const ticks: TickLiquidity[] = [...net]
    .filter(([, liquidityNet]) => liquidityNet !== 0n)
    .map(([index, liquidityNet]) => ({ index, liquidityNet }))
    .sort((a, b) => a.index - b.index);
  return { sqrtPriceX96, tick, liquidity, ticks };
}
