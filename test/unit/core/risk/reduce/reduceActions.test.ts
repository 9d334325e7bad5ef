import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthFactorAt, type LendingAccount, type LendingReserve } from '../../../../../src/core/margin.ts';
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
  factors: { base: 1.2, quote: 1 },
  minHealthFactor: 1.5,
  goalUse: 0.85,
  legGasQuote: 3,
  holdingYears: 0,
  ...change,
});
const worstUse = (input: ReduceInput, account: LendingAccount) =>
  input.minHealthFactor / healthFactorAt(account, input.factors);

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
