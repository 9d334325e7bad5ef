import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalExposure } from '../../../../../src/core/exposure/exposure.ts';
import type { Position } from '../../../../../src/core/position.ts';
import { bookInMarkets } from '../../../../../src/core/risk/stress/bookInMarkets.ts';
import { stressConditions } from '../../../../../src/core/risk/stress/conditions.ts';
import {
  type StressCase,
  type StressInput,
  stressTest,
} from '../../../../../src/core/risk/stress/stressTest.ts';
import { lendingReserve } from '../../../../support/margin.ts';
import { nowSeconds, spotBase } from '../../../../support/snapshot.ts';
import { monthOption, stressInput } from '../../../../support/stressed.ts';

const caseOf = (input: StressInput, where: Partial<StressCase>) =>
  stressTest(input).find(
    (one) =>
      one.priceChange === (where.priceChange ?? 0) &&
      one.volatilityChange === (where.volatilityChange ?? 0) &&
      one.condition === (where.condition ?? 'as it is'),
  )!;

/** 200,000 quote supplied, 20 base owed. */
const borrower = {
  label: 'aave',
  pool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
  reserves: [
    lendingReserve('quote', { suppliedRaw: 200_000n * 10n ** 6n }),
    lendingReserve('base', { debtRaw: 20n * 10n ** 18n }),
  ],
  eModeCategory: 0,
  healthFactor: 2.6,
} as const;

describe('a book at many market points', () => {
  it('is what exposures add up to there, whatever it holds', () => {
    const option = fc
      .tuple(
        fc.constantFrom('call' as const, 'put' as const),
        fc.integer({ min: 500, max: 9_000 }),
        fc.integer({ min: -50, max: 50 }),
      )
      .map(([type, strike, size]) => monthOption(type, strike, size));
    const settled = { ...monthOption('call', 2_000, -3), settlementPrice: 2_500 };
    const expired = { ...monthOption('put', 3_300, -3), expirySeconds: nowSeconds - 5 };
    const range = (baseIsToken0: boolean): Position => ({
      kind: 'liquidity',
      label: 'range',
      pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
      baseIsToken0,
      tickLower: baseIsToken0 ? -202_000 : 193_000,
      tickUpper: baseIsToken0 ? -193_000 : 202_000,
      liquidity: 10n ** 15n,
    });
    const perp: Position = {
      kind: 'powerPerp',
      label: 'squeeth',
      size: -1,
      normalizationFactor: 0.4,
      markToIndex: 1.1,
    };
    const { view } = stressInput();
    fc.assert(
      fc.property(
        fc.array(option, { maxLength: 8 }),
        fc.double({ min: 100, max: 20_000, noNaN: true }),
        fc.double({ min: 0.05, max: 3, noNaN: true }),
        fc.boolean(),
        (options, spot, volatility, baseIsToken0) => {
          const positions = [...options, settled, expired, spotBase(2), range(baseIsToken0), perp];
          const [found] = bookInMarkets(positions, view, [{ spot, volatility }]);
          const { valueQuote, delta } = totalExposure(positions, { ...view, spot, volatility });
          expect(Math.abs(found!.valueQuote - valueQuote)).toBeLessThan(1e-9 * 10 ** 6);
          expect(found!.delta).toBeCloseTo(delta, 8);
        },
      ),
    );
  });
});

