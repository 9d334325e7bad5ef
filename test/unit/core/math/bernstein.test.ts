import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { multiplyPolynomials, negativeOnHalfLine } from '../../../../src/core/math/bernstein.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const valueAt = (coefficients: readonly number[], y: number) =>
  coefficients.reduceRight((sum, coefficient) => sum * y + coefficient, 0);
/** (y - root)^2 + lift: never below lift. */
const bowl = (root: number, lift: number) => [root * root + lift, -2 * root, 1];

describe('negativeOnHalfLine', () => {
  it('proves that products of bowls are nowhere negative', () => {
    const factor = fc.tuple(number(0, 20), number(1e-3, 1)).map(([root, lift]) => bowl(root, lift));
    fc.assert(
      fc.property(fc.array(factor, { minLength: 1, maxLength: 4 }), (factors) => {
        expect(negativeOnHalfLine(factors.reduce(multiplyPolynomials))).toBeUndefined();
      }),
    );
  });

  it('finds a dip however narrow', () => {
    fc.assert(
      fc.property(number(0.01, 50), number(1e-6, 1e-2), (root, depth) => {
        const tested = bowl(root, -depth * root * root);
        const at = negativeOnHalfLine(tested)!;
        expect(valueAt(tested, at)).toBeLessThan(0);
        expect(Math.abs(at / root - 1)).toBeLessThanOrEqual(Math.sqrt(depth));
      }),
    );
  });

  it('looks only where the condition is positive', () => {
    // y - 2 is negative below 2, and there 3 - y is positive, but y - 2 is not.
    expect(negativeOnHalfLine([-2, 1], [3, -1])).toBeLessThan(2);
    expect(negativeOnHalfLine([-2, 1], [-2, 1])).toBeUndefined();
  });

  it('knows both ends of the line', () => {
    expect(negativeOnHalfLine([-1, 3])).toBe(0);
    expect(negativeOnHalfLine([1, 0, -1])).toBe(Number.POSITIVE_INFINITY);
  });
});
