import { InvalidInputError } from '../errors.ts';
import { requireAboveZero } from '../statistics/require.ts';
import type { SviParameters } from './svi.ts';

/** One expiry of an SSVI surface (J. Gatheral and A. Jacquier, 2014, equation 4.1). */
export interface SsviParameters {
  /** Total variance at the forward, above 0. */
  readonly theta: number;
  /** Correlation of the whole surface, between -1 and 1. */
  readonly rho: number;
  /** Curvature phi(theta) of this expiry, above 0; `powerLawCurvature` gives the usual one. */
  readonly phi: number;
}

/** phi(theta) = eta theta^-gamma (Gatheral and Jacquier, 2014, example 4.2). */
export function powerLawCurvature(theta: number, { eta, gamma }: { eta: number; gamma: number }): number {
  requireAboveZero('theta', theta);
  requireAboveZero('eta', eta);
  return eta * theta ** -gamma;
}

/**
 * Total variance of an SSVI smile, theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)).
 *
 * @param logMoneyness ln(strike / forward)
 * @throws InvalidInputError when theta or phi is not above 0 or rho is not between -1 and 1
 */
export function ssviTotalVariance(parameters: SsviParameters, logMoneyness: number): number {
  requireSsvi(parameters);
  if (!Number.isFinite(logMoneyness)) {
    throw new InvalidInputError('logMoneyness', logMoneyness, 'a finite number');
  }
  const { theta, rho, phi } = parameters;
  const x = phi * logMoneyness;
  return (theta / 2) * (1 + rho * x + Math.sqrt((x + rho) ** 2 + (1 - rho) * (1 + rho)));
}

/**
 * The raw SVI smile that an SSVI smile is (Gatheral and Jacquier, 2014, lemma 4.1), so that whatever is proved for SVI
 * holds for it.
 *
 * @throws InvalidInputError as `ssviTotalVariance`
 */
export function sviFromSsvi(parameters: SsviParameters): SviParameters {
  requireSsvi(parameters);
  const { theta, rho, phi } = parameters;
  const flatness = (1 - rho) * (1 + rho);
  return {
    a: (theta / 2) * flatness,
    b: (theta * phi) / 2,
    rho,
    m: -rho / phi,
    sigma: Math.sqrt(flatness) / phi,
  };
}

/** The two numbers of the sufficient conditions: no butterfly arbitrage when the first is below 4, the second at most 4. */
export interface SsviConditions {
  /** theta phi (1 + |rho|). */
  readonly slope: number;
  /** theta phi^2 (1 + |rho|). */
  readonly curvature: number;
  readonly hold: boolean;
}

/** Gatheral and Jacquier (2014), theorem 4.2: sufficient, and with the first also necessary; not all good smiles pass. */
export function ssviConditions({ theta, rho, phi }: SsviParameters): SsviConditions {
  const slope = theta * phi * (1 + Math.abs(rho));
  const curvature = slope * phi;
  return { slope, curvature, hold: slope < 4 && curvature <= 4 };
}

function requireSsvi({ theta, rho, phi }: SsviParameters): void {
  requireAboveZero('theta', theta);
  requireAboveZero('phi', phi);
  if (!(Math.abs(rho) < 1)) throw new InvalidInputError('rho', rho, 'a number between -1 and 1');
}
