import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accrued, type StoredAllowance } from '../../../../../src/adapters/chain/roles/accrual.ts';

const daily: StoredAllowance = {
  refill: 20n,
  maxRefill: 20n,
  period: 86_400n,
  balance: 5n,
  timestamp: 1_000n,
};

describe('an allowance of Roles', () => {
  it('grows by whole periods only', () => {
    expect(accrued(daily, 1_000n + 86_399n)).toBe(5n);
    expect(accrued(daily, 1_000n + 86_400n)).toBe(20n);
  });

  it('without a period never grows', () => {
    expect(accrued({ ...daily, period: 0n }, 1n << 40n)).toBe(5n);
  });

  it('never grows beyond its most, and what is above it stays', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 100n), fc.bigInt(0n, 1n << 40n), (balance, at) => {
        const left = accrued({ ...daily, balance }, at);
        expect(left).toBeGreaterThanOrEqual(balance);
        expect(left).toBeLessThanOrEqual(balance > 20n ? balance : 20n);
      }),
    );
  });
});
