import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../../src/core/amm/pool.ts';
import { quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { poolsOfWay } from '../../../../src/core/amm/twoHop.ts';
import { type DepthRequest, depthTable, sharesOf } from '../../../../src/core/hedge/depthTable.ts';
import { toWhole } from '../../../../src/core/units.ts';
import { poolOfRanges, recordedPool } from '../../../support/pools.ts';
import { hasSharedData } from '../../../support/sharedData.ts';

const usdc = { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 } as const;
const usdt = { address: '0xdAC17F958D2ee523a2206206994597C13D831ec7', symbol: 'USDT', decimals: 6 } as const;
const weth = { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', symbol: 'WETH', decimals: 18 } as const;
const wethRaw = (whole: number) => BigInt(whole) * 10n ** 18n;

/** USDC/WETH near 3,000 with one range of liquidity around the price, or over all prices. */
const poolWith = (liquidity: bigint, feePips: number, [tickLower, tickUpper] = [-887_220, 887_220]) => ({
  ...poolOfRanges({
    feePips,
    tickSpacing: 60,
    sqrtPriceX96: sqrtPriceAtTick(196_256),
    ranges: [{ tickLower: tickLower!, tickUpper: tickUpper!, liquidity }],
  }),
  address: `0x${feePips.toString(16).padStart(40, '0')}` as const,
});
const deep = poolWith(10n ** 19n, 500);
const dear = poolWith(10n ** 18n, 3_000);
const gas = {
  native: { priceQuote: 3_000, baseFeePerGasWei: 10n ** 9n, priorityFeePerGasWei: 10n ** 9n },
  gasUnits: { firstLeg: 200_000, furtherLeg: 100_000 },
};
const request = (changes: Partial<DepthRequest> = {}): DepthRequest => ({
  pools: [deep, dear],
  base: weth,
  quote: usdc,
  side: 'sell',
  sizesRaw: [1, 10, 100].map(wethRaw),
  fairPrice: 3_000,
  gas: null,
  ...changes,
});

/** What the pools' own folder says of them: bps below the pool's own price for selling WETH. */
const RECORDED = [
  ['tycho-USDC-WETH-500-20260130.json', usdc, [6.7, 22.4, 388, 1_679]],
  ['tycho-USDC-WETH-3000-20260130.json', usdc, [34.4, 74.1, 497, 4_538]],
  ['tycho-WETH-USDT-3000-20260130.json', usdt, [31.0, 40.3, 142, 971]],
] as const;

describe.skipIf(!hasSharedData)('the depth of recorded pools', () => {
  it.each(RECORDED)('%s costs what is known of it', (file, quote, expected) => {
    const sizesRaw = [10, 100, 1_000, 5_000].map(wethRaw);
    const table = depthTable(request({ pools: [recordedPool(file)], quote, sizesRaw, fairPrice: 2_722.73 }));
    const found = table.pools[0]!.fills.map(({ ownCost }) => ownCost!.bps);
    expected.forEach((bps, index) => {
      expect(Math.abs(found[index]! - bps)).toBeLessThanOrEqual(bps < 100 ? 0.051 : 0.51);
    });
  });
});

describe('a size on one pool', () => {
  it.each(['sell', 'buy'] as const)('to %s costs what the pool quotes, fee told from impact', (side) => {
    const { pools } = depthTable(request({ side }));
    for (const { pool: way, fills, middlePrice } of pools) {
      const [pool] = poolsOfWay(way) as [Pool];
      for (const fill of fills) {
        const swap = { zeroForOne: side === 'buy', amountRaw: fill.sizeRaw };
        const quote = side === 'sell' ? quoteExactIn(pool, swap) : quoteExactOut(pool, swap);
        const paid = side === 'sell' ? quote.amountOutRaw : quote.amountInRaw;
        expect(fill.filled && fill.quoteRaw).toBe(paid);
        const notional = toWhole(fill.sizeRaw, 18) * middlePrice;
        const off = (side === 'sell' ? 1 : -1) * (notional - toWhole(paid, 6));
        expect(fill.ownCost!.bps).toBeCloseTo((off / notional) * 10_000, 6);
        expect(fill.ownCost!.feeBps + fill.ownCost!.impactBps).toBeCloseTo(fill.ownCost!.bps, 9);
        expect(fill.ownCost!.impactBps).toBeGreaterThan(0);
      }
    }
  });

  it('is measured from the fair price too: a pool that pays more than that costs less, by the difference', () => {
    const cost = (fairPrice: number) => {
      const [fill] = depthTable(request({ fairPrice })).pools[0]!.fills;
      return fill!.filled ? fill!.cost : null;
    };
    const [above, at] = [cost(3_030)!, cost(3_000)!];
    expect(above.totalQuote - at.totalQuote).toBeCloseTo(30, 9);
    expect(at.bps).toBeCloseTo((at.totalQuote / 3_000) * 10_000, 9);
  });

  it('costs its gas where gas is counted, and no more than that', () => {
    const bps = (gasOrNone: DepthRequest['gas']) => {
      const [fill] = depthTable(request({ gas: gasOrNone })).pools[0]!.fills;
      return fill!.filled ? fill!.cost : null;
    };
    expect(bps(null)!.gasQuote).toBe(0);
    expect(bps(gas)!.gasQuote).toBeCloseTo(1.2, 9);
    expect(bps(gas)!.totalQuote - bps(null)!.totalQuote).toBeCloseTo(1.2, 9);
  });
});

describe('the best split', () => {
  it('adds up to the size, and is at least as cheap as any single pool', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('sell', 'buy'),
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom(gas, null),
        (side, size, gasOrNone) => {
          const sizesRaw = [wethRaw(size)];
          const table = depthTable(request({ side: side as 'sell' | 'buy', sizesRaw, gas: gasOrNone }));
          const [best] = table.best;
          expect(best!.filled).toBe(true);
          expect(best!.parts.reduce((sum, { baseRaw }) => sum + baseRaw, 0n)).toBe(sizesRaw[0]);
          expect(best!.savedBps).toBeGreaterThanOrEqual(-1e-6);
          expect(sharesOf(best!, table.pools).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out a pool that saves less than its gas', () => {
    const legs = (gasOrNone: DepthRequest['gas']) =>
      depthTable(request({ pools: [deep, poolWith(10n ** 16n, 500)], gas: gasOrNone })).best[1]!.parts.length;
    expect(legs(null)).toBe(2);
    expect(legs(gas)).toBe(1);
  });

  it('fills what no pool could fill alone, and then has nothing to compare itself with', () => {
    const narrow = (feePips: number) => poolWith(10n ** 19n, feePips, [196_200, 196_320]);
    const one = depthTable(request({ pools: [narrow(500)], sizesRaw: [wethRaw(1_000_000)] })).best[0]!;
    const most = one.filled ? 0n : one.fillableRaw;
    const table = depthTable(request({ pools: [narrow(500), narrow(3_000)], sizesRaw: [(most * 3n) / 2n] }));
    expect(table.pools.map(({ fills }) => fills[0]!.filled)).toEqual([false, false]);
    expect(table.best[0]).toMatchObject({ filled: true, savedBps: null });
  });
});

describe('a size that cannot be filled', () => {
  const huge = [wethRaw(10_000_000)];
  const fillOf = (pool: Pool) => depthTable(request({ pools: [pool], sizesRaw: huge }));

  it('has no cost: the liquidity ends', () => {
    const table = fillOf(poolWith(10n ** 19n, 500, [196_200, 196_320]));
    const [fill] = table.pools[0]!.fills;
    expect(fill).toMatchObject({ filled: false, why: 'noLiquidity', ownCost: null });
    expect(fill).not.toHaveProperty('cost');
    expect(table.best[0]).toMatchObject({ filled: false, why: 'noLiquidity', savedBps: null });
  });

  it('has no cost: the ticks were read only so far', () => {
    const table = fillOf({ ...deep, knownTicks: { lower: 190_000, upper: 200_000 } });
    expect(table.pools[0]!.fills[0]).toMatchObject({ filled: false, why: 'knownRangeEnd' });
    expect(table.best[0]).toMatchObject({ filled: false, why: 'knownRangeEnd' });
  });

  it('has no cost: the price would be off by a factor of a thousand', () => {
    const [fill] = fillOf(deep).pools[0]!.fills;
    expect(fill).toMatchObject({ filled: false, why: 'tooFar' });
    const fillable = fill!.filled ? 0n : fill!.fillableRaw;
    const before = depthTable(request({ pools: [deep], sizesRaw: [fillable] }));
    expect(before.pools[0]!.fills[0]!.filled).toBe(true);
  });

  it.each([
    ['a size of nothing', { sizesRaw: [0n] }],
    ['a fair price of nothing', { fairPrice: 0 }],
    ['no fair price', { fairPrice: Number.NaN }],
  ])('%s is refused', (_case, changes) => {
    expect(() => depthTable(request(changes))).toThrow(/above 0/);
  });
});
