import { InvalidInputError } from '../errors.ts';

/**
 * The largest integer whose square is not above `value`, exact at any size (Newton's iteration from above).
 *
 * @throws InvalidInputError when `value` is negative
 */
export function integerSqrtDown(value: bigint): bigint {
  if (value < 0n) throw new InvalidInputError('value', value, 'an integer at or above 0');
  if (value < 2n) return value;
  // Newton's iteration falls to the root from above. The double's root, raised by more than its rounding error, is
  // nearly there; beyond the range of doubles the next power of two has to do.
  const estimate = Math.sqrt(Number(value)) * (1 + 2 ** -50);
  let root = Number.isFinite(estimate)
    ? BigInt(Math.ceil(estimate)) + 1n
    : 1n << BigInt(value.toString(16).length * 2);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/**
 * The smallest integer whose square is not below `value`.
 *
 * @throws InvalidInputError when `value` is negative
 */
export function integerSqrtUp(value: bigint): bigint {
  const root = integerSqrtDown(value);
  return root * root === value ? root : root + 1n;
}
