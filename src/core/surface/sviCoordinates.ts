import type { SviParameters } from './svi.ts';

/** Bounds of a fit, each from and to. */
export interface SviBounds {
  /** Lowest variance (per year) of the smile; at or above 0. */
  readonly minimumVariance?: readonly [number, number];
  /** Slopes of the wings of total variance, b (1 - rho) and b (1 + rho); from 0 to below 2. */
  readonly leftSlope?: readonly [number, number];
  readonly rightSlope?: readonly [number, number];
  /** Where the smile turns. */
  readonly m?: readonly [number, number];
  readonly sigma?: readonly [number, number];
}

/**
 * Order of the coordinates in which smiles are fitted: lowest total variance, left and right slope, m, sigma. In these
 * what a smile must satisfy (no negative variance, R. Lee's slopes) is a box.
 */
export type SviCoordinates = ArrayLike<number>;

/** The raw parameters at these coordinates. */
export function sviAt(coordinates: SviCoordinates): SviParameters {
  const lowest = coordinates[0]!;
  const left = coordinates[1]!;
  const right = coordinates[2]!;
  const sigma = coordinates[4]!;
  const b = (left + right) / 2;
  const rho = (right - left) / (right + left);
  // b sqrt(1 - rho^2) is the geometric mean of the slopes.
  return { a: lowest - sigma * Math.sqrt(left * right), b, rho, m: coordinates[3]!, sigma };
}

/** The coordinates of raw parameters. */
export function coordinatesOf({ a, b, rho, m, sigma }: SviParameters): number[] {
  const left = b * (1 - rho);
  const right = b * (1 + rho);
  return [Math.max(a + sigma * Math.sqrt(left * right), 0), left, right, m, sigma];
}

/** A smile part of the way from one to another, share 0 to 1, in these coordinates; at 1 it is exactly the other. */
export function sviBetween(from: SviParameters, to: SviParameters, share: number): SviParameters {
  if (share === 1) return to;
  const end = coordinatesOf(to);
  return sviAt(coordinatesOf(from).map((value, i) => value + share * (end[i]! - value)));
}
