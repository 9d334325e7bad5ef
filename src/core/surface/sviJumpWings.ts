import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireFinite } from '../statistics/require.ts';
import { requireSvi, type SviParameters, sviMinimumVariance, sviPoint } from './svi.ts';

/** Jump-wing parameters of an SVI smile: what a trader sees (J. Gatheral and A. Jacquier, 2014, section 3.3). */
export interface SviJumpWings {
  /** At-the-forward variance, v. */
  readonly variance: number;
  /** At-the-forward skew, psi = w'(0) / (2 sqrt(w(0))). */
  readonly skew: number;
  /** Slope of the left wing over sqrt(w(0)), p. */
  readonly putSlope: number;
  /** Slope of the right wing over sqrt(w(0)), c. */
  readonly callSlope: number;
  /** Lowest variance of the smile. */
  readonly minimumVariance: number;
}

/**
 * Jump-wing form of a raw smile (Gatheral and Jacquier, 2014, equation 3.5).
 *
 * @throws InvalidInputError as `requireSvi`, when years is not above 0, or when the variance at the forward is 0
 */
export function sviJumpWings(parameters: SviParameters, years: number): SviJumpWings {
  requireSvi(parameters);
  requireAboveZero('years', years);
  const { b, rho } = parameters;
  const { totalVariance, slope } = sviPoint(parameters, 0);
  requireAboveZero('total variance at the forward', totalVariance);
  const root = Math.sqrt(totalVariance);
  return {
    variance: totalVariance / years,
    skew: slope / (2 * root),
    putSlope: (b * (1 - rho)) / root,
    callSlope: (b * (1 + rho)) / root,
    minimumVariance: sviMinimumVariance(parameters) / years,
  };
}

/**
 * Raw form of jump wings (Gatheral and Jacquier, 2014, lemma 3.2), solved for sigma directly rather than through their
 * quotient alpha, which is 0 / 0 for a smile that turns at the forward.
 *
 * A smile whose minimum is exactly at the forward has no way back: its jump wings do not say how round it is.
 *
 * @throws InvalidInputError when no raw smile has these wings: a variance or a slope out of range, or a skew that the
 * wings do not reach
 */
export function sviFromJumpWings(jumpWings: SviJumpWings, years: number): SviParameters {
  requireAboveZero('years', years);
  const { variance, skew, putSlope, callSlope, minimumVariance } = jumpWings;
  requireAboveZero('variance', variance);
  requireFinite('skew', skew);
  const total = variance * years;
  const root = Math.sqrt(total);
  const b = (root * (putSlope + callSlope)) / 2;
  requireAboveZero('putSlope + callSlope', b);
  const rho = 1 - (putSlope * root) / b;
  if (!(Math.abs(rho) < 1)) throw new InvalidInputError('putSlope', putSlope, 'both slopes above 0');
  // The smile at the forward is on its curve at the angle where x / sqrt(x^2 + sigma^2) is this sine, x = -m.
  const sine = (2 * skew * root) / b - rho;
  if (!(Math.abs(sine) < 1)) {
    throw new InvalidInputError(
      'skew',
      skew,
      'a skew between minus half the put slope and half the call slope',
    );
  }
  const cosine = Math.sqrt((1 - sine) * (1 + sine));
  const flat = Math.sqrt((1 - rho) * (1 + rho));
  const drop = total - minimumVariance * years;
  // w(0) - w_min = b sigma ((1 + rho sine) / cosine - flat), and the bracket is above 0 unless the forward is the minimum.
  const lift = (1 + rho * sine - flat * cosine) / cosine;
  if (!(drop > 0 && lift > 1e-15)) {
    throw new InvalidInputError('minimumVariance', minimumVariance, 'below the variance at the forward');
  }
  const sigma = drop / (b * lift);
  return { a: minimumVariance * years - b * sigma * flat, b, rho, m: -(sigma * sine) / cosine, sigma };
}
