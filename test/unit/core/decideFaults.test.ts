import { describe, expect, it } from 'vitest';
import { priceToRatio } from '../../../src/core/amm/price.ts';
import { decide } from '../../../src/core/decide.ts';
import { bindPolicy } from '../../../src/core/policy.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import type { Address } from '../../../src/core/units.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { interval } from '../../../src/policies/interval.ts';
import {
  nowSeconds,
  oracleAt,
  poolAt,
  raw,
  type SnapshotParts,
  snapshotWith,
  spotBase,
  usdc,
  weth,
} from '../../support/snapshot.ts';

const band = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1 }, tradeTo: 'centre' as const });
const always = bindPolicy('interval', interval, { seconds: 60, ignoreBelowBase: 0 });
const otherPool: Address = '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8';
const long = (parts: SnapshotParts = {}) =>
  decide(snapshotWith({ positions: [spotBase(5)], ...parts }), band, defaultLimits);
/** A pool that everybody left; its price is wherever the last swap left it. */
const emptyPool = (price: number) => ({ ...poolAt(price, { address: otherPool }), liquidity: 0n, ticks: [] });

describe('a pool without liquidity', () => {
  it.each([1e-9, 6_000, 1e9])('says nothing at %d: the vault hedges on the others', (price) => {
    const decision = long({ chain: { pools: [poolAt(3_000), emptyPool(price)] } });
    expect(decision).toMatchObject({ kind: 'hedge', code: 'beyondBand' });
    expect(decision.numbers.spot).toBeCloseTo(3_000, 6);
  });

  it('holds the vault where it is the only one, with the reason', () => {
    const decision = long({ chain: { pools: [emptyPool(6_000)] } });
    expect(decision).toMatchObject({ kind: 'hold', code: 'noLiquidity' });
    expect(decision.numbers.spot).toBe(3_000);
  });

  it('while a pool with liquidity far from the oracle halts', () => {
    const pools = [poolAt(3_000), poolAt(3_100, { address: otherPool })];
    expect(long({ chain: { pools } })).toMatchObject({ kind: 'halt', code: 'oracleDiverges' });
  });
});

describe('feeds', () => {
  it('that contradict each other halt, though the pools agree with the first', () => {
    const prices = [oracleAt(3_000), oracleAt(30_000), oracleAt(30_000)];
    expect(long({ chain: { prices } })).toMatchObject({ kind: 'halt', code: 'oracleDiverges' });
  });

  it.each([
    ['a price of NaN', { price: Number.NaN }],
    ['a price of infinity', { price: Number.POSITIVE_INFINITY }],
    ['a numerator of 0', { numerator: 0n }],
    ['a denominator of 0', { denominator: 0n }],
    ['a price below 0', { price: -3_000, numerator: -3_000n }],
  ])('with %s and no fault of their own are no prices', (_, wrong) => {
    expect(long({ chain: { prices: [oracleAt(3_000, wrong)] } })).toMatchObject({
      kind: 'halt',
      code: 'oracleInvalid',
      why: expect.stringContaining('is no price'),
    });
    const decision = long({ chain: { prices: [oracleAt(3_000, wrong), oracleAt(3_000)] } });
    expect(decision.kind).toBe('hedge');
  });
});

describe('gas money', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1])(
    'at a price of %d halts: no cap could hold',
    (priceQuote) => {
      expect(long({ native: { priceQuote } })).toMatchObject({ kind: 'halt', code: 'dataFault' });
    },
  );
});

describe('what cannot be traded says why', () => {
  it('less than one unit of base is below the minimum, and nothing to warn of', () => {
    const dust = {
      kind: 'option' as const,
      label: 'dust',
      type: 'call' as const,
      strike: 1e-9,
      expirySeconds: nowSeconds + 1_000,
      size: 1e-19,
      settlementPrice: null,
    };
    const decision = decide(snapshotWith({ positions: [dust] }), always, defaultLimits);
    expect(decision).toMatchObject({ kind: 'hold', code: 'belowMinimum', warnings: [] });
    expect(decision.why).toContain('smallest unit');
  });

  it('a purchase at the largest base of the mandate names that, not the quote', () => {
    const bought = snapshotWith({ vault: { targetDelta: 5 }, guard: { maxBaseRaw: raw(100, weth) } });
    const { why } = decide(bought, band, defaultLimits);
    expect(why).toBe('cannot buy: the vault owns 100 WETH, the mandate allows 100 at most');
  });

  it('a sale at the least base of the mandate names that', () => {
    const { why } = long({ guard: { minBaseRaw: raw(100, weth) } });
    expect(why).toBe('cannot sell: the vault owns 100 WETH, the mandate keeps 100 of it');
  });

  it.each([1, -1])(
    'an order so small that rounding takes more than its bound is not planned (side %d)',
    (side) => {
      // A quote token without decimals, as dear as base: nine units of it are 11 % apart.
      const coarse = { ...usdc, decimals: 0 };
      const pool = poolAt(1, { quote: coarse, depthBase: 1_000 });
      const units = { baseIsToken0: true, baseDecimals: 18, quoteDecimals: 0 };
      const snapshot = snapshotWith({
        price: 1,
        vault: { quote: coarse, targetDelta: -8.9 * side },
        chain: {
          pools: [pool],
          prices: [oracleAt(1, priceToRatio(1, units))],
          holdings: { baseRaw: raw(100, weth), quoteRaw: 1_000n },
        },
        guard: { turnoverAvailableRaw: 1_000n },
      });
      const decision = decide(snapshot, always, { ...defaultLimits, minTradeQuote: 1 });
      expect(decision).toMatchObject({
        kind: 'hold',
        code: 'noLiquidity',
        why: expect.stringContaining('within 100 bps of the oracle'),
      });
    },
  );
});
