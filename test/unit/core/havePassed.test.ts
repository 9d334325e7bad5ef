import { describe, expect, it } from 'vitest';
import { havePassed } from '../../../src/core/havePassed.ts';

describe('so many seconds', () => {
  it.each([
    ['have not passed before their end', 159.9, false],
    ['have passed at their end', 160, true],
    ['have not passed where the clock is only corrected a little', 99.5, false],
    ['count as passed where the clock was set back behind their beginning', 98, true],
  ])('%s', (_, nowSeconds, expected) => {
    expect(havePassed(60, 100, nowSeconds)).toBe(expected);
  });
});
