import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthFactorAt, type LendingAccount, type LendingReserve } from '../../../../../src/core/margin.ts';
import type { RangeAtHand } from '../../../../../src/core/risk/reduce/rangesAtHand.ts';
import {
  afterAction,
  type ReduceInput,
  reduceActions,
} from '../../../../../src/core/risk/reduce/reduceActions.ts';
import { lendingReserve } from '../../../../support/margin.ts';

const accountOf = (quote: Partial<LendingReserve>, base: Partial<LendingReserve>): LendingAccount => ({
  label: 'aave',
  pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
  reserves: [lendingReserve('quote', quote), lendingReserve('base', base)],
  eModeCategory: 0,
  healthFactor: Number.NaN,
});
const weth = (whole: number) => BigInt(Math.round(whole * 1e6)) * 10n ** 12n;
const usdc = (whole: number) => BigInt(Math.round(whole * 1e6));
/** 100,000 quote supplied, 15 base owed: a fifth up it has a health factor of 1.44. */
const inputOf = (change: Partial<ReduceInput> = {}): ReduceInput => ({
  account: accountOf({ suppliedRaw: usdc(100_000) }, { debtRaw: weth(15) }),
  freeBaseRaw: weth(10),
  freeQuoteRaw: usdc(50_000),
  ranges: [],
  factors: { base: 1.2, quote: 1 },
  minHealthFactor: 1.5,
  goalUse: 0.85,
  legGasQuote: 3,
  withdrawalGasQuote: 4,
  holdingYears: 0,
  ...change,
});
const worstUse = (input: ReduceInput, account: LendingAccount) =>
  input.minHealthFactor / healthFactorAt(account, input.factors);

const rangeOf = (tokenId: bigint, change: Partial<RangeAtHand> = {}): RangeAtHand => {
  const { expected = { baseRaw: weth(10), quoteRaw: 0n } } = change;
  return {
    label: `uniswap v3 #${tokenId}`,
    manager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88',
    tokenId,
    liquidity: 10n ** 18n,
    isInPrice: false,
    expected,
    least: expected,
    fees: { baseRaw: 0n, quoteRaw: 0n },
    deltaChange: 0,
    valueQuote: 30_000,
    ...change,
  };
};
const poor = { freeBaseRaw: 0n, freeQuoteRaw: 0n };
const words = (input: ReduceInput) =>
  reduceActions(input).map(({ kind, asset, withdrawal }) => {
    const first = withdrawal === null ? '' : `withdraw ${withdrawal.range.tokenId}, `;
    return `${first}${kind} ${asset}`;
  });

describe('liquidity withdrawn to ease margin', () => {
  it('is left where what is owned suffices, and withdrawn for the step that needs it where it does not', () => {
    expect(words(inputOf({ ranges: [rangeOf(1n)] }))).toEqual(['repay base']);
    const [action, ...more] = reduceActions(inputOf({ ...poor, ranges: [rangeOf(1n)] }));
    expect(more).toEqual([]);
    expect(action).toMatchObject({ kind: 'repay', asset: 'base', costQuote: 7 });
    expect(action!.withdrawal).toMatchObject({ liquidity: 10n ** 18n, least: { baseRaw: weth(10) } });
    expect(action!.useAfter).toBeCloseTo(0.85, 5);
    expect(action!.text).toMatch(/^withdraw uniswap v3 #1 \(out of the price\) and repay \d/);
  });

  it('serves further steps with what it brought', () => {
    const both = { expected: { baseRaw: weth(1), quoteRaw: usdc(3_000) } };
    expect(words(inputOf({ ...poor, ranges: [rangeOf(1n, both)] }))).toEqual([
      'withdraw 1, repay base',
      'supply quote',
    ]);
  });

  it('takes the range first that removes most per quote', () => {
    const ranges = [rangeOf(1n, { expected: { baseRaw: weth(0.2), quoteRaw: 0n } }), rangeOf(2n)];
    expect(words(inputOf({ ...poor, ranges }))).toEqual(['withdraw 2, repay base']);
  });

  it('touches what is in the price only when nothing else eases, and no more of it than it takes', () => {
    const inPrice = rangeOf(1n, { isInPrice: true });
    const small = rangeOf(2n, { expected: { baseRaw: weth(0.5), quoteRaw: 0n } });
    expect(words(inputOf({ ...poor, ranges: [inPrice, small] }))).toEqual([
      'withdraw 2, repay base',
      'withdraw 1, repay base',
    ]);
    const [action] = reduceActions(inputOf({ ...poor, ranges: [inPrice] }));
    const { liquidity, least } = action!.withdrawal!;
    expect(liquidity < 10n ** 18n).toBe(true);
    expect(least.baseRaw - action!.amountRaw).toBeGreaterThanOrEqual(0n);
    expect(Number(least.baseRaw - action!.amountRaw)).toBeLessThan(1e3);
  });

  it('fits into one order', () => {
    const ranges = Array.from({ length: 9 }, (_, n) =>
      rangeOf(BigInt(n), { expected: { baseRaw: weth(0.2), quoteRaw: 0n } }),
    );
    const actions = reduceActions(inputOf({ ...poor, ranges }));
    expect(actions).toHaveLength(4);
    expect(actions.every(({ withdrawal }) => withdrawal !== null)).toBe(true);
  });

  it('never spends more than is free or withdrawn, and every step lowers the worst case', () => {
    const amounts = fc.record({
      base: fc.integer({ min: 0, max: 10 }),
      quote: fc.integer({ min: 0, max: 30_000 }),
      isInPrice: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 5 }), fc.integer({ min: 0, max: 3 }), (found, free) => {
        const ranges = found.map(({ base, quote, isInPrice }, n) =>
          rangeOf(BigInt(n), { isInPrice, expected: { baseRaw: weth(base), quoteRaw: usdc(quote) } }),
        );
        const input = inputOf({ ranges, freeBaseRaw: weth(free), freeQuoteRaw: usdc(free * 1_000) });
        let { account, freeBaseRaw, freeQuoteRaw } = input;
        for (const action of reduceActions(input)) {
          freeBaseRaw += action.withdrawal?.least.baseRaw ?? 0n;
          freeQuoteRaw += action.withdrawal?.least.quoteRaw ?? 0n;
          if (action.asset === 'base') freeBaseRaw -= action.amountRaw;
          else freeQuoteRaw -= action.amountRaw;
          expect(freeBaseRaw >= 0n && freeQuoteRaw >= 0n).toBe(true);
          const before = worstUse(input, account);
          account = afterAction(account, action);
          expect(worstUse(input, account)).toBeLessThan(before);
        }
      }),
    );
  });
});

