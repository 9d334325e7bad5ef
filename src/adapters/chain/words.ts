import { CorruptDataError } from '../../core/errors.ts';

/** Hexadecimal digits in a word of an ABI. */
export const DIGITS_PER_WORD = 64;
/** Lengths and offsets are below 2^32 in anything that fits into an answer. */
const HIGH_ZEROS = '0'.repeat(56);

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
  const low = `0x${digits.slice(start + HIGH_ZEROS.length, start + DIGITS_PER_WORD)}`;
  const value = digits.startsWith(HIGH_ZEROS, start) ? Number(low) : Number.NaN;
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
