import { InvalidInputError } from '../errors.ts';

/** An exact non-negative fraction; `denominator` is above zero. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/**
 * A finite double as the exact fraction that it is: nothing is rounded, since every double is an integer times a power
 * of two.
 *
 * @throws InvalidInputError when `value` is negative or not finite
 */
export function exactRatio(value: number): Ratio {
  if (!Number.isFinite(value) || value < 0)
    throw new InvalidInputError('value', value, 'a finite number at or above 0');
  let scaled = value;
  let shift = 0n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift += 1n;
  }
  return { numerator: BigInt(scaled), denominator: 1n << shift };
}

/** The fraction as the nearest double, to about one unit in the last place, however long its integers are. */
export function ratioToNumber({ numerator, denominator }: Ratio): number {
  const excess = numerator.toString(2).length - denominator.toString(2).length;
  const shift = BigInt(Math.abs(64 - excess));
  const quotient = excess < 64 ? (numerator << shift) / denominator : numerator / (denominator << shift);
  // Two factors: one power of two for both would leave the range of doubles for the smallest of them.
  return Number(quotient) * 2 ** -64 * 2 ** excess;
}
