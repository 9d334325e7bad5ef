import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConcentratedPool } from '../../../src/core/amm/pool.ts';
import { decide } from '../../../src/core/decide.ts';
import { wrongWay } from '../../../src/core/hedge/wrongWay.ts';
import { type BoundPolicy, bindPolicy, type Policy } from '../../../src/core/policy.ts';
import type { LiquidityPosition, OptionPosition } from '../../../src/core/position.ts';
import { defaultLimits, type Limits } from '../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../src/core/snapshot.ts';
import * as policies from '../../../src/policies/index.ts';
import { borrower } from '../../support/borrower.ts';
import { nowSeconds, poolAt, raw, snapshotWith, spotBase, usdc, weth } from '../../support/snapshot.ts';

const limits: Limits = { ...defaultLimits, minTradeQuote: 0, maxTradeQuote: 1e9, maxGasQuote: 1e9 };

/** A policy that wants one thing whatever it sees. */
const wanting = (targetNetDelta: number, half: number): BoundPolicy => {
  const side = { act: half, target: half };
  const band = { sell: side, buy: { act: -half, target: -half } };
  return {
    kind: 'wanting',
    verdict: () => ({ trade: true, code: 'due', why: 'as told', band, targetNetDelta }),
  };
};

function ownLiquidity(pool: ConcentratedPool, share: number): LiquidityPosition {
  const middle = Math.round(pool.tick / 10) * 10;
  return {
    kind: 'liquidity',
    label: 'own liquidity',
    pool: pool.address,
    baseIsToken0: pool.token0 === weth.address,
    tickLower: middle - 2_000,
    tickUpper: middle + 2_000,
    liquidity: (pool.liquidity * BigInt(Math.round(share * 1e6))) / 1_000_000n,
  };
}

describe('a trade of the wrong sign', () => {
  it('is refused where the vault is the pool: what it sells comes back to it', () => {
    const pool = poolAt(3_000);
    for (const [share, code] of [
      [0.5, 'due'],
      [1, 'wrongWay'],
      [1.2, 'wrongWay'],
    ] as const) {
      const positions = [ownLiquidity(pool, share), spotBase(0)];
      const { netDelta } = decide(snapshotWith({ positions }), wanting(0, 1), limits).numbers;
      const vault = { targetDelta: netDelta! - 20 };
      const decision = decide(snapshotWith({ positions, vault }), wanting(0, 1), limits);
      expect(decision.code).toBe(code);
      if (code !== 'wrongWay') continue;
      expect(decision).toMatchObject({ kind: 'hold', warnings: [{ code: 'wrongWay' }] });
      expect(decision.numbers.cost!.totalQuote).toBeGreaterThan(0);
    }
  });

  it('is refused where a policy asks for it: across its band, or out of it', () => {
    const asked = (netDelta: number, target: number) =>
      decide(snapshotWith({ positions: [spotBase(netDelta)] }), wanting(target, 1), limits);
    expect(asked(10, 0.5)).toMatchObject({ kind: 'hedge', plan: { side: 'sell' } });
    expect(asked(10, -0.9)).toMatchObject({ kind: 'hedge' });
    expect(asked(10, -1.1)).toMatchObject({ kind: 'hold', code: 'wrongWay' });
    expect(asked(10, 12)).toMatchObject({ kind: 'hold', code: 'wrongWay' });
    expect(asked(0.5, 1.5)).toMatchObject({ kind: 'hold', code: 'wrongWay' });
  });

  it('is told from how numbers round, however small a trade is beside what is held', () => {
    const level = { act: 1e6, target: 1e6 };
    const band = { sell: level, buy: level };
    const netDelta = 1e6 + 1e-7;
    const moved = (by: number) => ({ moved: by, traded: Math.abs(by) });
    expect(wrongWay({ netDelta, target: 1e6, ...moved(-1e-7), band })).toBeNull();
    expect(wrongWay({ netDelta: 1e6, target: 0, ...moved(-1e-18), band: null })).toBeNull();
    expect(wrongWay({ netDelta: 1, target: 0, ...moved(1e-18), band: null })).not.toBeNull();
    expect(wrongWay({ netDelta: 1, target: 0, ...moved(Number.NaN), band: null })).not.toBeNull();
  });
});

const settings: Readonly<Record<keyof typeof policies, readonly object[]>> = {
  fixedBand: [
    { halfWidth: { base: 0.3 }, tradeTo: 'edge' },
    { halfWidth: { shareOfGross: 0.05 }, tradeTo: 0.4 },
  ],
  interval: [{ seconds: 60 }],
  leland: [{ seconds: 60 }, { seconds: 60, roundTripCost: 0.3 }],
  whalleyWilmott: [{ riskAversion: 1e-5 }, { relativeRiskAversion: 3, maxHalfWidth: { base: 0.2 } }],
  zakamouline: [{ riskAversion: 1e-5 }, { relativeRiskAversion: 30, maxHalfWidth: { base: 0.2 } }],
  optimalBand: [
    { riskAversion: 1e-6 },
    { relativeRiskAversion: 30, maxHalfWidth: { base: 0.2 }, refillHalfLifeSeconds: 3_600 },
    { riskAversion: 1e-5, carryRate: 0.2, lookSeconds: 86_400, maxHalfWidth: { shareOfGross: 0.01 } },
  ],
};
const bound = Object.entries(policies as Readonly<Record<string, Policy>>).flatMap(([kind, policy]) =>
  settings[kind as keyof typeof policies].map((parameters) =>
    bindPolicy(kind, policy, policy.parameters.parse(parameters)),
  ),
);

