import { InvalidInputError } from './errors.ts';

/** 0x-prefixed hexadecimal bytes. */
export type Hex = `0x${string}`;
/** 20 bytes; compared case-insensitively with {@link sameAddress}. */
export type Address = `0x${string}`;
/** 32 bytes. */
export type Hash = `0x${string}`;

/** One whole in basis points. */
export const BPS = 10_000n;
/** Fixed-point one with 96 fractional bits. */
export const Q96 = 1n << 96n;
/** A day of 24 hours. */
export const SECONDS_PER_DAY = 86_400;
/** A year of 365 days, the convention for every annualised figure here. */
export const SECONDS_PER_YEAR = 365 * SECONDS_PER_DAY;

/** An ERC-20 token as the vault sees it. */
export interface Token {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
}

/** Turns a capital letter into a small one, and leaves small letters and digits as they are. */
const SMALL_LETTER = 0x20;

/** Whether two addresses are the same, whatever their letter case. */
export function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const last = a.length - 1;
  if (b.length - 1 !== last) return false;
  // Other addresses mostly end in another digit: to see that takes a fraction of writing both anew.
  const isAlike = (a.charCodeAt(last) | SMALL_LETTER) === (b.charCodeAt(last) | SMALL_LETTER);
  return isAlike && a.toLowerCase() === b.toLowerCase();
}

/** `value x numerator / denominator`, rounded towards zero for non-negative operands. */
export function mulDivDown(value: bigint, numerator: bigint, denominator: bigint): bigint {
  return (value * numerator) / denominator;
}

/** `value x numerator / denominator`, rounded up for non-negative operands. */
export function mulDivUp(value: bigint, numerator: bigint, denominator: bigint): bigint {
  return (value * numerator + denominator - 1n) / denominator;
}

const RAW_PER_WHOLE = Array.from({ length: 37 }, (_, decimals) => 10n ** BigInt(decimals));

/**
 * A raw amount as a floating number of whole tokens (nearest double).
 *
 * @example toWhole(1_500_000n, 6) // 1.5
 */
export function toWhole(raw: bigint, decimals: number): number {
  const scale = RAW_PER_WHOLE[decimals] ?? 10n ** BigInt(decimals);
  return Number(raw / scale) + Number(raw % scale) / Number(scale);
}

/**
 * A non-negative number of whole tokens as the largest raw amount that is not above it.
 *
 * @throws InvalidInputError when `whole` is negative or not finite
 */
export function toRawDown(whole: number, decimals: number): bigint {
  return toRaw(whole, decimals, Math.floor);
}

/**
 * A non-negative number of whole tokens as the smallest raw amount that is not below it.
 *
 * @throws InvalidInputError when `whole` is negative or not finite
 */
export function toRawUp(whole: number, decimals: number): bigint {
  return toRaw(whole, decimals, Math.ceil);
}

/** Splits whole and fraction first: a double holds 15 digits, a raw amount may need 30. */
function toRaw(whole: number, decimals: number, round: (fraction: number) => number): bigint {
  if (!Number.isFinite(whole) || whole < 0)
    throw new InvalidInputError('amount', whole, 'a finite number at or above 0');
  const integer = Math.floor(whole);
  const fractionDigits = Math.min(decimals, 15);
  const fraction = round((whole - integer) * 10 ** fractionDigits);
  return (
    BigInt(integer) * 10n ** BigInt(decimals) + BigInt(fraction) * 10n ** BigInt(decimals - fractionDigits)
  );
}

/** The smaller of two amounts. */
export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The larger of two amounts. */
export function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
