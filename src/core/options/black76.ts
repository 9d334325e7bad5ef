import { InvalidInputError } from '../errors.ts';
import { blackScholes, type OptionGreeks, type OptionType } from './blackScholes.ts';

/** A European option on a forward or future; the rate discounts and is continuously compounded per year. */
export interface Black76Input {
  readonly type: OptionType;
  /** Quote per base, like `strike`. */
  readonly forward: number;
  readonly strike: number;
  readonly years: number;
  readonly rate: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
}

/**
 * Price and greeks of a European option on a forward (F. Black, "The pricing of commodity contracts", 1976). Delta,
 * gamma, vanna and charm are with respect to the forward; rho holds the forward fixed, so it is `-years * price`.
 *
 * @throws InvalidInputError naming the field when forward or strike is not above 0, years or volatility is below 0, or
 * any number is not finite
 */
export function black76({ type, forward, strike, years, rate, volatility }: Black76Input): OptionGreeks {
  if (!(forward > 0 && Number.isFinite(forward))) {
    throw new InvalidInputError('forward', forward, 'a finite number above 0');
  }
  const greeks = blackScholes({ type, spot: forward, strike, years, rate, dividendYield: rate, volatility });
  // Zero first: -years * price would be -0 at expiry.
  return { ...greeks, rho: 0 - years * greeks.price };
}
