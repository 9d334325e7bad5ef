import { describe, expect, it } from 'vitest';
import { reach, reachGrid } from '../../../../../src/core/risk/stress/reach.ts';
import { lendingReserve } from '../../../../support/margin.ts';
import { spotBase } from '../../../../support/snapshot.ts';
import { monthOption, stressInput } from '../../../../support/stressed.ts';

const lender = (quoteSupplied: bigint) => ({
  label: 'aave',
  pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2' as const,
  reserves: [
    lendingReserve('quote', { suppliedRaw: quoteSupplied * 10n ** 6n }),
    lendingReserve('base', { availableRaw: 10n ** 24n }),
  ],
  eModeCategory: 0,
  healthFactor: Number.POSITIVE_INFINITY,
});

describe('the reach of a vault', () => {
  it('never ends on the way down for written calls that are held against base: selling needs no more than is owned', () => {
    const { down } = reach(stressInput({ sellableBase: 100, quote: 10 ** 6 }));
    expect(down).toMatchObject({ end: 'grid', priceChange: expect.closeTo(-0.9, 9) as number });
  });

  it('ends upwards where quote to buy with runs out', () => {
    const { up } = reach(stressInput({ quote: 20_000 }));
    expect(up.end).toBe('quote');
    expect(up.priceChange).toBeGreaterThan(0);
    expect(reach(stressInput({ quote: 40_000 })).up.priceChange).toBeGreaterThan(up.priceChange);
  });

  it('goes on upwards with quote that is supplied and may be withdrawn, as far as its debt leaves health', () => {
    const borrowing = { minHealthFactor: 1.5, maxDebtBase: 0, mayWithdraw: false };
    const of = (mayWithdraw: boolean, supplied: bigint, owed = 0) => {
      const account = lender(supplied);
      const reserves = account.reserves.map((one) =>
        one.asset === 'base' ? { ...one, debtRaw: BigInt(owed) * 10n ** 18n } : one,
      );
      const lending = [{ ...account, reserves }];
      return reach(
        stressInput({ quote: 20_000, lending, debtBase: owed, borrowing: { ...borrowing, mayWithdraw } }),
      ).up;
    };
    const alone = of(false, 20_000n);
    // Twenty thousand owned and twenty supplied, nothing owed, reach as far as forty owned.
    expect(of(true, 20_000n)).toEqual(reach(stressInput({ quote: 40_000 })).up);
    expect(of(true, 0n)).toEqual(alone);
    const owing = of(true, 120_000n, 15);
    expect(owing.priceChange).toBeGreaterThan(of(false, 120_000n, 15).priceChange);
    expect(owing.priceChange).toBeLessThanOrEqual(reach(stressInput({ quote: 140_000 })).up.priceChange);
    expect(owing.end).toBe('quote');
  });

  it('without base and without a loan ends at once for written puts, and with a loan goes on until margin or cap', () => {
    const puts = { positions: [monthOption('put', 3_000, -100)], sellableBase: 0, quote: 100_000 };
    expect(reach(stressInput(puts)).down).toMatchObject({ end: 'base', priceChange: 0 });
    const borrowing = { minHealthFactor: 1.5, maxDebtBase: 80, mayWithdraw: false };
    const lent = stressInput({ ...puts, lending: [lender(400_000n)], borrowing });
    expect(reach(lent).down).toMatchObject({ end: 'debt' });
    const poor = stressInput({ ...puts, lending: [lender(250_000n)], borrowing });
    expect(reach(poor).down).toMatchObject({ end: 'margin' });
    expect(reach(lent).down.priceChange).toBeLessThan(-0.1);
  });

  it('is unlimited and free where nothing curves', () => {
    const flat = reach(
      stressInput({
        positions: [spotBase(50), { ...monthOption('call', 1, -50), expirySeconds: 2_000_000_000 }],
      }),
    );
    expect(flat.up).toMatchObject({ end: 'grid' });
    expect(flat.down.turnoverQuote).toBeLessThan(2_000);
  });

  it('gives back what was sold: the way down and its mirror cost what was paid on each trade', () => {
    const free = { ...reachGrid, costBps: 0 };
    const one = reach(stressInput({ sellableBase: 100, quote: 10 ** 6 }), free).down;
    const fine = reach(stressInput({ sellableBase: 100, quote: 10 ** 6 }), { ...free, step: 0.001 }).down;
    expect(one.turnoverQuote / fine.turnoverQuote).toBeCloseTo(1, 2);
    expect(fine.largestTradeBase).toBeLessThan(one.largestTradeBase / 5);
  });

  it('refuses a grid that is none, by name', () => {
    expect(() => reach(stressInput(), { ...reachGrid, step: 0 })).toThrow('step');
    expect(() => reach(stressInput(), { ...reachGrid, down: -1 })).toThrow('down');
  });
});
