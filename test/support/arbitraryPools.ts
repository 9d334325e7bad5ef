import fc from 'fast-check';
import type { ConcentratedPool, ConstantProductPool } from '../../src/core/amm/pool.ts';
import { sqrtPriceAtTick } from '../../src/core/amm/tickMath.ts';
import { poolOfRanges } from './pools.ts';

const feeTiers = fc.constantFrom(
  { feePips: 100, tickSpacing: 1 },
  { feePips: 500, tickSpacing: 10 },
  { feePips: 3000, tickSpacing: 60 },
  { feePips: 10_000, tickSpacing: 200 },
);

/** Integers of every size alike, not mostly long ones. */
export const magnitudes = (bits: number) =>
  fc.integer({ min: 0, max: bits }).chain((size) => fc.bigInt({ min: 1n, max: 1n << BigInt(size) }));

/** Pools of a few ranges around a price anywhere, some with gaps, some with the price outside all liquidity. */
export const concentratedPools: fc.Arbitrary<ConcentratedPool> = feeTiers.chain(({ feePips, tickSpacing }) =>
  fc.integer({ min: -400_000, max: 400_000 }).chain((middle) =>
    fc
      .record({
        within: fc.integer({ min: 0, max: 999 }),
        ranges: fc.array(
          fc.record({
            offset: fc.integer({ min: -600, max: 600 }),
            width: fc.integer({ min: 1, max: 500 }),
            liquidity: magnitudes(90),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      })
      .map(({ within, ranges }) => {
        const [low, high] = [sqrtPriceAtTick(middle), sqrtPriceAtTick(middle + 1)];
        const start = Math.floor(middle / tickSpacing);
        return poolOfRanges({
          feePips,
          tickSpacing,
          sqrtPriceX96: low + ((high - low) * BigInt(within)) / 1000n,
          ranges: ranges.map(({ offset, width, liquidity }) => ({
            tickLower: (start + offset) * tickSpacing,
            tickUpper: (start + offset + width) * tickSpacing,
            liquidity,
          })),
        });
      }),
  ),
);

/** Pairs from a few units to the largest reserves that one can have. */
export const pairs: fc.Arbitrary<ConstantProductPool> = fc
  .record({
    feeBps: fc.constantFrom(0, 5, 30, 100),
    reserve0Raw: magnitudes(112),
    reserve1Raw: magnitudes(112),
  })
  .map((terms) => ({
    kind: 'constantProduct',
    venue: 'uniswapV2',
    address: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc',
    token0: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
    token1: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
    ...terms,
  }));
