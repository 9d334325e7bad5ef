import { InvalidInputError } from '../errors.ts';
import { normalCdf, normalPdf } from '../math/normal.ts';
import { requireAboveZero, requireAtLeastZero } from '../statistics/require.ts';

/** The right to buy, or to sell. */
export type OptionType = 'call' | 'put';

/** A European option and its market; rates are continuously compounded per year, volatility 1.00 = 100 % per year. */
export interface BlackScholesInput {
  readonly type: OptionType;
  /** Quote per base, like `strike`. */
  readonly spot: number;
  readonly strike: number;
  /** Time to expiry; 0 at expiry. */
  readonly years: number;
  readonly rate: number;
  /** What holding base yields: dividends, staking, or the foreign rate. */
  readonly dividendYield: number;
  readonly volatility: number;
}

/** Value of one option and its sensitivities; time means calendar time, so theta of a lone option is mostly negative. */
export interface OptionGreeks {
  /** Quote per option. */
  readonly price: number;
  /** dPrice / dSpot: base per option. */
  readonly delta: number;
  /** d2Price / dSpot2: base per 1.00 quote. */
  readonly gamma: number;
  /** dPrice / dVolatility, per 1.00 of volatility. */
  readonly vega: number;
  /** dPrice / dTime, per year. */
  readonly theta: number;
  /** dPrice / dRate, per 1.00 of rate. */
  readonly rho: number;
  /** d2Price / dSpot dVolatility, per 1.00 of volatility. */
  readonly vanna: number;
  /** d2Price / dVolatility2, per 1.00 of volatility squared. */
  readonly volga: number;
  /** dDelta / dTime, per year. */
  readonly charm: number;
}

/**
 * Standard deviations up to here are none at all: the option is its limit. Far below anything that changes a price, and
 * far above where squares of doubles vanish.
 */
const NO_DEVIATION = 1e-100;

/**
 * Price and greeks of a European option (F. Black and M. Scholes, 1973; R. Merton, 1973, for the yield).
 *
 * With no time or no volatility left it is the discounted intrinsic value of the forward: gamma, vega, vanna and volga
 * are 0, and delta is one half of its range exactly at the forward.
 *
 * @example
 * blackScholes({ type: 'call', spot: 3000, strike: 3200, years: 30 / 365, rate: 0.04, dividendYield: 0, volatility: 0.6 })
 * @throws InvalidInputError naming the field when spot or strike is not above 0, years or volatility is below 0, or any
 * number is not finite
 */
export function blackScholes(input: BlackScholesInput): OptionGreeks {
  const { type, spot, strike, years, rate, dividendYield, volatility } = input;
  requireType(type);
  requireAboveZero('spot', spot);
  requireAboveZero('strike', strike);
  requireAtLeastZero('years', years);
  requireAtLeastZero('volatility', volatility);
  const discount = discountFactor('rate', rate, years);
  const yieldDiscount = discountFactor('dividendYield', dividendYield, years);
  const sign = type === 'call' ? 1 : -1;
  const spotValue = spot * yieldDiscount;
  const strikeValue = strike * discount;
  const logMoneyness = logRatio(spot, strike) + (rate - dividendYield) * years;
  const rootYears = Math.sqrt(years);
  const deviation = volatility * rootYears;

  const certain = !(deviation > NO_DEVIATION);
  const d1 = certain ? infiniteUnlessZero(logMoneyness) : logMoneyness / deviation + deviation / 2;
  const d2 = certain ? d1 : d1 - deviation;
  const density = certain ? 0 : normalPdf(d1);
  const probability1 = normalCdf(sign * d1);
  const probability2 = normalCdf(sign * d2);

  const intrinsic = Math.max(sign * (spotValue - strikeValue), 0);
  const raw = sign * (spotValue * probability1 - strikeValue * probability2);
  const carry = sign * (dividendYield * spotValue * probability1 - rate * strikeValue * probability2);
  const price = Math.max(raw, intrinsic);
  const delta = unsignedZero(sign * yieldDiscount * probability1);
  const rho = unsignedZero(sign * strikeValue * years * probability2);
  const yieldOfDelta = unsignedZero(sign * dividendYield * yieldDiscount * probability1);
  if (density === 0) {
    // Everything else is this density times something: 0, also where that something has no bound.
    const theta = unsignedZero(carry);
    return { price, delta, gamma: 0, vega: 0, theta, rho, vanna: 0, volga: 0, charm: yieldOfDelta };
  }
  const weight = yieldDiscount * density;
  const vega = spot * weight * rootYears;
  return {
    price,
    delta,
    gamma: weight / (spot * deviation),
    vega,
    theta: carry - (spot * weight * volatility) / (2 * rootYears),
    rho,
    vanna: (-weight * d2) / volatility,
    volga: (vega * d1 * d2) / volatility,
    charm: yieldOfDelta - weight * ((rate - dividendYield) / deviation - d2 / (2 * years)),
  };
}

/** Turns -0, which tells a reader nothing, into 0. */
function unsignedZero(value: number): number {
  return value + 0;
}

function infiniteUnlessZero(value: number): number {
  return value === 0 ? 0 : Math.sign(value) * Number.POSITIVE_INFINITY;
}

/** ln(a / b), exact near a = b where the quotient alone would round away the difference. */
function logRatio(a: number, b: number): number {
  return Math.abs(a - b) < b / 2 ? Math.log1p((a - b) / b) : Math.log(a / b);
}

function discountFactor(field: string, rate: number, years: number): number {
  const factor = Math.exp(-rate * years);
  if (!Number.isFinite(rate) || !Number.isFinite(factor)) {
    throw new InvalidInputError(field, rate, 'a finite rate with a finite discount factor');
  }
  return factor;
}

function requireType(type: OptionType): void {
  if (type !== 'call' && type !== 'put') throw new InvalidInputError('type', type, 'call or put');
}
