import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseInstruments, type Instrument } from '../../../../src/core/hedge/instruments.ts';

const instrument = (kind: Instrument['kind'], change: Partial<Instrument> = {}): Instrument => ({
  kind,
  side: 'sell',
  capacity: 1_000,
  onceQuote: 0,
  perUnitQuote: 0,
  perUnitYearQuote: 0,
  marginPerUnitQuote: 0,
  isExecutable: true,
  ...change,
});
/** 3 % a year on base of 3,000, 4 quote of gas for the loan. */
const borrow = instrument('borrow', { onceQuote: 4, perUnitYearQuote: 90 });
const owned = (capacity: number) => instrument('inventory', { capacity });
const month = 30 / 365;
const sell = (size: number, instruments: readonly Instrument[], holdingYears = month) =>
  chooseInstruments({ side: 'sell', size, instruments, holdingYears });

describe('choosing hedging instruments', () => {
  it('sells what is owned first and borrows the rest', () => {
    const { uses, leftBase, totalQuote } = sell(10, [owned(4), borrow]);
    expect(uses).toEqual([
      { kind: 'inventory', base: 4, onceQuote: 0, perDayQuote: 0 },
      { kind: 'borrow', base: 6, onceQuote: 4, perDayQuote: (90 * 6) / 365 },
    ]);
    expect(leftBase).toBe(0);
    expect(totalQuote).toBeCloseTo(4 + 90 * 6 * month, 12);
  });

  it('does not pay the gas of a second instrument that saves less than it', () => {
    const dear = instrument('withdraw', { capacity: 4, onceQuote: 40, perUnitYearQuote: 60 });
    expect(sell(10, [dear, borrow]).uses.map(({ kind }) => kind)).toEqual(['borrow']);
    const cheap = { ...dear, onceQuote: 0.1, perUnitYearQuote: -20 };
    expect(sell(10, [cheap, borrow]).uses.map(({ kind }) => kind)).toEqual(['withdraw', 'borrow']);
  });

  it('pays a fixed cost for a hedge that is held long and not for a short one', () => {
    const lent = instrument('borrow', { onceQuote: 1, perUnitYearQuote: 90 });
    const withdrawn = instrument('withdraw', { onceQuote: 5, perUnitYearQuote: 30 });
    expect(sell(10, [lent, withdrawn], 1 / 365).uses[0]?.kind).toBe('borrow');
    expect(sell(10, [lent, withdrawn], 1).uses[0]?.kind).toBe('withdraw');
  });

  it('says what is left where nothing takes it', () => {
    expect(sell(10, [owned(4)])).toMatchObject({ leftBase: 6, uses: [{ kind: 'inventory', base: 4 }] });
    expect(sell(10, [])).toEqual({ uses: [], leftBase: 10, totalQuote: 0, cheaperUnexecutable: null });
  });

  it('buying back repays before it keeps', () => {
    const both = [
      instrument('repay', { side: 'buy', capacity: 3, perUnitYearQuote: -90 }),
      instrument('inventory', { side: 'buy' }),
    ];
    const { uses } = chooseInstruments({ side: 'buy', size: 5, instruments: both, holdingYears: month });
    expect(uses.map(({ kind, base }) => [kind, base])).toEqual([
      ['repay', 3],
      ['inventory', 2],
    ]);
  });

  it('weighs what it cannot use yet, and says what that would save', () => {
    const perp = instrument('perp', { perUnitQuote: -1, perUnitYearQuote: -50, isExecutable: false });
    const { uses, cheaperUnexecutable } = sell(10, [borrow, perp]);
    expect(uses.map(({ kind }) => kind)).toEqual(['borrow']);
    expect(cheaperUnexecutable).toEqual({
      kind: 'perp',
      savedQuote: expect.closeTo(4 + 90 * 10 * month + 10 + 500 * month, 9) as number,
    });
  });

  it('counts margin: a loan that eats it gives way to one that does not', () => {
    const thin = { ...borrow, marginPerUnitQuote: 20 };
    expect(sell(10, [thin, instrument('withdraw', { onceQuote: 9 })]).uses[0]?.kind).toBe('withdraw');
  });

  it('is never dearer than any other allocation of the same size', () => {
    const any = fc.record({
      capacity: fc.integer({ min: 0, max: 20 }),
      onceQuote: fc.integer({ min: 0, max: 30 }),
      perUnitYearQuote: fc.integer({ min: -50, max: 200 }),
    });
    fc.assert(
      fc.property(any, any, fc.integer({ min: 1, max: 30 }), (a, b, size) => {
        const [one, two] = [instrument('inventory', a), instrument('borrow', b)];
        const found = sell(size, [one, two], 1);
        const costOf = (of: Instrument, base: number) =>
          base === 0 ? 0 : of.onceQuote + of.perUnitYearQuote * base;
        for (let base = 0; base <= size; base += 1) {
          if (base > one.capacity || size - base > two.capacity) continue;
          expect(found.leftBase).toBe(0);
          expect(found.totalQuote).toBeLessThanOrEqual(costOf(one, base) + costOf(two, size - base) + 1e-9);
        }
        const used = found.uses.reduce((sum, use) => sum + use.base, 0);
        expect(used + found.leftBase).toBeCloseTo(size, 9);
      }),
    );
  });

  it('refuses what cannot be, by name', () => {
    expect(() => sell(0, [])).toThrow('size');
    expect(() => sell(1, [owned(-1)])).toThrow('inventory.capacity');
  });
});
