import { InvalidInputError } from '../errors.ts';
import { blackScholes } from '../options/blackScholes.ts';
import type { Exposure, MarketView, OptionPosition } from '../position.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { volatilityOf } from './ownVolatility.ts';

/**
 * Exposure of a European option: the greeks of one option times the signed size. Between expiry and the moment that the
 * protocol's rule fixes the price it is what settling at the present price would make it; from then on it is cash, or base
 * when that is what it pays in, also while that price may still be disputed. An inverse option has the delta of any other
 * until then: what it pays is worth the same at that moment. Counted in base, the delta of all is less value / spot.
 *
 * @throws InvalidInputError when the size is not finite, or the strike, the settlement price or the market is impossible
 */
export function optionExposure(position: OptionPosition, view: MarketView): Exposure {
  const { type, strike, expirySeconds, size, fixingPrice = null } = position;
  const settlementPrice = position.settlementPrice ?? fixingPrice;
  if (!Number.isFinite(size)) throw new InvalidInputError('size', size, 'a finite number of base units');
  if (settlementPrice !== null) {
    return settledExposure(position, settlementPrice, view.spot);
  }
  const years = Math.max(expirySeconds - view.nowSeconds, 0) / SECONDS_PER_YEAR;
  const one = blackScholes({
    type,
    spot: view.spot,
    strike,
    years,
    // Past expiry nothing accrues any more.
    rate: years > 0 ? view.rate : 0,
    dividendYield: 0,
    volatility: volatilityOf(position, view.volatility),
  });
  return {
    delta: sized(size, one.delta),
    gamma: sized(size, one.gamma),
    vega: sized(size, one.vega),
    theta: sized(size, one.theta),
    valueQuote: sized(size, one.price),
  };
}

function settledExposure(position: OptionPosition, settlementPrice: number, spot: number): Exposure {
  const flat = { gamma: 0, vega: 0, theta: 0 };
  const paidQuote = sized(position.size, payoff(position, settlementPrice));
  if (position.settlement !== 'base') return { ...flat, delta: 0, valueQuote: paidQuote };
  if (settlementPrice === 0) {
    throw new InvalidInputError('settlementPrice', settlementPrice, 'a price above 0 to be paid in base at');
  }
  const paidBase = paidQuote / settlementPrice;
  return { ...flat, delta: paidBase, valueQuote: paidBase * spot };
}

/** A short position has -0 of what one option has none of; as 0 it survives being stored and read back. */
function sized(size: number, ofOne: number): number {
  return size * ofOne + 0;
}

function payoff({ type, strike }: OptionPosition, settlementPrice: number): number {
  if (!(settlementPrice >= 0 && Number.isFinite(settlementPrice))) {
    throw new InvalidInputError('settlementPrice', settlementPrice, 'a finite price at or above 0');
  }
  return Math.max(type === 'call' ? settlementPrice - strike : strike - settlementPrice, 0);
}
