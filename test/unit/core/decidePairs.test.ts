import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConcentratedPool } from '../../../src/core/amm/pool.ts';
import { priceToRatio } from '../../../src/core/amm/price.ts';
import { decide } from '../../../src/core/decide.ts';
import { bindPolicy } from '../../../src/core/policy.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import type { Address, Token } from '../../../src/core/units.ts';
import { toRawDown } from '../../../src/core/units.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { nowSeconds, oracleAt, poolAt, snapshotWith } from '../../support/snapshot.ts';

const [lowAddress, highAddress]: readonly [Address, Address] = [
  '0x1000000000000000000000000000000000000001',
  '0x2000000000000000000000000000000000000002',
];
const policy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1e-3 }, tradeTo: 'centre' as const });
const limits = { ...defaultLimits, minTradeQuote: 1e-12, maxTradeQuote: 1e15, maxGasQuote: 1e15 };

/** Any pair, any price from 10^-9 to 10^9, pools of any depth and fee near the oracle, any net delta and means. */
const worlds = fc.record({
  baseIsToken0: fc.boolean(),
  baseDecimals: fc.constantFrom(2, 6, 8, 18, 27),
  quoteDecimals: fc.constantFrom(0, 2, 6, 8, 18, 27),
  price: fc.integer({ min: -9_000, max: 9_000 }).map((power) => 10 ** (power / 1_000)),
  pools: fc.array(
    fc.record({
      offBps: fc.integer({ min: -140, max: 140 }),
      depth: fc.constantFrom(0, 1e-6, 0.01, 10, 1e5),
      feePips: fc.constantFrom(100, 500, 3_000, 10_000),
      isNarrow: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  delta: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  deltaScale: fc.constantFrom(1, 1e-3, 1e-9, 1e-18),
  targetDelta: fc.constantFrom(0, 5, -5, -1e5),
  numeraire: fc.constantFrom('quote' as const, 'base' as const),
  rate: fc.constantFrom(0, -0.05, 0.2),
  owned: fc.constantFrom(0, 1e-9, 1, 1e6),
  turnover: fc.constantFrom(0, 1e-9, 1e6, 1e12),
  gasWei: fc.constantFrom(0n, 1n, 10n ** 9n, 10n ** 14n),
  nativePrice: fc.constantFrom(1e-12, 1, 3_000, 1e12),
});
type AnyWorld = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function narrowed(pool: ConcentratedPool): ConcentratedPool {
  const lower = Math.floor(pool.tick / 10) * 10;
  const ticks = [
    { index: lower, liquidityNet: pool.liquidity },
    { index: lower + 10, liquidityNet: -pool.liquidity },
  ];
  return { ...pool, ticks, knownTicks: { lower: lower - 500, upper: lower + 500 } };
}

function poolOf(world: AnyWorld, index: number, base: Token, quote: Token): ConcentratedPool {
  const { offBps, depth, feePips, isNarrow } = world.pools[index]!;
  const address: Address = `0x${String(index + 5).padStart(40, '0')}`;
  const price = world.price * (1 + offBps / 10_000);
  const bare = poolAt(price, { base, quote, feePips, address, depthBase: 0 });
  const depthRaw = toRawDown(depth, base.decimals);
  const liquidity = world.baseIsToken0
    ? (depthRaw * bare.sqrtPriceX96) >> 96n
    : (depthRaw << 96n) / bare.sqrtPriceX96;
  const ticks = bare.ticks.map(({ index: tick }) => ({
    index: tick,
    liquidityNet: tick < 0 ? liquidity : -liquidity,
  }));
  const pool = { ...bare, liquidity, ticks: liquidity === 0n ? [] : ticks };
  return isNarrow && liquidity > 0n ? narrowed(pool) : pool;
}

function snapshotOf(world: AnyWorld) {
  const { price, baseDecimals, quoteDecimals, baseIsToken0 } = world;
  const base = { address: baseIsToken0 ? lowAddress : highAddress, symbol: 'BASE', decimals: baseDecimals };
  const quote = {
    address: baseIsToken0 ? highAddress : lowAddress,
    symbol: 'QUOTE',
    decimals: quoteDecimals,
  };
  return snapshotWith({
    price,
    vault: { base, quote, numeraire: world.numeraire, targetDelta: world.targetDelta, rate: world.rate },
    positions: [
      {
        kind: 'option',
        label: 'a call that is base in all but name',
        type: 'call',
        strike: price * 1e-9,
        expirySeconds: nowSeconds + 1_000_000,
        size: world.delta * world.deltaScale,
        settlementPrice: null,
      },
    ],
    chain: {
      pools: world.pools.map((_, index) => poolOf(world, index, base, quote)),
      prices: [oracleAt(1, { price, ...priceToRatio(price, world) })],
      holdings: {
        baseRaw: toRawDown(world.owned, baseDecimals),
        quoteRaw: toRawDown(world.owned * price, quoteDecimals),
      },
    },
    guard: { turnoverAvailableRaw: toRawDown(world.turnover, quoteDecimals), maxBaseRaw: 10n ** 60n },
    native: { priceQuote: world.nativePrice, baseFeePerGasWei: world.gasWei, priorityFeePerGasWei: 0n },
  });
}

describe('whatever the pair, the price and the pools', () => {
  it('decides in finite numbers and words, on the right side, within the bound, and never past the target', () => {
    let hedges = 0;
    const property = fc.property(worlds, (world) => {
      const snapshot = snapshotOf(world);
      const decision = decide(snapshot, policy, limits);
      expect(decision.why).toMatch(/^\S.{5,}$/);
      expect(decision.why).not.toMatch(/NaN|Infinity|undefined/);
      JSON.stringify(decision, (key, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${key} is ${value}`);
        return typeof value === 'bigint' ? String(value) : value;
      });
      if (decision.kind !== 'hedge') return;
      hedges += 1;
      const { side, baseRaw, quoteLimitRaw, expectedQuoteRaw, legs } = decision.plan;
      const netDelta = decision.numbers.netDelta ?? Number.NaN;
      expect(side).toBe(netDelta > 0 ? 'sell' : 'buy');
      expect(decision.netDeltaAfter * netDelta).toBeGreaterThanOrEqual(-1e-9 * netDelta ** 2);
      expect(Math.abs(decision.netDeltaAfter)).toBeLessThanOrEqual(Math.abs(netDelta));
      expect(legs.reduce((sum, leg) => sum + leg.baseRaw, 0n)).toBe(baseRaw);
      for (const leg of legs) expect(leg.baseRaw).toBeGreaterThan(0n);
      const { numerator, denominator } = snapshot.chain.prices[0]!;
      const [limit, atOracle] = [quoteLimitRaw * denominator * 10_000n, baseRaw * numerator];
      if (side === 'sell') {
        expect(limit >= atOracle * 9_900n).toBe(true);
        expect(expectedQuoteRaw).toBeGreaterThanOrEqual(quoteLimitRaw);
      } else {
        expect(limit <= atOracle * 10_100n).toBe(true);
        expect(expectedQuoteRaw).toBeLessThanOrEqual(quoteLimitRaw);
      }
    });
    fc.assert(property, { numRuns: 5_000, seed: 20_240_607 });
    expect(hedges).toBeGreaterThan(200);
  });
});
