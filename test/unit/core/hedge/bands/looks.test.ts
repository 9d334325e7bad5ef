import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actAtLooks } from '../../../../../src/core/hedge/bands/looks.ts';

const positive = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

describe('an act level that is looked at now and then', () => {
  it('stays where it is for who always looks, and where there is nothing to draw in', () => {
    expect(actAtLooks(3, 5, 0)).toBe(3);
    expect(actAtLooks(-1, 5, 1)).toBe(-1);
    expect(actAtLooks(0, 5, 1)).toBe(0);
    expect(actAtLooks(Number.POSITIVE_INFINITY, 5, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is lower by the mean overshoot of a step where a step is small', () => {
    const step = 1e-4;
    expect((1 - actAtLooks(1, step ** 2, 1)) / step).toBeCloseTo(0.5826, 3);
  });

  it('stays above 0, falls with the time between looks, and scales with the book', () => {
    fc.assert(
      fc.property(
        positive(1e-6, 1e6),
        positive(1e-9, 1e9),
        positive(1e-8, 1),
        positive(1e-3, 1e3),
        (act, rate, years, size) => {
          const drawnIn = actAtLooks(act, rate, years);
          expect(drawnIn).toBeGreaterThan(0);
          expect(actAtLooks(act, rate, 2 * years)).toBeLessThan(drawnIn);
          expect(actAtLooks(size * act, size ** 2 * rate, years) / (size * drawnIn)).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});
