import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxDrawdown, performanceOf, standardDeviation } from '../../../../src/core/report/performance.ts';

const series = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50 });

describe('performance', () => {
  it('measures a known series', () => {
    const { end, maxDrawdown: fall, stdDev } = performanceOf([0, 10, 4, 12, -3, 2]);
    expect({ end, fall }).toEqual({ end: 2, fall: 15 });
    // changes 10, -6, 8, -15, 5: mean 0.4, squares 449.2, n - 1 = 4
    expect(stdDev).toBeCloseTo(Math.sqrt(449.2 / 4), 12);
  });

  it('finds the deepest fall that any two values show', () => {
    fc.assert(
      fc.property(series, (values) => {
        const falls = values.flatMap((from, i) => values.slice(i).map((to) => from - to));
        expect(maxDrawdown(values)).toBe(Math.max(0, ...falls));
      }),
    );
  });

  it('does not change when a constant is added', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: -1_000, max: 1_000 }), (values, shift) => {
        const shifted = performanceOf(values.map((value) => value + shift));
        expect(shifted.maxDrawdown).toBe(maxDrawdown(values));
        expect(shifted.stdDev).toBeCloseTo(performanceOf(values).stdDev, 9);
      }),
    );
  });

  it('is calm about short series and refuses a value that is no number', () => {
    expect(performanceOf([])).toEqual({ end: 0, maxDrawdown: 0, stdDev: 0 });
    expect(standardDeviation([5])).toBe(0);
    expect(() => performanceOf([1, Number.NaN])).toThrow('values[1] is NaN');
  });
});
