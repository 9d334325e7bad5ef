import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Decision, HedgeDecision } from '../../../src/core/decision.ts';
import { type BoundPolicy, bindPolicy } from '../../../src/core/policy.ts';
import { defaultLimits, type Limits } from '../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import { type Token, toWhole } from '../../../src/core/units.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import {
  oracleAt,
  poolAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  spotBase,
  usdc,
  weth,
} from '../../support/snapshot.ts';

const limits: Limits = { ...defaultLimits, minTradeQuote: 10 };
const band = (base: number, tradeTo: 'edge' | 'centre' | number = 'centre'): BoundPolicy =>
  bindPolicy('fixedBand', fixedBand, { halfWidth: { base }, tradeTo });
const shortCalls = (size: number, strike = 3_300) => ({
  kind: 'option' as const,
  label: 'short calls',
  type: 'call' as const,
  strike,
  expirySeconds: 1_770_000_000 + 14 * 86_400,
  size: -size,
  settlementPrice: null,
});

function hedgeOf(decision: Decision): HedgeDecision {
  if (decision.kind !== 'hedge') throw new Error(`expected a hedge, got ${decision.kind}: ${decision.why}`);
  return decision;
}

const long = (base: number, parts: SnapshotParts = {}) =>
  snapshotWith({ positions: [spotBase(base)], ...parts });
const short = (size: number, parts: SnapshotParts = {}) =>
  snapshotWith({ positions: [shortCalls(size, 100)], ...parts });

describe('decide holds', () => {
  it('inside the band, with the numbers behind it', () => {
    const decision = decide(long(0.9), band(1), limits);
    expect(decision).toMatchObject({
      kind: 'hold',
      code: 'insideBand',
      why: 'net delta +0.9000 is inside the band of ±1.0000',
    });
    expect(decision.numbers.netDelta).toBeCloseTo(0.9, 12);
    expect(decision.numbers.spot).toBeCloseTo(3_000, 6);
  });

  it('when the trade is smaller than a transaction is worth', () => {
    expect(decide(long(2), band(1, 'edge'), { ...limits, minTradeQuote: 3_001 })).toMatchObject({
      kind: 'hold',
      code: 'belowMinimum',
    });
  });

  it('while gas is above the cap', () => {
    const expensive = long(5, { native: { baseFeePerGasWei: 500n * 10n ** 9n } });
    expect(decide(expensive, band(1), limits)).toMatchObject({ kind: 'hold', code: 'gasCap' });
  });

  it('within the least spacing after a hedge', () => {
    const recent = {
      blockNumber: 20_999_999n,
      timestampSeconds: 1_770_000_000 - 12,
      side: 'sell' as const,
      baseRaw: 1n,
    };
    const spaced = { ...limits, minSpacingSeconds: 24 };
    expect(decide(long(5, { history: { lastHedge: recent } }), band(1), spaced)).toMatchObject({
      code: 'spacing',
    });
    expect(
      decide(long(5, { history: { lastHedge: recent } }), band(1), { ...spaced, minSpacingSeconds: 12 }).kind,
    ).toBe('hedge');
  });

  it('when it owns nothing to sell, and warns that delta stays', () => {
    const decision = decide(long(5, { chain: { holdings: { baseRaw: 0n, quoteRaw: 0n } } }), band(1), limits);
    expect(decision).toMatchObject({ kind: 'hold', code: 'inventory' });
    expect(decision.warnings[0]?.text).toContain('net delta stays at +5.0000');
  });

  it('when every pool is already worse than the oracle allows', () => {
    const cheap = long(5, { chain: { pools: [poolAt(2_965)] } });
    expect(decide(cheap, band(1), limits)).toMatchObject({ kind: 'hold', code: 'noLiquidity' });
  });
});

