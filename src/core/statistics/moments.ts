import { compensatedSum } from '../math/sum.ts';

/** Arithmetic mean; NaN for an empty series. */
export function mean(values: readonly number[]): number {
  return compensatedSum(values) / values.length;
}

/** Mean of the squares, about zero; NaN for an empty series. */
export function meanSquare(values: readonly number[]): number {
  return compensatedSum(values.map((value) => value * value)) / values.length;
}

/** Variance about the sample's own mean, divisor n - 1; NaN for fewer than two values. */
export function sampleVariance(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  return compensatedSum(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}
