import { InvalidInputError } from '../../errors.ts';
import { requireAboveZero, requireAtLeastZero } from '../../statistics/require.ts';

/** What {@link lelandVolatility} is asked. */
export interface LelandInput {
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** Cost of buying and selling again, as a share of what is traded. */
  readonly roundTripCost: number;
  /** Time between two hedges. */
  readonly intervalYears: number;
  /** Whether the options were written or bought. */
  readonly position: 'short' | 'long';
}

/**
 * The volatility at which an option is hedged so that the cost of hedging at fixed times is in its price: variance times
 * 1 + A for who wrote it, times 1 - A for who bought it, A = sqrt(2 / pi) k / (sigma sqrt(dt)) (H. Leland, 1985).
 *
 * @throws InvalidInputError naming the field out of its domain, or `intervalYears` where the variance of a bought option
 * would not be above 0: it costs more to hedge that often than it earns
 */
export function lelandVolatility(input: LelandInput): number {
  const { volatility, roundTripCost, intervalYears, position } = input;
  requireAboveZero('volatility', volatility);
  requireAtLeastZero('roundTripCost', roundTripCost);
  requireAboveZero('intervalYears', intervalYears);
  if (position !== 'short' && position !== 'long') {
    throw new InvalidInputError('position', position, 'short or long');
  }
  const number = (Math.sqrt(2 / Math.PI) * roundTripCost) / (volatility * Math.sqrt(intervalYears));
  if (position === 'short') return volatility * Math.sqrt(1 + number);
  if (!(number < 1)) {
    const least = intervalYears * number * number;
    throw new InvalidInputError(
      'intervalYears',
      intervalYears,
      `more than ${least} for a bought option at this cost`,
    );
  }
  return volatility * Math.sqrt(1 - number);
}
