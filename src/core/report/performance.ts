import { InvalidInputError } from '../errors.ts';

/** How a series of profit and loss went; all in quote. */
export interface Performance {
  /** Last value less the first. */
  readonly end: number;
  /** Deepest fall from an earlier peak, as a positive number. */
  readonly maxDrawdown: number;
  /** Sample standard deviation of the changes from one value to the next. */
  readonly stdDev: number;
}

/** The deepest fall of a series from its highest value so far, 0 for one that never falls. */
export function maxDrawdown(values: readonly number[]): number {
  let peak = Number.NEGATIVE_INFINITY;
  let deepest = 0;
  for (const value of values) {
    peak = Math.max(peak, value);
    deepest = Math.max(deepest, peak - value);
  }
  return deepest;
}

/** Sample standard deviation (divisor n - 1); 0 for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Sums up a series of values of a vault, one a block, first to last.
 *
 * @throws InvalidInputError when a value is not finite: a missing value must not pass for a number
 */
export function performanceOf(values: readonly number[]): Performance {
  const broken = values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) throw new InvalidInputError(`values[${broken}]`, values[broken], 'a finite number');
  const changes = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return {
    end: (values.at(-1) ?? 0) - (values[0] ?? 0),
    maxDrawdown: maxDrawdown(values),
    stdDev: standardDeviation(changes),
  };
}
