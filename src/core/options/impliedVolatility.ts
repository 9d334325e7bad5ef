import { InvalidInputError } from '../errors.ts';
import { requireAboveZero } from '../statistics/require.ts';
import type { OptionType } from './blackScholes.ts';
import { logRatio } from './impliedVolatilityGuess.ts';
import { solveDeviation } from './impliedVolatilitySolve.ts';

/** The price of a European option and what it is on. */
export interface ImpliedVolatilityInput {
  readonly type: OptionType;
  /** Quote per base, like `strike` and `price`. */
  readonly forward: number;
  readonly strike: number;
  /** Time to expiry, above 0. */
  readonly years: number;
  /** What the option costs today. */
  readonly price: number;
  /** Value today of 1.00 quote at expiry, e^(-rate years); 1 for a price that is paid at expiry. */
  readonly discount: number;
}

/** Why no volatility gives a price: markets quote such prices, so this is an answer and not an error. */
export type ImpliedVolatilityRefusal =
  /** Less than exercising a forward at once is worth. */
  | 'belowIntrinsic'
  /** As much as, or more than, the forward (call) or the strike (put), which no volatility reaches. */
  | 'aboveMaximum';

/** The volatility that a price implies, or why there is none. */
export type ImpliedVolatility =
  | {
      readonly status: 'found';
      /** Annualised, 1.00 = 100 %; 0 when the price is exactly the intrinsic value. */
      readonly volatility: number;
    }
  | { readonly status: 'refused'; readonly reason: ImpliedVolatilityRefusal };

const BELOW_INTRINSIC: ImpliedVolatility = { status: 'refused', reason: 'belowIntrinsic' };
const ABOVE_MAXIMUM: ImpliedVolatility = { status: 'refused', reason: 'aboveMaximum' };
/** Rounding of an intrinsic value, as a share of forward and strike: a price short of it by no more is equal to it. */
const ROUNDING = 2 ** -52;

/**
 * Black's volatility (F. Black, 1976) of the price of a European option.
 *
 * The relative error is below 1e-12, and mostly below 2e-14, of the volatility of the price as a double. What no method
 * can do is to read digits that the price has not: one unit in its last place moves the volatility by
 * price 2^-53 / (vega volatility), relatively, which is large where nearly all of the price is intrinsic value or nearly
 * all of the maximum. Out-of-the-money prices carry full accuracy at any size down to the smallest normal double.
 *
 * The bound on the work is a few dozen evaluations; two are the rule. The result is never NaN.
 *
 * @example
 * impliedVolatility({ type: 'call', forward: 3000, strike: 3200, years: 30 / 365, price: 95, discount: 1 })
 * @throws InvalidInputError naming the field when type is neither call nor put, price is below 0, any other number is
 * not above 0, or any is not finite
 */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatility {
  const { type, forward, strike, years, price, discount } = input;
  if (type !== 'call' && type !== 'put') throw new InvalidInputError('type', type, 'call or put');
  requireAboveZero('forward', forward);
  requireAboveZero('strike', strike);
  requireAboveZero('years', years);
  requireAboveZero('discount', discount);
  if (!(price >= 0 && price < Number.POSITIVE_INFINITY)) {
    throw new InvalidInputError('price', price, 'a finite number at or above 0');
  }
  const isCall = type === 'call';
  const smaller = Math.min(forward, strike);
  const value = price / discount;
  const headroom = (isCall ? forward : strike) - value;
  if (!(headroom > 0)) return ABOVE_MAXIMUM;

  const intrinsic = isCall ? forward - strike : strike - forward;
  // By put-call parity the time value is the price of the out-of-the-money option at the strike.
  const timeValue = intrinsic > 0 ? value - intrinsic : value;
  if (!(timeValue > 0)) {
    const isRounding = timeValue >= -ROUNDING * (forward + strike);
    return isRounding ? { status: 'found', volatility: 0 } : BELOW_INTRINSIC;
  }
  const deviation = solveDeviation(logDistance(forward, strike), timeValue, headroom, smaller);
  return { status: 'found', volatility: deviation / Math.sqrt(years) };
}

/** |ln(a / b)|, exact near a = b where the quotient alone would round away the difference. */
function logDistance(a: number, b: number): number {
  const difference = a - b;
  return Math.abs(Math.abs(difference) < 0.5 * b ? Math.log1p(difference / b) : logRatio(a, b));
}
