import { InvalidInputError } from '../errors.ts';
import { normalCdf } from '../math/normal.ts';
import { requireAtLeastZero, requireFinite } from '../statistics/require.ts';

/**
 * How the variance h of the next return follows from the last one's residual e = r - mu, z = e / sqrt(h):
 *
 * - `garch`: h' = omega + alpha e^2 + beta h (T. Bollerslev, 1986)
 * - `gjr`: h' = omega + (alpha + gamma [e < 0]) e^2 + beta h (L. Glosten, R. Jagannathan and D. Runkle, 1993)
 * - `egarch`: ln h' = omega + alpha (|z| - sqrt(2 / pi)) + gamma z + beta ln h (D. Nelson, 1991)
 */
export type GarchModel = 'garch' | 'gjr' | 'egarch';

/** Parameters of a model, per period; variances in units of squared returns. */
export interface GarchParameters {
  /** Mean return. */
  readonly mu: number;
  readonly omega: number;
  /** Answer of the variance to the size of a shock. */
  readonly alpha: number;
  /** Memory of the variance itself. */
  readonly beta: number;
  /** Answer to the sign of a shock, the leverage; 0 for `garch`. */
  readonly gamma: number;
}

/** A model with its numbers. */
export interface GarchSpecification {
  readonly model: GarchModel;
  readonly parameters: GarchParameters;
}

/** E|z| of a standard normal shock. */
export const MEAN_ABSOLUTE_SHOCK: number = Math.sqrt(2 / Math.PI);

const MAX_FACTORS = 1_000_000;

/**
 * Refuses parameters under which a variance could become negative, and an unknown model. Explosive ones are allowed: they
 * describe a variance that grows for ever, which `persistence` says.
 *
 * @throws InvalidInputError naming the parameter
 */
export function requireSpecification({ model, parameters }: GarchSpecification): void {
  if (model !== 'garch' && model !== 'gjr' && model !== 'egarch') {
    throw new InvalidInputError('model', model, 'garch, gjr or egarch');
  }
  for (const name of ['mu', 'omega', 'alpha', 'beta', 'gamma'] as const) {
    requireFinite(`parameters.${name}`, parameters[name]);
  }
  if (model === 'egarch') return;
  for (const name of ['omega', 'alpha', 'beta'] as const) {
    requireAtLeastZero(`parameters.${name}`, parameters[name]);
  }
  if (model === 'garch' && parameters.gamma !== 0) {
    throw new InvalidInputError('parameters.gamma', parameters.gamma, '0 for garch, which has no leverage');
  }
  if (parameters.alpha + parameters.gamma < 0) {
    throw new InvalidInputError('parameters.gamma', parameters.gamma, 'at least -alpha');
  }
}

/**
 * Share of a variance shock that is left after one period: alpha + beta, alpha + gamma / 2 + beta, or beta for `egarch`.
 * At 1 or above the variance has no level to return to.
 */
export function persistence({ model, parameters: { alpha, beta, gamma } }: GarchSpecification): number {
  return model === 'egarch' ? beta : alpha + gamma / 2 + beta;
}

/** Periods until half of a variance shock is forgotten; Infinity where it never is. */
export function shockHalfLife(specification: GarchSpecification): number {
  const kept = Math.abs(persistence(specification));
  if (kept >= 1) return Number.POSITIVE_INFINITY;
  return kept === 0 ? 0 : Math.LN2 / -Math.log(kept);
}

/**
 * Variance per period in the long run. For `egarch` under normal shocks: exp(omega / (1 - beta)) times the product of the
 * expectations of exp(beta^i g(z)) over all i.
 *
 * @returns undefined when the persistence is 1 or more, where there is none
 */
export function unconditionalVariance(specification: GarchSpecification): number | undefined {
  const { model, parameters } = specification;
  const kept = persistence(specification);
  if (Math.abs(kept) >= 1) return undefined;
  if (model !== 'egarch') return parameters.omega / (1 - kept);
  let logVariance = parameters.omega / (1 - kept);
  let weight = 1;
  for (let i = 0; i < MAX_FACTORS && Math.abs(weight) > 1e-17; i++) {
    logVariance += logShockExpectation(parameters, weight);
    weight *= kept;
  }
  return Math.exp(logVariance);
}

/**
 * ln E exp(w g(z)) of the shock term g(z) = alpha (|z| - sqrt(2 / pi)) + gamma z under a normal z, in closed form
 * (Nelson, 1991, theorem A1.2 for the normal case).
 */
export function logShockExpectation(
  { alpha, gamma }: Pick<GarchParameters, 'alpha' | 'gamma'>,
  weight: number,
): number {
  const up = weight * (alpha + gamma);
  const down = weight * (alpha - gamma);
  const expectation = Math.exp(0.5 * up * up) * normalCdf(up) + Math.exp(0.5 * down * down) * normalCdf(down);
  return Math.log(expectation) - weight * alpha * MEAN_ABSOLUTE_SHOCK;
}
