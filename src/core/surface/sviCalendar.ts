import {
  addPolynomials,
  multiplyPolynomials,
  negativeOnHalfLine,
  scalePolynomial,
} from '../math/bernstein.ts';
import type { SviParameters } from './svi.ts';

/** Differences of total variance below this share of it are rounding. */
const ROUNDING = 1e-12;

/**
 * A log-moneyness at which the later of two raw SVI smiles has less total variance than the earlier, calendar arbitrage
 * (J. Gatheral and A. Jacquier, 2014, lemma 2.1), or undefined when it is proved that there is none at any.
 *
 * Smiles cross where b2 R2 = q, R being the root in a smile's formula and q the earlier smile's terms less the later's
 * other ones. With k = m1 + sigma1 sinh u and y = e^u both q y and (R2 y)^2 are polynomials in y > 0, so that the later
 * smile is above everywhere when b2^2 (R2 y)^2 - (q y)^2, of degree 4, is nowhere negative where q y is positive.
 *
 * @returns -Infinity or Infinity where a wing of the earlier smile is the steeper one
 */
export function sviCalendarArbitrage(earlier: SviParameters, later: SviParameters): number | undefined {
  const { m, sigma } = earlier;
  const tilt = later.b * later.rho - earlier.b * earlier.rho;
  const level = later.a - earlier.a + later.b * later.rho * (m - later.m);
  const slack = ROUNDING * (Math.abs(later.a) + Math.abs(earlier.a));
  // q y, with sqrt((k - m1)^2 + sigma1^2) = sigma1 cosh u.
  const excess = [(sigma / 2) * (earlier.b + tilt), -(level + slack), (sigma / 2) * (earlier.b - tilt)];
  const offset = [-sigma / 2, m - later.m, sigma / 2];
  const root = addPolynomials(multiplyPolynomials(offset, offset), [0, 0, later.sigma * later.sigma]);
  const gap = addPolynomials(
    scalePolynomial(root, later.b * later.b * (1 + ROUNDING)),
    scalePolynomial(multiplyPolynomials(excess, excess), -1),
  );
  const y = negativeOnHalfLine(gap, excess);
  if (y === undefined) return undefined;
  if (y === 0) return Number.NEGATIVE_INFINITY;
  return m + (sigma * (y - 1 / y)) / 2;
}