const worlds = fc.record({
  price: fc.constantFrom(0.01, 3_000, 90_000),
  volatility: fc.constantFrom(0.05, 0.6, 4),
  option: fc.record({
    type: fc.constantFrom('call' as const, 'put' as const),
    moneyness: fc.double({ min: 0.7, max: 1.3, noNaN: true }),
    seconds: fc.constantFrom(30, 3_000, 86_400, 30 * 86_400),
    size: fc.double({ min: -100, max: 100, noNaN: true }),
    settlement: fc.constantFrom('quote' as const, 'base' as const),
  }),
  held: fc.double({ min: 0, max: 100, noNaN: true }),
  targetDelta: fc.double({ min: -50, max: 50, noNaN: true }),
  pools: fc.array(
    fc.record({
      offBps: fc.integer({ min: -60, max: 60 }),
      depthBase: fc.constantFrom(1, 500, 50_000),
      feePips: fc.constantFrom(100, 3_000),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  ownShare: fc.constantFrom(0, 0.3, 0.9, 1, 1.3),
  owned: fc.constantFrom(0, 3, 500),
  gasGwei: fc.constantFrom(0n, 1n, 2_000n),
  /** An event nearby draws bands in. */
  isDrawnIn: fc.boolean(),
  isBorrower: fc.boolean(),
});
type AnyWorld = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function snapshotOf(world: AnyWorld): Snapshot {
  const { price, option, pools, owned } = world;
  const laid = pools.map(({ offBps, depthBase, feePips }, index) =>
    poolAt(price * (1 + offBps / 10_000), {
      depthBase,
      feePips,
      address: `0x${String(index + 1).padStart(40, '0')}`,
    }),
  );
  const written: OptionPosition = {
    kind: 'option',
    label: 'option',
    type: option.type,
    strike: price * option.moneyness,
    expirySeconds: nowSeconds + option.seconds,
    size: option.size,
    settlement: option.settlement,
    settlementPrice: null,
  };
  const own = world.ownShare > 0 ? [ownLiquidity(laid[0]!, world.ownShare)] : [];
  const lent = world.isBorrower ? borrower(200_000, 5, { base: 1 }).chain : null;
  const snapshot = snapshotWith({
    price,
    volatility: world.volatility,
    positions: [written, spotBase(world.held), ...own],
    vault: { targetDelta: world.targetDelta },
    chain: {
      pools: laid,
      holdings: { baseRaw: raw(owned, weth), quoteRaw: raw(owned * price, usdc) },
      ...(lent === null ? {} : { margin: lent.margin! }),
    },
    guard: {
      turnoverAvailableRaw: 10n ** 14n,
      ...(lent === null ? {} : { lending: lent.guard.lending!, minBaseRaw: -raw(100, weth) }),
    },
    native: { baseFeePerGasWei: world.gasGwei * 10n ** 9n },
  });
  if (!world.isDrawnIn) return snapshot;
  const around = { atSeconds: nowSeconds, beforeSeconds: 60, afterSeconds: 60 };
  const event = { name: 'a vote', ...around, changes: { bandFactor: 0.4 } };
  return { ...snapshot, observed: { ...snapshot.observed, events: [event] } };
}

describe('whatever the vault, its pools and its policy', () => {
  it('a vault worth next to nothing is decided on like one worth nothing', () => {
    const option = {
      kind: 'option',
      label: 'dust',
      type: 'call',
      strike: 3_000,
      settlementPrice: null,
    } as const;
    const positions = [{ ...option, expirySeconds: nowSeconds + 86_400, size: 5e-324 }];
    const snapshot = snapshotWith({ positions });
    for (const policy of bound) expect(decide(snapshot, policy, limits).kind).toBe('hold');
  });

  it('a hedge brings net delta nearer to where the policy wants it, and never across its band', () => {
    let hedges = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        const snapshot = snapshotOf(world);
        for (const policy of bound) {
          const decision = decide(snapshot, policy, limits);
          expect(decision.code).not.toBe('dataFault');
          if (decision.kind !== 'hedge') continue;
          hedges += 1;
          const { netDelta, band } = decision.numbers;
          const { netDeltaAfter, plan } = decision;
          const slack = 1e-9 * Math.max(1, Math.abs(netDelta!));
          const isSale = plan.side === 'sell';
          // What is sold lowers net delta, and stops short of where it would have to be bought back.
          expect(isSale ? netDeltaAfter < netDelta! : netDeltaAfter > netDelta!).toBe(true);
          if (isSale) expect(netDeltaAfter).toBeGreaterThanOrEqual(band!.buy.act - slack);
          else expect(netDeltaAfter).toBeLessThanOrEqual(band!.sell.act + slack);
        }
      }),
      { numRuns: 60 },
    );
    expect(hedges).toBeGreaterThan(100);
  });
});
