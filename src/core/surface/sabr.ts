import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireAtLeastZero, requireBetween } from '../statistics/require.ts';
import type { SmilePoint } from './svi.ts';

/** The stochastic alpha beta rho model of one expiry (P. Hagan and others, 2002). */
export interface SabrParameters {
  /** Level of volatility, in units of forward^(1 - beta); above 0. */
  readonly alpha: number;
  /** Backbone, from 0 (normal) to 1 (lognormal). */
  readonly beta: number;
  /** Correlation of forward and volatility, between -1 and 1. */
  readonly rho: number;
  /** Volatility of volatility, at or above 0. */
  readonly nu: number;
}

/** What a SABR volatility is asked for. */
export interface SabrInput extends SabrParameters {
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
}

/** |z| below which z / x(z) is its series. */
const SMALL = 1e-4;
/** Steps in log-moneyness of the differences that give slope and curvature, about the fourth root of rounding. */
const STEP = 2e-4;

/**
 * Black volatility of the SABR model, 1.00 = 100 % (P. Hagan, D. Kumar, A. Lesniewski and D. Woodward, "Managing smile
 * risk", 2002, equation 2.17a). It is an expansion for short times: far wings at long expiries may have arbitrage.
 *
 * @throws InvalidInputError naming the parameter that is out of its range, and where the expansion has no positive value
 */
export function sabrVolatility({ forward, strike, years, alpha, beta, rho, nu }: SabrInput): number {
  requireAboveZero('forward', forward);
  requireAboveZero('strike', strike);
  requireAtLeastZero('years', years);
  requireSabr({ alpha, beta, rho, nu });
  const volatility = haganVolatility({ alpha, beta, rho, nu }, forward, Math.log(strike / forward), years);
  if (!(volatility > 0)) {
    throw new InvalidInputError('volatility of the expansion', volatility, 'above 0 for these parameters');
  }
  return volatility;
}

/** `sabrVolatility` for parameters that are known to be sound, by log-moneyness; may be at or below 0 far out. */
export function haganVolatility(
  { alpha, beta, rho, nu }: SabrParameters,
  forward: number,
  logMoneyness: number,
  years: number,
): number {
  const rest = 1 - beta;
  // (F K)^((1 - beta) / 2), and ln(F / K) of the paper is minus our log-moneyness.
  const middle = forward ** rest * Math.exp((rest * logMoneyness) / 2);
  const square = (rest * logMoneyness) ** 2;
  const denominator = middle * (1 + square / 24 + (square * square) / 1920);
  const z = (-nu / alpha) * middle * logMoneyness;
  const correction =
    ((rest * alpha) / middle) ** 2 / 24 +
    (rho * beta * nu * alpha) / (4 * middle) +
    ((2 - 3 * rho * rho) * nu * nu) / 24;
  return (alpha / denominator) * zOverX(z, rho) * (1 + correction * years);
}

/** Total variance and its derivatives by log-moneyness, as central differences. */
export function sabrPoint(
  parameters: SabrParameters,
  forward: number,
  logMoneyness: number,
  years: number,
): SmilePoint {
  const at = (k: number) => haganVolatility(parameters, forward, k, years) ** 2 * years;
  const [below, here, above] = [at(logMoneyness - STEP), at(logMoneyness), at(logMoneyness + STEP)];
  return {
    totalVariance: here,
    slope: (above - below) / (2 * STEP),
    curvature: (above - 2 * here + below) / (STEP * STEP),
  };
}

/** Refuses parameters outside the model. @throws InvalidInputError naming the parameter */
export function requireSabr({ alpha, beta, rho, nu }: SabrParameters): void {
  requireAboveZero('alpha', alpha);
  if (!(beta >= 0 && beta <= 1)) throw new InvalidInputError('beta', beta, 'a number from 0 to 1');
  requireBetween('rho', rho, -1, 1);
  requireAtLeastZero('nu', nu);
}

/** z / x(z), x(z) = ln((sqrt(1 - 2 rho z + z^2) + z - rho) / (1 - rho)), with the series where both vanish. */
function zOverX(z: number, rho: number): number {
  if (Math.abs(z) < SMALL) return 1 - (rho * z) / 2 + ((2 - 3 * rho * rho) * z * z) / 12;
  const root = Math.sqrt(1 - 2 * rho * z + z * z);
  // For z below 0 the sum cancels; its product with (root - z + rho) is 1 - rho^2.
  const x = z > 0 ? Math.log((root + z - rho) / (1 - rho)) : Math.log((1 + rho) / (root - z + rho));
  return z / x;
}
