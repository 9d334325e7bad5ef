/** An allowance as Roles stores it: what it was at a time, and how it grows. Raw amounts, seconds. */
export interface StoredAllowance {
  readonly refill: bigint;
  readonly maxRefill: bigint;
  readonly period: bigint;
  readonly balance: bigint;
  readonly timestamp: bigint;
}

/** What is left of an allowance at a time: it grows by whole periods only, and never beyond its most. */
export function accrued(
  { refill, maxRefill, period, balance, timestamp }: StoredAllowance,
  at: bigint,
): bigint {
  if (period === 0n || at < timestamp + period || balance >= maxRefill) return balance;
  const grown = balance + refill * ((at - timestamp) / period);
  return grown < maxRefill ? grown : maxRefill;
}

/** The answer of `allowances` as a value. */
export function storedAllowance([refill, maxRefill, period, balance, timestamp]: readonly [
  bigint,
  bigint,
  bigint,
  bigint,
  bigint,
]): StoredAllowance {
  return { refill, maxRefill, period, balance, timestamp };
}
