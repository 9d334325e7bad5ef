import { describe, expect, it } from 'vitest';
import { oracleBound } from '../../../../src/core/hedge/bound.ts';
import { lenderOf } from '../../../../src/core/hedge/lendingPlan.ts';
import { sizeOrder } from '../../../../src/core/hedge/size.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import type { Side } from '../../../../src/core/side.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { borrower } from '../../../support/borrower.ts';
import { oracleAt, raw, type SnapshotParts, snapshotWith, usdc, weth } from '../../../support/snapshot.ts';

const oracle = oracleAt(3_000);
const [most, limits] = [raw(1_000, weth), { ...defaultLimits, maxTradeQuote: 1e9, minTradeQuote: 1 }];

/** What is left of an order for 1,000 base, at a worst price of exactly the oracle's. */
const sizeOf = (side: Side, snapshot: Snapshot, wantedRaw = most) => {
  const lender = lenderOf(snapshot, limits);
  return sizeOrder(side, wantedRaw, snapshot, oracle, oracleBound(side, oracle, 0), limits, lender);
};

const guarded = (snapshot: Snapshot, guard: SnapshotParts['guard']): Snapshot => ({
  ...snapshot,
  chain: {
    ...snapshot.chain,
    guard: { ...snapshot.chain.guard, turnoverAvailableRaw: 10n ** 18n, ...guard },
  },
});

describe('inventory that a mandate counts, where the vault lends', () => {
  // Of 10 owned, 20 supplied and 6 owed: 24.
  const lending = (guard: SnapshotParts['guard']) =>
    guarded(borrower(1_000_000, 6, { base: 10, quote: 900_000 }, { suppliedRaw: raw(20, weth) }), guard);

  it('may fall to the least it names, what is supplied counted and what is owed taken off', () => {
    expect(sizeOf('sell', lending({ minBaseRaw: raw(14, weth) })).baseRaw).toBe(raw(10, weth));
    expect(sizeOf('sell', lending({ minBaseRaw: raw(-4, weth) })).baseRaw).toBe(raw(28, weth));
    expect(sizeOf('sell', lending({ minBaseRaw: raw(24, weth) })).baseRaw).toBe(0n);
    expect(sizeOf('sell', lending({ minBaseRaw: raw(30, weth) })).baseRaw).toBe(0n);
  });

  it('may grow to the most it names', () => {
    expect(sizeOf('buy', lending({ maxBaseRaw: raw(30, weth) })).baseRaw).toBe(raw(6, weth));
    expect(sizeOf('buy', lending({ maxBaseRaw: raw(24, weth) })).baseRaw).toBe(0n);
    expect(sizeOf('buy', lending({ maxBaseRaw: raw(20, weth) })).baseRaw).toBe(0n);
  });

  it('is no more than the vault can hand over', () => {
    const room = lenderOf(lending({}), limits)!;
    const all = sizeOf('sell', lending({ minBaseRaw: -raw(10_000, weth) })).baseRaw;
    expect(all).toBe(raw(10, weth) + room.withdrawRaw + room.borrowRaw);
    expect(all).toBeGreaterThan(raw(30, weth));
    // Where nothing can be had from the market, what the mandate keeps is kept of what is owned.
    const empty = { suppliedRaw: raw(20, weth), availableRaw: 0n };
    const dry = guarded(borrower(1_000_000, 0, { base: 10 }, empty), { minBaseRaw: raw(4, weth) });
    expect(sizeOf('sell', dry).baseRaw).toBe(raw(6, weth));
  });
});

describe('a size', () => {
  const plain = guarded(
    snapshotWith({ chain: { holdings: { baseRaw: raw(10, weth), quoteRaw: raw(30_000, usdc) } } }),
    {},
  );

  it('is cut to what is owned, above what the mandate keeps and below what it allows', () => {
    expect(sizeOf('sell', plain)).toMatchObject({ baseRaw: raw(10, weth), cuts: [{ code: 'inventory' }] });
    expect(sizeOf('sell', guarded(plain, { minBaseRaw: raw(4, weth) })).baseRaw).toBe(raw(6, weth));
    expect(sizeOf('sell', guarded(plain, { minBaseRaw: raw(11, weth) })).baseRaw).toBe(0n);
    expect(sizeOf('buy', plain).baseRaw).toBe(raw(10, weth));
    expect(sizeOf('buy', guarded(plain, { maxBaseRaw: raw(12, weth) })).baseRaw).toBe(raw(2, weth));
    expect(sizeOf('buy', guarded(plain, { maxBaseRaw: raw(9, weth) })).baseRaw).toBe(0n);
  });

  it('that is just as large as what is owned is not cut', () => {
    expect(sizeOf('sell', plain, raw(10, weth))).toEqual({ baseRaw: raw(10, weth), cuts: [] });
    expect(sizeOf('buy', plain, raw(10, weth))).toEqual({ baseRaw: raw(10, weth), cuts: [] });
  });

  it('is cut to turnover left and to the largest order, the tightest named first', () => {
    const tight = guarded(plain, { turnoverAvailableRaw: raw(6_000, usdc) });
    expect(sizeOf('sell', tight)).toMatchObject({
      baseRaw: raw(2, weth),
      cuts: [{ code: 'turnover' }, { code: 'inventory' }],
    });
    const bound = oracleBound('sell', oracle, 0);
    const small = sizeOrder('sell', most, tight, oracle, bound, { ...limits, maxTradeQuote: 3_000 });
    expect(small.baseRaw).toBe(raw(1, weth));
    expect(small.cuts.map(({ code }) => code)).toEqual(['turnover', 'turnover', 'inventory']);
  });

  it('of a vault that owes on paper more than it owns is nothing', () => {
    const paper = { baseRaw: -raw(11, weth), quoteRaw: -raw(30_001, usdc) };
    const short = { ...plain, history: { ...plain.history, paper } };
    expect(sizeOf('sell', short).baseRaw).toBe(0n);
    expect(sizeOf('buy', short).baseRaw).toBe(0n);
  });
});
