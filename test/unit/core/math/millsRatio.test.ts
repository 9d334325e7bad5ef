import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { millsRatio } from '../../../../src/core/math/millsRatio.ts';
import { normalCdf, normalPdf } from '../../../../src/core/math/normal.ts';

describe('millsRatio', () => {
  // Computed with 80 digits.
  it.each([
    [-30, 6.785889613061118e195],
    [-3, 225.33489622034912],
    [-0.5, 1.9640174953579939],
    [0, 1.2533141373155003],
    [0.1, 1.1592623996187363],
    [1, 0.6556795424187984],
    [5.6, 0.17335028501302024],
    [5.7, 0.17047376074592785],
    [20, 0.04987592598183679],
    [1e4, 9.999999900000004e-5],
    [1e150, 1e-150],
  ])('at %d is %d', (x, expected) => {
    expect(Math.abs(millsRatio(x) / expected - 1)).toBeLessThan(x < 0 ? 2e-14 : 5e-16);
  });

  it('is the tail over the density wherever doubles hold both', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 37, noNaN: true }), (x) => {
        expect(Math.abs((millsRatio(x) * normalPdf(x)) / normalCdf(-x) - 1)).toBeLessThan(1e-14);
      }),
    );
  });

  it('falls', () => {
    const point = fc.double({ min: -30, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(point, point, (one, other) => {
        fc.pre(Math.abs(one - other) > 1e-6 * (1 + Math.abs(one)));
        expect(millsRatio(one) > millsRatio(other)).toBe(one < other);
      }),
    );
  });
});