describe('decide hedges', () => {
  it('sells what is long and buys what is short', () => {
    expect(hedgeOf(decide(long(5), band(1), limits)).plan.side).toBe('sell');
    expect(hedgeOf(decide(short(5), band(1), limits)).plan.side).toBe('buy');
  });

  it('stops at the centre, at the edge, or between', () => {
    for (const [tradeTo, after] of [
      ['centre', 0],
      ['edge', 1],
      [0.25, 0.25],
    ] as const) {
      expect(hedgeOf(decide(long(5), band(1, tradeTo), limits)).netDeltaAfter).toBeCloseTo(after, 9);
    }
  });

  it('sells in part what it owns, with the reason inventory and a warning', () => {
    const poor = long(5, { chain: { holdings: { baseRaw: raw(2, weth), quoteRaw: 0n } } });
    const decision = hedgeOf(decide(poor, band(1), limits));
    expect(decision.code).toBe('inventory');
    expect(toWhole(decision.plan.baseRaw, 18)).toBe(2);
    expect(decision.netDeltaAfter).toBeCloseTo(3, 9);
    expect(decision.warnings[0]?.code).toBe('inventory');
  });

  it('never sells below the mandate’s least base, nor buys above its most', () => {
    const floor = long(50, { guard: { minBaseRaw: raw(97, weth) } });
    expect(toWhole(hedgeOf(decide(floor, band(1), limits)).plan.baseRaw, 18)).toBe(3);
    const ceiling = short(50, { guard: { maxBaseRaw: raw(104, weth) } });
    expect(toWhole(hedgeOf(decide(ceiling, band(1), limits)).plan.baseRaw, 18)).toBe(4);
  });

  it('is cut to the turnover that the mandate has left', () => {
    const spent = long(50, { guard: { turnoverAvailableRaw: raw(6_000, usdc) } });
    const decision = hedgeOf(decide(spent, band(1), limits));
    expect(decision.code).toBe('turnover');
    expect(toWhole(decision.plan.baseRaw, 18)).toBeCloseTo(2, 9);
  });

  it('takes only what a thin pool gives within the bound', () => {
    const thin = long(50, { chain: { pools: [poolAt(3_000, { depthBase: 500 })] } });
    const decision = hedgeOf(decide(thin, band(1), limits));
    expect(decision.code).toBe('noLiquidity');
    expect(toWhole(decision.plan.baseRaw, 18)).toBeLessThan(5);
  });

  it('says when it is the reading of the pool, not the pool, that ends', () => {
    const pool = poolAt(3_000, { depthBase: 500 });
    const barelyRead = { ...pool, knownTicks: { lower: pool.tick - 20, upper: pool.tick + 20 } };
    const decision = hedgeOf(decide(long(50, { chain: { pools: [barelyRead] } }), band(1), limits));
    expect(decision.code).toBe('noLiquidity');
    expect(decision.why).toContain('widen its priceRange');
  });

  it('chooses the cheaper of two pools', () => {
    const other = poolAt(3_000, { feePips: 3_000, address: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8' });
    const near = poolAt(3_000);
    const plan = hedgeOf(decide(long(5, { chain: { pools: [other, near] } }), band(1), limits)).plan;
    expect(plan.legs.map((leg) => leg.pool)).toEqual([near.address]);
  });

  it('spreads an order over pools where that saves more than a leg’s gas, and counts the gas of both', () => {
    const [first, second] = [
      poolAt(3_000, { depthBase: 20_000 }),
      poolAt(3_000, { depthBase: 20_000, address: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8' }),
    ];
    const market = { chain: { pools: [first, second] } };
    const large = hedgeOf(decide(long(50, market), band(1), limits));
    const single = hedgeOf(decide(long(50, { chain: { pools: [first] } }), band(1), limits));
    expect(large.plan.legs).toHaveLength(2);
    expect(large.plan.legs.reduce((sum, leg) => sum + leg.baseRaw, 0n)).toBe(large.plan.baseRaw);
    const [cost, singleCost] = [large.numbers.cost!, single.numbers.cost!];
    expect(cost.gasQuote / singleCost.gasQuote).toBeCloseTo(1 + 110 / 190, 9);
    expect(cost.totalQuote).toBeLessThan(singleCost.totalQuote);
    const received = Number(large.plan.expectedQuoteRaw) / 1e6;
    expect(cost.totalQuote - cost.gasQuote).toBeCloseTo(50 * large.numbers.spot! - received, 6);
    expect(cost.feeQuote).toBeCloseTo(50 * large.numbers.spot! * 0.0005, 6);
    expect(hedgeOf(decide(long(2, market), band(1), limits)).plan.legs).toHaveLength(1);
  });

  it('ignores a pool that the mandate does not allow', () => {
    const allowed = poolAt(3_000, { feePips: 3_000, address: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8' });
    const snapshot = long(5, {
      chain: { pools: [poolAt(3_000), allowed] },
      guard: { allowedPools: [allowed.address] },
    });
    expect(hedgeOf(decide(snapshot, band(1), limits)).plan.legs[0]?.pool).toBe(allowed.address);
  });

  it('counts paper fills as if they had happened', () => {
    const paper = { baseRaw: raw(-4.5, weth), quoteRaw: raw(13_500, usdc) };
    const decision = decide(long(5, { history: { paper } }), band(1), limits);
    expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    expect(decision.numbers.netDelta).toBeCloseTo(0.5, 9);
  });

  it('counts in base for a vault whose numeraire is base: neutral is net delta = value / spot', () => {
    expect(decide(long(5, { vault: { numeraire: 'base' } }), band(1), limits)).toMatchObject({
      kind: 'hold',
      code: 'insideBand',
    });
  });
});

describe('decide halts', () => {
  const cases: readonly [code: string, parts: SnapshotParts][] = [
    ['oracleStale', { chain: { prices: [oracleAt(3_000, { updatedAtSeconds: 1_770_000_000 - 3_601 })] } }],
    ['oracleInvalid', { chain: { prices: [oracleAt(3_000, { fault: 'the answer is negative' })] } }],
    ['oracleInvalid', { chain: { prices: [] } }],
    ['oracleDiverges', { chain: { prices: [oracleAt(3_060)] } }],
    ['paused', { guard: { paused: true } }],
    ['keeperNotAllowed', { guard: { keeperAllowed: false } }],
    ['moduleNotEnabled', { guard: { enabled: false } }],
    ['noPool', { guard: { allowedPools: [] } }],
    ['failures', { history: { consecutiveFailures: 3 } }],
    ['dataFault', { history: { paper: { baseRaw: raw(-101, weth), quoteRaw: 0n } } }],
  ];
  it.each(cases)('%s', (code, parts) => {
    const decision = decide(long(5, parts), band(1), limits);
    expect(decision).toMatchObject({ kind: 'halt', code });
    expect(decision.why).not.toMatch(/undefined|NaN/);
  });

  it('not on a second feed while the first is sound', () => {
    const prices = [oracleAt(3_000), oracleAt(2_990, { source: 'other', fault: 'the answer is negative' })];
    expect(decide(long(5, { chain: { prices } }), band(1), limits).kind).toBe('hedge');
  });
});

describe('whatever the snapshot, an order', () => {
  // Integers scaled, not doubles: a random double is mostly a tiny one.
  const between = (min: number, max: number) =>
    fc.integer({ min: 0, max: 10_000 }).map((n) => min + ((max - min) * n) / 10_000);
  const scenario = fc.record({
    netDelta: fc.tuple(between(0.2, 400), fc.boolean()).map(([size, isLong]) => (isLong ? size : -size)),
    price: between(200, 9_000),
    poolOffsetBps: fc.integer({ min: -100, max: 100 }),
    ownedBase: between(0, 500),
    ownedQuote: between(0, 2_000_000),
    turnover: between(0, 500_000),
    depthBase: between(5, 50_000),
    maxSlippageBps: fc.integer({ min: 5, max: 200 }),
    share: between(0, 1),
    flipped: fc.boolean(),
    second: fc.option(
      fc.record({ offsetBps: fc.integer({ min: -100, max: 100 }), depthBase: between(5, 50_000) }),
    ),
  });

  it('moves net delta towards the target and never past it; is bounded by oracle, inventory and turnover', () => {
    let hedges = 0;
    fc.assert(
      fc.property(scenario, (s) => {
        // Flipping which token has the lower address must change nothing but the direction of the swap.
        const base: Token = s.flipped
          ? { ...weth, address: '0x0000000000000000000000000000000000000001' }
          : weth;
        const pool = poolAt(s.price * (1 + s.poolOffsetBps / 10_000), { base, depthBase: s.depthBase });
        const second = poolAt(s.price * (1 + (s.second?.offsetBps ?? 0) / 10_000), {
          base,
          depthBase: s.second?.depthBase ?? 1,
          feePips: 3_000,
          address: '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8',
        });
        const pools = s.second === null ? [pool] : [pool, second];
        const oracle = oracleAt(s.price);
        const positions = [
          spotBase(Math.abs(s.netDelta)),
          ...(s.netDelta < 0 ? [shortCalls(-2 * s.netDelta, 1)] : []),
        ];
        const snapshot: Snapshot = snapshotWith({
          price: s.price,
          positions,
          vault: { base },
          chain: {
            pools,
            prices: [oracle],
            holdings: { baseRaw: raw(s.ownedBase, weth), quoteRaw: raw(s.ownedQuote, usdc) },
          },
          guard: { turnoverAvailableRaw: raw(s.turnover, usdc) },
        });
        const decision = decide(snapshot, band(0.1, s.share), {
          ...limits,
          maxSlippageBps: s.maxSlippageBps,
        });
        if (decision.kind !== 'hedge') return;
        hedges += 1;
        const { plan, netDeltaAfter } = decision;
        const before = decision.numbers.netDelta ?? Number.NaN;
        expect(plan.side).toBe(before > 0 ? 'sell' : 'buy');
        const target = Math.sign(before) * 0.1 * s.share;
        expect((netDeltaAfter - target) * Math.sign(before)).toBeGreaterThan(-1e-9);
        expect(Math.abs(netDeltaAfter)).toBeLessThan(Math.abs(before));

        const slippage = BigInt(Math.min(s.maxSlippageBps, 100));
        const oracleQuote = plan.baseRaw * oracle.numerator;
        const limitQuote = plan.quoteLimitRaw * oracle.denominator * 10_000n;
        if (plan.side === 'sell') {
          expect(limitQuote >= oracleQuote * (10_000n - slippage)).toBe(true);
          expect(plan.expectedQuoteRaw >= plan.quoteLimitRaw).toBe(true);
          expect(plan.baseRaw <= snapshot.chain.holdings.baseRaw).toBe(true);
        } else {
          expect(limitQuote <= oracleQuote * (10_000n + slippage)).toBe(true);
          expect(plan.expectedQuoteRaw <= plan.quoteLimitRaw).toBe(true);
          expect(plan.quoteLimitRaw <= snapshot.chain.holdings.quoteRaw).toBe(true);
        }
        expect(oracleQuote <= snapshot.chain.guard.turnoverAvailableRaw * oracle.denominator).toBe(true);
        expect(plan.legs.reduce((sum, leg) => sum + leg.baseRaw, 0n)).toBe(plan.baseRaw);
        const baseIsToken0 = pool.token0 === base.address;
        const priceFalls = (plan.side === 'sell') === baseIsToken0;
        for (const { pool: address, sqrtPriceLimitX96: limitX96 } of plan.legs) {
          const { sqrtPriceX96 } = address === pool.address ? pool : second;
          expect(priceFalls ? limitX96 < sqrtPriceX96 : limitX96 > sqrtPriceX96).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
    expect(hedges).toBeGreaterThan(80);
  });
});
