import { InvalidInputError } from '../errors.ts';

/** Refuses a number that is not finite. @throws InvalidInputError naming `field` */
export function requireFinite(field: string, value: number): void {
  if (!Number.isFinite(value)) throw new InvalidInputError(field, value, 'a finite number');
}

/** Refuses a number that is not above zero. @throws InvalidInputError naming `field` */
export function requireAboveZero(field: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidInputError(field, value, 'a finite number above 0');
}

/** Refuses a number below zero. @throws InvalidInputError naming `field` */
export function requireAtLeastZero(field: string, value: number): void {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new InvalidInputError(field, value, 'a finite number at or above 0');
  }
}

/** Refuses a number outside the open interval from `low` to `high`. @throws InvalidInputError naming `field` */
export function requireBetween(field: string, value: number, low: number, high: number): void {
  if (!(value > low && value < high)) {
    throw new InvalidInputError(field, value, `a number above ${low} and below ${high}`);
  }
}

/** Refuses a number outside the closed interval from `low` to `high`. @throws InvalidInputError naming `field` */
export function requireWithin(field: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new InvalidInputError(field, value, `a number from ${low} to ${high}`);
  }
}

/** Refuses what is not a whole number from `low` to `high`, both included. @throws InvalidInputError naming `field` */
export function requireInteger(field: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new InvalidInputError(field, value, `a whole number from ${low} to ${high}`);
  }
}

/**
 * Refuses a series that is too short or holds a value that is not finite: a missing value must not pass for a number.
 *
 * @throws InvalidInputError naming the series, or the first broken value as `field[index]`
 */
export function requireSeries(field: string, values: ArrayLike<number>, minLength: number): void {
  if (values.length < minLength) {
    throw new InvalidInputError(`${field}.length`, values.length, `at least ${minLength} values`);
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) requireFinite(`${field}[${i}]`, values[i]!);
  }
}
