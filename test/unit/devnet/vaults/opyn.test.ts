import { describe, expect, it } from 'vitest';
import { collateralAmount, nextExpiry } from '../../../../src/devnet/vaults/opyn.ts';

const at = (iso: string) => Date.parse(iso) / 1_000;

describe('the next expiry', () => {
  it.each([
    ['2026-01-30T07:59:59Z', 0, '2026-01-30T08:00:00Z'],
    ['2026-01-30T08:00:00Z', 0, '2026-01-30T08:00:00Z'],
    ['2026-01-30T08:00:01Z', 0, '2026-01-31T08:00:00Z'],
    ['2026-01-30T12:00:00Z', 14, '2026-02-14T08:00:00Z'],
  ])('from %s, %d days on, is %s', (from, days, expected) => {
    expect(nextExpiry(at(from), days)).toBe(at(expected));
  });
});

describe('full collateral', () => {
  it('is the underlying of a call and the strike of a put', () => {
    const series = { strike: 2_700, expirySeconds: at('2026-02-14T08:00:00Z'), amount: 100 };
    expect(collateralAmount({ ...series, type: 'call' })).toBe(100);
    expect(collateralAmount({ ...series, type: 'put' })).toBe(270_000);
  });
});
