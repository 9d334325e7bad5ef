import { InvalidInputError } from '../errors.ts';

/**
 * Raw SVI parameters of one expiry (J. Gatheral, 2004): total variance w(k) = a + b (rho (k - m) + sqrt((k - m)^2 +
 * sigma^2)) of the log-moneyness k = ln(strike / forward).
 */
export interface SviParameters {
  /** Level of total variance (variance times years); may be below 0. */
  readonly a: number;
  /** Half the sum of the slopes of the wings, at or above 0. */
  readonly b: number;
  /** Tilt, between -1 and 1. */
  readonly rho: number;
  /** Where the smile turns, in log-moneyness. */
  readonly m: number;
  /** How round the turn is, in log-moneyness; above 0. */
  readonly sigma: number;
}

/** A smile at one log-moneyness k: total variance and its first two derivatives by k. */
export interface SmilePoint {
  readonly totalVariance: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * Total variance (volatility squared times years) of a raw SVI smile.
 *
 * @param logMoneyness ln(strike / forward)
 * @throws InvalidInputError as `requireSvi`, or when the log-moneyness is not finite
 */
export function sviTotalVariance(parameters: SviParameters, logMoneyness: number): number {
  requireSvi(parameters);
  if (!Number.isFinite(logMoneyness)) {
    throw new InvalidInputError('logMoneyness', logMoneyness, 'a finite number');
  }
  return sviPoint(parameters, logMoneyness).totalVariance;
}

/** Total variance and its derivatives, for parameters that are known to be sound. */
export function sviPoint({ a, b, rho, m, sigma }: SviParameters, logMoneyness: number): SmilePoint {
  const x = logMoneyness - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  return {
    totalVariance: a + b * (rho * x + root),
    slope: b * (rho + x / root),
    curvature: (b * sigma * sigma) / (root * root * root),
  };
}

/** The lowest total variance of the smile, a + b sigma sqrt(1 - rho^2). */
export function sviMinimumVariance({ a, b, rho, sigma }: SviParameters): number {
  return a + b * sigma * Math.sqrt((1 - rho) * (1 + rho));
}

/**
 * Refuses parameters that are no smile.
 *
 * @throws InvalidInputError when b is below 0, rho is not between -1 and 1, sigma is not above 0, any is not finite, or
 * total variance falls below 0 by more than rounding
 */
export function requireSvi(parameters: SviParameters): void {
  const { a, b, rho, m, sigma } = parameters;
  if (!Number.isFinite(a)) throw new InvalidInputError('a', a, 'a finite number');
  if (!(b >= 0 && Number.isFinite(b))) throw new InvalidInputError('b', b, 'a finite number at or above 0');
  if (!(Math.abs(rho) <= 1)) throw new InvalidInputError('rho', rho, 'a number from -1 to 1');
  if (!Number.isFinite(m)) throw new InvalidInputError('m', m, 'a finite number');
  if (!(sigma > 0 && Number.isFinite(sigma))) {
    throw new InvalidInputError('sigma', sigma, 'a finite number above 0');
  }
  const lowest = sviMinimumVariance(parameters);
  if (!(lowest >= -1e-14 * (Math.abs(a) + b * sigma))) {
    throw new InvalidInputError('lowest total variance', lowest, 'a number at or above 0');
  }
}
