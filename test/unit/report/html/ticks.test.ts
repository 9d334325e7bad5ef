import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisOf, shareOn, tickText } from '../../../../src/report/html/ticks.ts';

const values = fc.array(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('an axis', () => {
  it('holds every value and tick, in order', () => {
    fc.assert(
      fc.property(values, (all) => {
        const axis = axisOf(all);
        for (const value of [...all, ...axis.ticks]) {
          expect(shareOn(axis, value)).toBeGreaterThanOrEqual(-1e-9);
          expect(shareOn(axis, value)).toBeLessThanOrEqual(1 + 1e-9);
        }
        expect(axis.ticks.every((tick, index) => index === 0 || tick > axis.ticks[index - 1]!)).toBe(true);
      }),
    );
  });

  it('is straight for what is near together and logarithmic for what is far apart', () => {
    expect(axisOf([100, 200, 400]).isLog).toBe(false);
    expect(axisOf([1, 1_000])).toMatchObject({ isLog: true, ticks: [1, 10, 100, 1_000] });
    expect(axisOf([0, 1_000]).isLog).toBe(false);
  });

  it('has round ticks', () => {
    expect(axisOf([0, 97]).ticks).toEqual([0, 20, 40, 60, 80, 100]);
  });

  it('has no two ticks of the same words', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 1_000 }),
        (low, steps) => {
          const axis = axisOf([low, low * (1 + steps / 1e5)]);
          const words = axis.ticks.map((tick) => tickText(axis, tick));
          expect(new Set(words).size).toBe(words.length);
        },
      ),
    );
    expect([2_999.5, 3_000, 3_000.5].map((tick) => tickText(axisOf([2_999.6, 3_000.4]), tick))).toEqual([
      '2,999.5',
      '3,000.0',
      '3,000.5',
    ]);
  });

  it('stands for nothing, too', () => {
    expect(axisOf([])).toMatchObject({ low: 0, high: 1 });
    expect(axisOf([5, 5]).low).toBeLessThan(5);
  });
});
