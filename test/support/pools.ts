import type { ConcentratedPool, TickLiquidity } from '../../src/core/amm/pool.ts';
import {
  maxUsableTick,
  minUsableTick,
  sqrtPriceAtTick,
  tickAtSqrtPrice,
} from '../../src/core/amm/tickMath.ts';
import { sharedJson } from './sharedData.ts';

/** One range of liquidity, as a position has it. */
export interface LiquidityRange {
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly liquidity: bigint;
}

/** What a test says about a pool; the rest follows from it. */
export interface PoolShape {
  readonly feePips: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: bigint;
  readonly ranges: readonly LiquidityRange[];
}

/** A pool that holds exactly these ranges, with every tick known. */
export function poolOfRanges({ feePips, tickSpacing, sqrtPriceX96, ranges }: PoolShape): ConcentratedPool {
  const tick = tickAtSqrtPrice(sqrtPriceX96);
  const nets = new Map<number, bigint>();
  for (const { tickLower, tickUpper, liquidity } of ranges) {
    nets.set(tickLower, (nets.get(tickLower) ?? 0n) + liquidity);
    nets.set(tickUpper, (nets.get(tickUpper) ?? 0n) - liquidity);
  }
  const ticks: TickLiquidity[] = [...nets]
    .filter(([, liquidityNet]) => liquidityNet !== 0n)
    .map(([index, liquidityNet]) => ({ index, liquidityNet }))
    .sort((a, b) => a.index - b.index);
  return {
    kind: 'concentrated',
    venue: 'uniswapV3',
    address: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8',
    token0: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
    token1: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
    feePips,
    tickSpacing,
    sqrtPriceX96,
    tick,
    liquidity: ticks.reduce((sum, { index, liquidityNet }) => (index <= tick ? sum + liquidityNet : sum), 0n),
    ticks,
    knownTicks: { lower: minUsableTick(tickSpacing), upper: maxUsableTick(tickSpacing) },
  };
}

/** A pool of adjacent ranges around tick 0, one spacing wide, with uneven liquidity: a swap can cross any number. */
export function ladderPool(rangesPerSide: number, tickSpacing = 60, feePips = 3000): ConcentratedPool {
  const ranges = Array.from({ length: 2 * rangesPerSide }, (_, i) => ({
    tickLower: (i - rangesPerSide) * tickSpacing,
    tickUpper: (i - rangesPerSide + 1) * tickSpacing,
    liquidity: 10n ** 21n * BigInt(5 + ((i * 7919) % 13)) + BigInt(i * i),
  }));
  const middle = (sqrtPriceAtTick(0) + sqrtPriceAtTick(tickSpacing)) / 2n;
  return poolOfRanges({ feePips, tickSpacing, sqrtPriceX96: middle, ranges });
}

interface RecordedPool {
  readonly pool: string;
  readonly token0: { readonly address: string };
  readonly token1: { readonly address: string };
  readonly fee: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: string;
  readonly tick: number;
  readonly liquidity: string;
  readonly ticks: readonly { readonly tick: number; readonly liquidityNet: string }[];
}

/** A recorded mainnet pool, all its ticks known. */
export function recordedPool(file: string): ConcentratedPool {
  const recorded = sharedJson<RecordedPool>(`data/pools/${file}`);
  return {
    kind: 'concentrated',
    venue: 'uniswapV3',
    address: recorded.pool as ConcentratedPool['address'],
    token0: recorded.token0.address as ConcentratedPool['token0'],
    token1: recorded.token1.address as ConcentratedPool['token1'],
    feePips: recorded.fee,
    tickSpacing: recorded.tickSpacing,
    sqrtPriceX96: BigInt(recorded.sqrtPriceX96),
    tick: recorded.tick,
    liquidity: BigInt(recorded.liquidity),
    ticks: recorded.ticks.map(({ tick, liquidityNet }) => ({
      index: tick,
      liquidityNet: BigInt(liquidityNet),
    })),
    knownTicks: { lower: minUsableTick(recorded.tickSpacing), upper: maxUsableTick(recorded.tickSpacing) },
  };
}
