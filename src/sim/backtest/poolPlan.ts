import {
  type LiquidityLayer,
  type LiquidityRange,
  liquidityRanges,
  poolOfRanges,
} from '../../core/amm/liquidityLayers.ts';
import type { ConcentratedPool } from '../../core/amm/pool.ts';
import { priceToRatio, sqrtPriceDown } from '../../core/amm/price.ts';
import { MAX_TICK, MIN_TICK } from '../../core/amm/tickMath.ts';
import type { Address } from '../../core/units.ts';
import { BASE, QUOTE } from './tokens.ts';

/** A pool as a backtest describes it: its fee, and layers of liquidity that stay around the price. */
export interface PoolPlan {
  readonly name: string;
  /** Hundredths of a basis point. */
  readonly feePips: number;
  readonly tickSpacing: number;
  readonly layers: readonly LiquidityLayer[];
}

/** Mainnet's two large pools of a dollar and ether as they were at the end of January 2026. */
export const typicalPools: readonly PoolPlan[] = [
  {
    name: 'usdcWeth500',
    feePips: 500,
    tickSpacing: 10,
    layers: [
      { halfWidthTicks: 40, depthBase: 37_500 },
      { halfWidthTicks: 7_000, depthBase: 13_500 },
      { halfWidthTicks: null, depthBase: 6_500 },
    ],
  },
  {
    name: 'usdcWeth3000',
    feePips: 3_000,
    tickSpacing: 60,
    layers: [
      { halfWidthTicks: 300, depthBase: 2_900 },
      { halfWidthTicks: 7_000, depthBase: 13_500 },
      { halfWidthTicks: null, depthBase: 6_000 },
    ],
  },
];

/** Where the pool with a place in the list stands. */
export function planAddress(index: number): Address {
  return `0x${(0xb000 + index).toString(16).padStart(40, '0')}`;
}

const units = { baseIsToken0: true, baseDecimals: BASE.decimals, quoteDecimals: QUOTE.decimals };

/**
 * A described pool where arbitrage holds it at a price, with a share of its depth.
 *
 * @param price quote per base
 * @param depthScale of the described depth, 1 = all of it
 * @param own ranges beside it that stay where they are: a vault's liquidity is part of the pool that it is in
 */
export function poolOfPlan(
  plan: PoolPlan,
  index: number,
  price: number,
  depthScale: number,
  own: readonly LiquidityRange[] = [],
): ConcentratedPool {
  const sqrtPriceX96 = sqrtPriceDown(priceToRatio(price, units), true);
  const layers = plan.layers.map((layer) => ({ ...layer, depthBase: layer.depthBase * depthScale }));
  const ranges = liquidityRanges({ tickSpacing: plan.tickSpacing, ...units }, layers, sqrtPriceX96);
  return {
    kind: 'concentrated',
    venue: 'simulated',
    address: planAddress(index),
    token0: BASE.address,
    token1: QUOTE.address,
    feePips: plan.feePips,
    tickSpacing: plan.tickSpacing,
    ...poolOfRanges([...ranges, ...own], sqrtPriceX96),
    knownTicks: { lower: MIN_TICK, upper: MAX_TICK },
  };
}
