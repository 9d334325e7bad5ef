import { CorruptDataError } from '../../core/errors.ts';

/** Hexadecimal digits in a word of an ABI. */
export const DIGITS_PER_WORD = 64;
/** Characters before the digits: `0x`. */
export const PREFIX_LENGTH = 2;
/** Lengths and offsets are below 2^32 in anything that fits into an answer. */
const HIGH_ZEROS = '0'.repeat(56);
/** The value of a hexadecimal digit by its character code; absent for every other character. */
const DIGIT_VALUES: Readonly<Record<number, number>> = Array.from({ length: 128 }, (_, code) => {
  const digit = String.fromCharCode(code);
  return /[0-9a-f]/i.test(digit) ? Number.parseInt(digit, 16) : Number.NaN;
});

/**
 * The word of 64 digits that begins at a digit.
 *
 * @throws CorruptDataError where the data ends before it does
 */
export function wordAt(digits: string, start: number): string {
  refuseIfCut(digits, start);
  return digits.slice(start, start + DIGITS_PER_WORD);
}

/**
 * The length or offset in the word that begins at a digit.
 *
 * @throws CorruptDataError where the data ends before it does, or the word is not below 2^32
 */
export function smallAt(digits: string, start: number): number {
  refuseIfCut(digits, start);
  let value = digits.startsWith(HIGH_ZEROS, start) ? 0 : Number.NaN;
  // Digit by digit: an answer has four of these for each of its results, and taking texts out of it costs more than the rest.
  for (let place = start + HIGH_ZEROS.length; place < start + DIGITS_PER_WORD; place += 1) {
    value = value * 16 + (DIGIT_VALUES[digits.charCodeAt(place)] ?? Number.NaN);
  }
  if (Number.isNaN(value)) {
    throw new CorruptDataError('length or offset', `0x${wordAt(digits, start)}`, 'below 2^32');
  }
  return value;
}

/**
 * As {@link smallAt}, of what must lie on a word's edge.
 *
 * @returns bytes
 * @throws CorruptDataError as well where it is no multiple of 32
 */
export function offsetAt(digits: string, start: number): number {
  const bytes = smallAt(digits, start);
  if (bytes % 32 !== 0) throw new CorruptDataError('offset', bytes, 'a multiple of 32');
  return bytes;
}

function refuseIfCut(digits: string, start: number): void {
  if (start + DIGITS_PER_WORD > digits.length)
    throw new CorruptDataError('answer', `${digits.length / 2} bytes`, `at least ${start / 2 + 32} bytes`);
}
