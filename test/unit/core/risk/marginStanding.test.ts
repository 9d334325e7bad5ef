import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthFactorAt, type LendingAccount, type LendingReserve } from '../../../../src/core/margin.ts';
import { marginWords } from '../../../../src/core/report/marginWords.ts';
import { marginStandings } from '../../../../src/core/risk/marginStanding.ts';
import type { Address } from '../../../../src/core/units.ts';
import { lendingReserve } from '../../../support/margin.ts';
import { raw, snapshotWith, usdc, weth } from '../../../support/snapshot.ts';

const units = { base: 'WETH', quote: 'USDC' };

function accountOf(...reserves: readonly LendingReserve[]): LendingAccount {
  const pool: Address = '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2';
  const account = { label: 'aave v3', pool, reserves, eModeCategory: 0, healthFactor: Number.NaN };
  return { ...account, healthFactor: healthFactorAt(account) };
}

const standingsOf = (...lending: readonly LendingAccount[]) =>
  marginStandings(snapshotWith({ chain: { margin: { lending, written: [] } } }));
const wordsOf = (...lending: readonly LendingAccount[]) =>
  standingsOf(...lending).map((standing) => marginWords(standing, units));

const supplied = (asset: 'base' | 'quote', whole: number, change: Partial<LendingReserve> = {}) =>
  lendingReserve(asset, { suppliedRaw: raw(whole, asset === 'base' ? weth : usdc), ...change });
const owed = (asset: 'base' | 'quote', whole: number, change: Partial<LendingReserve> = {}) =>
  lendingReserve(asset, { debtRaw: raw(whole, asset === 'base' ? weth : usdc), ...change });

describe('how near to liquidation a vault is', () => {
  it('is the price of base, with its distance, at which each account that owes something is liquidated', () => {
    const long = accountOf(supplied('base', 10), owed('quote', 12_450));
    const short = accountOf(supplied('quote', 100_000), owed('base', 10));
    expect(standingsOf(long, short, accountOf(supplied('quote', 1)))).toEqual([
      expect.objectContaining({
        label: 'aave v3',
        liquidation: {
          price: expect.closeTo(1_500, 8) as number,
          priceChange: expect.closeTo(-0.5, 10) as number,
          when: 'below',
        },
      }),
      expect.objectContaining({
        liquidation: {
          price: expect.closeTo(7_800, 8) as number,
          priceChange: expect.closeTo(1.6, 10) as number,
          when: 'above',
        },
      }),
    ]);
    expect(wordsOf(long, short)).toEqual([
      'health factor 2.00; liquidated below 1,500.00 USDC a WETH (−50.0 %)',
      'health factor 2.60; liquidated above 7,800.00 USDC a WETH (+160.0 %)',
    ]);
  });

  it('is where the health factor is one', () => {
    const amounts = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(amounts, amounts, amounts, amounts, (baseIn, quoteIn, baseOut, quoteOut) => {
        const base = supplied('base', baseIn, { debtRaw: raw(baseOut, weth) });
        const quote = supplied('quote', quoteIn, { debtRaw: raw(quoteOut, usdc) });
        const account = accountOf(base, quote);
        const point = standingsOf(account)[0]?.liquidation ?? null;
        if (point === null) return;
        expect(healthFactorAt(account, { base: 1 + point.priceChange, quote: 1 })).toBeCloseTo(1, 6);
      }),
    );
  });

  it('says so where base alone changes nothing, whichever side of liquidation that is', () => {
    expect(wordsOf(accountOf(supplied('quote', 200), owed('quote', 100)))).toEqual([
      'health factor 1.56; not liquidated at any price of WETH alone',
    ]);
    expect(wordsOf(accountOf(supplied('quote', 100), owed('quote', 100)))).toEqual([
      'health factor 0.78; liquidated at any price of WETH alone',
    ]);
  });

  it('is a change of price where the market lists only what counts as base', () => {
    const staked = supplied('base', 10, {
      token: '0x7f39C581F595B53c5cb19bD0b3f8dA6c935E2Ca0',
      symbol: 'wstETH',
    });
    expect(wordsOf(accountOf(staked, owed('quote', 12_450)))).toEqual([
      'health factor 2.00; liquidated as WETH moves by −50.0 %',
    ]);
  });
});
