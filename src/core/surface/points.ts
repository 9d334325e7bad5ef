import { InvalidInputError } from '../errors.ts';
import { normalPdf } from '../math/normal.ts';
import { requireAboveZero, requireAtLeastZero, requireFinite } from '../statistics/require.ts';

/** One observed volatility of a smile. */
export interface SmileObservation {
  /** ln(strike / forward). */
  readonly logMoneyness: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /**
   * How much an error here counts, at or above 0, 1 by default; squared errors are multiplied with its square. Vega
   * makes them errors of price, one over half the bid-ask spread in volatility makes them shares of what is known.
   */
  readonly weight?: number;
}

/**
 * Vega of an option over its forward, sqrt(T) phi(d1), discounting aside (F. Black, 1976): as a weight it turns an error
 * of volatility into one of price.
 */
export function vegaWeight(
  { logMoneyness, volatility }: Pick<SmileObservation, 'logMoneyness' | 'volatility'>,
  years: number,
): number {
  const root = Math.sqrt(years);
  const deviation = volatility * root;
  return root * normalPdf(deviation / 2 - logMoneyness / deviation);
}

/**
 * Refuses observations that no smile can be fitted to.
 *
 * @throws InvalidInputError when there are fewer than `least` of them with a weight above 0 at different strikes, a
 * volatility is not above 0, a weight is below 0, or a number is not finite
 */
export function requireObservations(observations: readonly SmileObservation[], least: number): void {
  observations.forEach(({ logMoneyness, volatility, weight = 1 }, i) => {
    requireFinite(`observations[${i}].logMoneyness`, logMoneyness);
    requireAboveZero(`observations[${i}].volatility`, volatility);
    requireAtLeastZero(`observations[${i}].weight`, weight);
  });
  const used = observations.filter(({ weight = 1 }) => weight > 0);
  const strikes = new Set(used.map(({ logMoneyness }) => logMoneyness)).size;
  if (strikes < least) {
    throw new InvalidInputError('observations.length', strikes, `at least ${least} strikes with a weight`);
  }
}

/** The weights scaled to a mean square of 1, so that what is fitted beside the data has a known share. */
export function normalisedWeights(observations: readonly SmileObservation[]): Float64Array {
  const weights = Float64Array.from(observations, ({ weight = 1 }) => weight);
  const square = weights.reduce((sum, weight) => sum + weight * weight, 0) / weights.length;
  return weights.map((weight) => weight / Math.sqrt(square));
}

/** Root of the weighted mean of squared errors in volatility. */
export function rootMeanSquareError(
  observations: readonly SmileObservation[],
  volatilityAt: (logMoneyness: number) => number,
): number {
  const weights = normalisedWeights(observations);
  const sum = observations.reduce((total, { logMoneyness, volatility }, i) => {
    const error = weights[i]! * (volatilityAt(logMoneyness) - volatility);
    return total + error * error;
  }, 0);
  return Math.sqrt(sum / observations.length);
}
