import { describe, expect, it } from 'vitest';
import { fixed, signed, significant } from '../../../../src/core/report/format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [1.23456, '1.235'],
    [9.99996, '10.00'],
    [1234.5678, '1,235'],
    [0.00012347, '0.0001235'],
    [-9_876_543.21, '−9,876,543'],
    [Number.NaN, '–'],
  ])('significant(%s) is %s', (value, text) => {
    expect(significant(value)).toBe(text);
  });

  it.each([
    [1_234.5, 2, '1,234.50'],
    [-0.004, 2, '0.00'],
    [-1_000, 0, '−1,000'],
    [Number.POSITIVE_INFINITY, 2, '–'],
  ])('fixed(%s, %s) is %s', (value, decimals, text) => {
    expect(fixed(value, decimals)).toBe(text);
  });

  it('always shows the sign of a delta', () => {
    expect([signed(1.84), signed(-0.41), signed(0)]).toEqual(['+1.8400', '−0.4100', '+0.0000']);
  });
});
