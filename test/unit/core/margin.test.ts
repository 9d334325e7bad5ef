import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  borrowableBase,
  borrowRateAfter,
  healthFactorAt,
  type LendingAccount,
  type LendingReserve,
  liquidationPrice,
} from '../../../src/core/margin.ts';
import { lendingReserve } from '../../support/margin.ts';

const account = (reserves: readonly LendingReserve[]): LendingAccount => ({
  label: 'aave',
  pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
  reserves,
  eModeCategory: 0,
  healthFactor: Number.NaN,
});
/** Quote supplied, base owed: what a vault that is long delta and owns no base holds. */
const shortBase = (quote: bigint, base: bigint, change: Partial<LendingReserve> = {}) =>
  account([
    lendingReserve('quote', { suppliedRaw: quote * 10n ** 6n }),
    lendingReserve('base', { debtRaw: base * 10n ** 18n, ...change }),
  ]);

describe('a lending account', () => {
  it('has the health factor of weighted collateral over debt, at any prices', () => {
    const short = shortBase(100_000n, 10n);
    expect(healthFactorAt(short)).toBeCloseTo((100_000 * 0.78) / 30_000, 12);
    expect(healthFactorAt(short, { base: 2, quote: 0.97 })).toBeCloseTo((97_000 * 0.78) / 60_000, 12);
    expect(healthFactorAt(shortBase(100_000n, 0n))).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts nothing that is supplied and not collateral', () => {
    const idle = account([
      lendingReserve('quote', { suppliedRaw: 10n ** 12n, isCollateral: false }),
      lendingReserve('base', { debtRaw: 10n ** 18n }),
    ]);
    expect(healthFactorAt(idle)).toBe(0);
  });

  it('is liquidated above a price where it owes base, below one where base backs it, and nowhere where neither', () => {
    expect(liquidationPrice(shortBase(100_000n, 10n), 3_000)).toEqual({
      price: expect.closeTo(7_800, 8) as number,
      when: 'above',
    });
    const long = account([
      lendingReserve('base', { suppliedRaw: 10n * 10n ** 18n }),
      lendingReserve('quote', { debtRaw: 12_000n * 10n ** 6n }),
    ]);
    expect(liquidationPrice(long, 3_000)).toEqual({
      price: expect.closeTo(12_000 / (10 * 0.83), 8) as number,
      when: 'below',
    });
    expect(liquidationPrice(shortBase(100_000n, 0n), 3_000)).toBeNull();
  });

  it('has a health factor of one at its liquidation price', () => {
    const amounts = fc.bigInt({ min: 1n, max: 10n ** 6n });
    fc.assert(
      fc.property(amounts, amounts, amounts, (quote, base, owed) => {
        const mixed = account([
          lendingReserve('quote', { suppliedRaw: quote * 10n ** 6n, debtRaw: owed * 10n ** 6n }),
          lendingReserve('base', { suppliedRaw: base * 10n ** 17n, debtRaw: owed * 10n ** 15n }),
        ]);
        const found = liquidationPrice(mixed, 3_000);
        if (found === null) return;
        expect(healthFactorAt(mixed, { base: found.price / 3_000, quote: 1 })).toBeCloseTo(1, 9);
        const beyond = found.when === 'below' ? 0.99 : 1.01;
        expect(healthFactorAt(mixed, { base: (beyond * found.price) / 3_000, quote: 1 })).toBeLessThan(1);
      }),
    );
  });

  it('lends base down to the floor of health, and no further than loans to value, liquidity and caps let it', () => {
    const rich = { availableRaw: 10n ** 24n };
    expect(borrowableBase(shortBase(100_000n, 0n, rich), 2)).toBeCloseTo(39_000 / 3_000, 10);
    expect(borrowableBase(shortBase(100_000n, 0n, rich), 1)).toBeCloseTo(75_000 / 3_000, 10);
    expect(borrowableBase(shortBase(100_000n, 0n, { availableRaw: 2n * 10n ** 18n }), 2)).toBe(2);
    expect(borrowableBase(shortBase(100_000n, 0n, { ...rich, borrowCapLeftRaw: 10n ** 18n }), 2)).toBe(1);
    expect(borrowableBase(shortBase(100_000n, 20n, rich), 2)).toBe(0);
    for (const shut of [{ isFrozen: true }, { isPaused: true }, { isBorrowingEnabled: false }]) {
      expect(borrowableBase(shortBase(100_000n, 0n, { ...rich, ...shut }), 2)).toBe(0);
    }
    expect(() => borrowableBase(shortBase(1n, 0n), 0.5)).toThrow('floor');
  });

  it('after borrowing all that it may stands exactly at the floor', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 10 ** 7 }),
        fc.double({ min: 1.2, max: 4, noNaN: true }),
        (quote, floor) => {
          const before = shortBase(BigInt(quote), 0n, { availableRaw: 10n ** 26n });
          const more = borrowableBase(before, floor);
          const after = shortBase(BigInt(quote), 0n, { debtRaw: BigInt(Math.round(more * 1e18)) });
          expect(healthFactorAt(after)).toBeCloseTo(floor, 6);
        },
      ),
    );
  });

  it('pays more for each loan, and steeply beyond the kink', () => {
    const reserve = lendingReserve('base', {
      availableRaw: 50n * 10n ** 18n,
      rateCurve: {
        utilization: 0.5,
        optimalUtilization: 0.8,
        baseRate: 0.01,
        slopeBelow: 0.04,
        slopeAbove: 0.8,
      },
    });
    expect(borrowRateAfter(reserve, 0n)).toBeCloseTo(0.01 + (0.04 * 0.5) / 0.8, 12);
    expect(borrowRateAfter(reserve, 30n * 10n ** 18n)).toBeCloseTo(0.05, 12);
    expect(borrowRateAfter(reserve, 40n * 10n ** 18n)).toBeCloseTo(0.05 + 0.8 * 0.5, 12);
    expect(borrowRateAfter(reserve, 50n * 10n ** 18n)).toBeCloseTo(0.85, 12);
  });
});