describe('a stress test', () => {
  it('tries every price and volatility under every condition', () => {
    expect(stressTest(stressInput())).toHaveLength(5 * 2 * stressConditions().length);
  });

  it('changes nothing where nothing changed', () => {
    const { valueChange, netDelta, healthFactor, marginUse } = caseOf(stressInput(), {});
    const { delta } = totalExposure(stressInput().positions, stressInput().view);
    expect({ valueChange, healthFactor, marginUse }).toEqual({
      valueChange: 0,
      healthFactor: Number.POSITIVE_INFINITY,
      marginUse: 0,
    });
    expect(netDelta).toBeCloseTo(delta, 9);
  });

  it('prices the way back by the present pools at the price there, and by the orders it takes', () => {
    const fall = caseOf(stressInput(), { priceChange: -0.2 });
    const q = fall.netDelta;
    expect(q).toBeGreaterThan(0);
    expect(fall.costQuote).toBeCloseTo(0.8 * (1.5 * q + 0.01 * q * q) + 2, 8);
    const thin = caseOf(stressInput(), { priceChange: -0.2, condition: 'depth / 5' });
    expect(thin.costQuote).toBeCloseTo(0.8 * (1.5 * q + 0.05 * q * q) + 2, 8);
    const dear = caseOf(stressInput(), { priceChange: -0.2, condition: 'gas x 20' });
    expect(dear.costQuote! - fall.costQuote!).toBeCloseTo(38, 8);
    const small = { ...stressInput().market, capacity: { sell: 10, buy: 10 } };
    const sliced = caseOf(stressInput({ market: small }), { priceChange: -0.2 });
    expect(sliced.orders).toBe(Math.ceil(q / 10));
  });

  it('with the largest pool gone trades on what the others take', () => {
    const gone = caseOf(stressInput(), { priceChange: -0.2, condition: 'largest pool gone' });
    const q = gone.netDelta;
    expect(gone.costQuote).toBeCloseTo(0.8 * (1.5 * q + 0.025 * q * q) + 2, 8);
    const only = { ...stressInput().market, largestPoolShare: 1 };
    const none = caseOf(stressInput({ market: only }), { priceChange: -0.2, condition: 'largest pool gone' });
    expect(none).toMatchObject({ costQuote: null, lacks: 'pools' });
  });

  it('says what is lacking: base to sell, quote to spend, an oracle that follows', () => {
    expect(caseOf(stressInput(), { priceChange: -0.2 }).lacks).toBeNull();
    expect(caseOf(stressInput({ sellableBase: 1 }), { priceChange: -0.2 })).toMatchObject({ lacks: 'base' });
    expect(caseOf(stressInput({ quote: 1_000 }), { priceChange: 0.2 }).lacks).toBe('quote');
    expect(caseOf(stressInput(), { priceChange: -0.2, condition: 'oracle late' }).lacks).toBe('oracle');
    expect(caseOf(stressInput(), { priceChange: 0.2, condition: 'oracle late' }).lacks).toBe('oracle');
    expect(caseOf(stressInput(), { condition: 'oracle late' }).lacks).toBeNull();
  });

  it('takes a quote token below its peg for a higher price of base in it and for less collateral', () => {
    const depeg = caseOf(stressInput({ lending: [borrower] }), { condition: 'quote at 0.97' });
    expect(depeg.spot).toBeCloseTo(3_000 / 0.97, 9);
    expect(depeg.healthFactor).toBeCloseTo((0.97 * 200_000 * 0.78) / 60_000, 9);
  });

  it('counts margin where base is owed: worse the higher the price', () => {
    const input = stressInput({ lending: [borrower], debtBase: 20 });
    const use = (priceChange: number) => caseOf(input, { priceChange }).marginUse;
    expect(use(0)).toBeCloseTo(1.5 / 2.6, 9);
    expect(use(0.4)).toBeCloseTo((1.5 / 2.6) * 1.4, 9);
    expect(use(-0.4)).toBeLessThan(use(0));
  });

  it('borrows what is not owned, as far as floor and cap let it', () => {
    const short = { sellableBase: 0, lending: [borrower], debtBase: 20 };
    const free = stressInput({
      ...short,
      borrowing: { minHealthFactor: 1.1, maxDebtBase: 100, mayWithdraw: false },
    });
    const q = caseOf(free, { priceChange: -0.2 }).netDelta;
    expect(caseOf(free, { priceChange: -0.2 })).toMatchObject({ lacks: null, borrowedBase: q });
    const capped = stressInput({
      ...short,
      borrowing: { minHealthFactor: 1.1, maxDebtBase: 20, mayWithdraw: false },
    });
    expect(caseOf(capped, { priceChange: -0.2 }).lacks).toBe('base');
    const careful = stressInput({
      ...short,
      borrowing: { minHealthFactor: 1.5, maxDebtBase: 100, mayWithdraw: false },
    });
    expect(caseOf(careful, { priceChange: -0.2 }).lacks).toBe('base');
  });

  it('lacks no quote that is supplied and may be withdrawn to buy back with', () => {
    const borrowing = { minHealthFactor: 1.5, maxDebtBase: 100, mayWithdraw: true };
    const poor = { quote: 1_000, lending: [borrower], debtBase: 20, borrowing };
    const rise = { priceChange: 0.2 };
    expect(caseOf(stressInput(poor), rise).netDelta).toBeLessThan(-10);
    expect(caseOf(stressInput(poor), rise).lacks).toBeNull();
    const shut = { ...poor, borrowing: { ...borrowing, mayWithdraw: false } };
    expect(caseOf(stressInput(shut), rise).lacks).toBe('quote');
  });

  it('refuses a price that is not one, by name', () => {
    expect(() => stressTest(stressInput({ priceChanges: [-1] }))).toThrow('priceChange');
  });
});
