import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { integerSqrtDown, integerSqrtUp } from '../../../../src/core/math/integerSqrt.ts';
import { exactRatio, ratioToNumber } from '../../../../src/core/math/ratio.ts';
import { compensatedSum } from '../../../../src/core/math/sum.ts';

/** Also beyond the range of doubles, which end at 1024 bits. */
const anySize = fc
  .constantFrom(8, 64, 200, 400, 1023, 1025, 3000)
  .chain((bits) => fc.bigInt({ min: 0n, max: 1n << BigInt(bits) }));

describe('integer square roots', () => {
  it('bracket the real root', () => {
    fc.assert(
      fc.property(anySize, (value) => {
        const down = integerSqrtDown(value);
        const up = integerSqrtUp(value);
        expect(down * down <= value && (down + 1n) ** 2n > value).toBe(true);
        expect(up).toBe(down * down === value ? down : down + 1n);
      }),
    );
  });

  it('of squares are exact both ways', () => {
    fc.assert(
      fc.property(anySize, (root) => {
        expect([integerSqrtDown(root * root), integerSqrtUp(root * root)]).toEqual([root, root]);
      }),
    );
  });

  it('of a negative number do not exist', () => {
    expect(() => integerSqrtDown(-1n)).toThrow(InvalidInputError);
  });
});

describe('a double as a fraction', () => {
  it('is that double again, from the smallest to the largest', () => {
    const anyPrice = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(anyPrice, (value) => {
        expect(ratioToNumber(exactRatio(value))).toBe(value);
      }),
      {
        examples: [[Number.MIN_VALUE], [Number.MAX_VALUE], [0], [0.1], [2 ** 53 + 2]],
      },
    );
  });

  it('is exact: 0.1 is a little more than a tenth', () => {
    expect(exactRatio(0.1)).toEqual({ numerator: 3602879701896397n, denominator: 1n << 55n });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('%d has none', (value) => {
    expect(() => exactRatio(value)).toThrow(InvalidInputError);
  });
});

describe('a compensated sum', () => {
  it('keeps what large terms that cancel leave', () => {
    expect(compensatedSum([1e16, 1, -1e16])).toBe(1);
    expect([1e16, 1, -1e16].reduce((sum, term) => sum + term, 0)).toBe(0);
  });

  it('does not depend on the order', () => {
    const terms = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(terms, (values) => {
        const scale = values.reduce((sum, value) => sum + Math.abs(value), 1);
        const difference = compensatedSum(values) - compensatedSum([...values].reverse());
        expect(Math.abs(difference) / scale).toBeLessThan(1e-15);
      }),
    );
  });

  it('of nothing is 0', () => {
    expect(compensatedSum([])).toBe(0);
  });
});