describe('reducing margin use', () => {
  it('does nothing where the worst case is within its goal', () => {
    expect(reduceActions(inputOf({ goalUse: 1.05 }))).toEqual([]);
  });

  it('repays from inventory just as much as the goal asks for', () => {
    const [action, ...more] = reduceActions(inputOf());
    expect(more).toEqual([]);
    expect(action).toMatchObject({ kind: 'repay', asset: 'base', costQuote: 3 });
    expect(action!.useAfter).toBeCloseTo(0.85, 5);
    expect(action!.useAfter).toBeLessThanOrEqual(0.85);
  });

  it('goes on with the next cheapest where one does not suffice, and says each', () => {
    const actions = reduceActions(inputOf({ freeBaseRaw: weth(0.5) }));
    expect(actions.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual(['supply quote']);
    const poor = reduceActions(inputOf({ freeBaseRaw: weth(1), freeQuoteRaw: usdc(5_000) }));
    expect(poor.map(({ kind, asset }) => `${kind} ${asset}`)).toEqual(['repay base', 'supply quote']);
    expect(poor[0]!.text).toMatch(/^repay 1 WETH: worst margin use \d\.\d\d to \d\.\d\d, costs 3\.00 quote$/);
  });

  it('counts the interest that repaying saves', () => {
    const [action] = reduceActions(inputOf({ holdingYears: 0.25, freeQuoteRaw: 0n }));
    expect(action!.costQuote).toBeCloseTo(3 - (Number(action!.amountRaw) / 1e18) * 3_000 * 0.03 * 0.25, 6);
  });

  it('leaves alone what is paused, frozen, capped or backs nothing', () => {
    const kinds = (quote: Partial<LendingReserve>, base: Partial<LendingReserve>) =>
      reduceActions(
        inputOf({
          account: accountOf({ suppliedRaw: usdc(100_000), ...quote }, { debtRaw: weth(15), ...base }),
          freeBaseRaw: weth(0.1),
        }),
      ).map(({ kind, asset }) => `${kind} ${asset}`);
    expect(kinds({ isFrozen: true }, {})).toEqual(['repay base']);
    expect(kinds({ isPaused: true }, { isPaused: true })).toEqual([]);
    expect(kinds({ supplyCapLeftRaw: 0n }, {})).toEqual(['repay base']);
  });

  it('never spends more than is free or owed, never trades, and every step lowers the worst case', () => {
    const whole = fc.integer({ min: 0, max: 60_000 });
    fc.assert(
      fc.property(
        whole,
        whole,
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.6, max: 1.6, noNaN: true }),
        (quote, free, owed, base) => {
          const input = inputOf({
            account: accountOf(
              { suppliedRaw: usdc(quote) },
              { debtRaw: weth(owed), suppliedRaw: weth(owed / 3) },
            ),
            freeBaseRaw: weth(free / 5_000),
            freeQuoteRaw: usdc(free),
            factors: { base, quote: 0.97 },
          });
          const actions = reduceActions(input);
          let { account } = input;
          for (const action of actions) {
            const before = worstUse(input, account);
            account = afterAction(account, action);
            expect(worstUse(input, account)).toBeLessThan(before);
          }
          const spent = (asset: 'base' | 'quote') =>
            actions.filter((one) => one.asset === asset).reduce((sum, one) => sum + one.amountRaw, 0n);
          expect(spent('base') <= input.freeBaseRaw).toBe(true);
          expect(spent('quote') <= input.freeQuoteRaw).toBe(true);
          expect(account.reserves.every(({ debtRaw }) => debtRaw >= 0n)).toBe(true);
        },
      ),
    );
  });
});
