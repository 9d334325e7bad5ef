import { normalPdf } from '../../math/normal.ts';
import { normalQuantile } from '../../statistics/normalQuantile.ts';
import { requireAtLeastZero, requireBetween, requireFinite } from '../../statistics/require.ts';
import { studentTPdf, studentTQuantile } from '../../statistics/studentT.ts';

/** A normal profit and loss, in any unit. */
export interface NormalProfit {
  readonly mean: number;
  readonly stdDev: number;
  /** Share of outcomes that are no worse, between 0 and 1. */
  readonly confidence: number;
}

/** A profit and loss that is `mean` plus `scale` times a t variable; its variance is scale^2 degrees / (degrees - 2). */
export interface StudentTProfit {
  readonly mean: number;
  readonly scale: number;
  readonly degrees: number;
  /** Share of outcomes that are no worse, between 0 and 1. */
  readonly confidence: number;
}

/** The loss that a normal profit and loss exceeds with probability 1 - confidence; losses above zero. */
export function normalValueAtRisk({ mean, stdDev, confidence }: NormalProfit): number {
  requireNormal({ mean, stdDev, confidence });
  return stdDev * normalQuantile(confidence) - mean;
}

/** Average loss beyond `normalValueAtRisk` (A. McNeil, R. Frey and P. Embrechts, 2005, example 2.18). */
export function normalExpectedShortfall({ mean, stdDev, confidence }: NormalProfit): number {
  requireNormal({ mean, stdDev, confidence });
  return (stdDev * normalPdf(normalQuantile(confidence))) / (1 - confidence) - mean;
}

/** The loss that a t distributed profit and loss exceeds with probability 1 - confidence; losses above zero. */
export function studentTValueAtRisk({ mean, scale, degrees, confidence }: StudentTProfit): number {
  requireStudentT({ mean, scale, degrees, confidence });
  return scale * studentTQuantile(confidence, degrees) - mean;
}

/**
 * Average loss beyond `studentTValueAtRisk` (A. McNeil, R. Frey and P. Embrechts, 2005, example 2.19); there is none for
 * one degree of freedom or less.
 */
export function studentTExpectedShortfall({ mean, scale, degrees, confidence }: StudentTProfit): number {
  requireStudentT({ mean, scale, degrees, confidence });
  requireBetween('degrees', degrees, 1, Number.POSITIVE_INFINITY);
  const quantile = studentTQuantile(confidence, degrees);
  const spread = (degrees + quantile * quantile) / (degrees - 1);
  return (scale * studentTPdf(quantile, degrees) * spread) / (1 - confidence) - mean;
}

function requireNormal({ mean, stdDev, confidence }: NormalProfit): void {
  requireFinite('mean', mean);
  requireAtLeastZero('stdDev', stdDev);
  requireBetween('confidence', confidence, 0, 1);
}

function requireStudentT({ mean, scale, degrees, confidence }: StudentTProfit): void {
  requireFinite('mean', mean);
  requireAtLeastZero('scale', scale);
  requireBetween('degrees', degrees, 0, Number.POSITIVE_INFINITY);
  requireBetween('confidence', confidence, 0, 1);
}
