import {
  addPolynomials,
  multiplyPolynomials,
  negativeOnHalfLine,
  scalePolynomial,
} from '../math/bernstein.ts';
import { type SviParameters, sviMinimumVariance } from './svi.ts';

/**
 * A log-moneyness at which a raw SVI smile has butterfly arbitrage, or undefined when it is proved to have none at any.
 *
 * With k = m + sigma sinh u and y = e^u, Durrleman's g times w^2 y^2 (y^2 + 1)^3 is a polynomial of degree 10 in y > 0,
 * and g >= 0 everywhere, wings included, when that polynomial is nowhere negative. Its first and last coefficients are
 * R. Lee's bounds (2004): both wings must grow slower than 2 |k|.
 *
 * @returns -Infinity or Infinity where a wing is too steep
 */
export function sviButterflyArbitrage(parameters: SviParameters): number | undefined {
  const { a, b, rho, m, sigma } = parameters;
  const left = b * (1 - rho);
  const right = b * (1 + rho);
  if (left >= 2) return Number.NEGATIVE_INFINITY;
  if (right >= 2) return Number.POSITIVE_INFINITY;
  const lowest = sviMinimumVariance(parameters);
  if (!(lowest > 0)) return m - (rho * sigma) / Math.sqrt((1 - rho) * (1 + rho));
  const y = negativeOnHalfLine(butterflyPolynomial({ a, b, rho, m, sigma }));
  if (y === undefined) return undefined;
  if (y === 0) return Number.NEGATIVE_INFINITY;
  return m + (sigma * (y - 1 / y)) / 2;
}

/** Coefficients of g w^2 y^2 (y^2 + 1)^3, from the constant up. */
function butterflyPolynomial({ a, b, rho, m, sigma }: SviParameters): number[] {
  const variance = [(b * sigma * (1 - rho)) / 2, a, (b * sigma * (1 + rho)) / 2];
  const moneyness = [-sigma / 2, m, sigma / 2];
  const slope = [-b * (1 - rho), 0, b * (1 + rho)];
  const circle = [1, 0, 1];
  const level = addPolynomials(
    multiplyPolynomials(variance, circle),
    scalePolynomial(multiplyPolynomials(moneyness, slope), -0.5),
  );
  const spread = multiplyPolynomials(
    multiplyPolynomials(slope, slope),
    addPolynomials(multiplyPolynomials(variance, [0, 4]), multiplyPolynomials(variance, variance)),
  );
  const bend = multiplyPolynomials(multiplyPolynomials(variance, variance), [0, 0, 0, (4 * b) / sigma]);
  const rest = addPolynomials(multiplyPolynomials(level, level), scalePolynomial(spread, -1 / 16));
  return addPolynomials(multiplyPolynomials(circle, rest), bend);
}
