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

/** The middle value; the mean of the two middle ones for an even count. `NaN` for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}
