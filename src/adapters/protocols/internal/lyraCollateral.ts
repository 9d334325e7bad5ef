import { blackScholes } from '../../../core/options/blackScholes.ts';
import { SECONDS_PER_YEAR, toWhole } from '../../../core/units.ts';
import { lyraDecimals } from './lyraAbi.ts';

/** Lyra's rule for the least collateral of a written option, as its greek cache holds it; 18 decimals, times in seconds. */
export interface LyraCollateralRule {
  readonly minStaticQuoteCollateral: bigint;
  readonly minStaticBaseCollateral: bigint;
  readonly shockVolA: bigint;
  readonly shockVolPointA: bigint;
  readonly shockVolB: bigint;
  readonly shockVolPointB: bigint;
  readonly callSpotPriceShock: bigint;
  readonly putSpotPriceShock: bigint;
}

/** A written option as the rule looks at it. */
export interface LyraShort {
  readonly type: 'call' | 'put';
  readonly collateral: 'base' | 'quote';
  /** Quote per base. */
  readonly strike: number;
  /** Base units, above 0. */
  readonly amount: number;
  readonly secondsLeft: number;
}

/** The market's own price of base, quote per base, and the rate that it prices with. */
export interface LyraMarket {
  readonly spot: number;
  readonly rate: number;
}

const whole = (wad: bigint) => toWhole(wad, lyraDecimals);

/** The volatility that collateral has to stand: high for short options, falling in a line between two times to expiry. */
function shockVolatility(rule: LyraCollateralRule, secondsLeft: number): number {
  const [from, to] = [Number(rule.shockVolPointA), Number(rule.shockVolPointB)];
  const [high, low] = [whole(rule.shockVolA), whole(rule.shockVolB)];
  if (secondsLeft <= from) return high;
  if (secondsLeft >= to) return low;
  return high - ((high - low) * (secondsLeft - from)) / (to - from);
}

/**
 * Below this collateral Lyra v1 liquidates a written option: its price after a shock of price and volatility, at least a
 * fixed amount, at most what covers all that it can lose (OptionGreekCache.getMinCollateral, 0.1.3-alpha).
 *
 * @returns whole tokens of its collateral
 */
export function leastCollateral(short: LyraShort, rule: LyraCollateralRule, market: LyraMarket): number {
  const { type, collateral, strike, amount, secondsLeft } = short;
  const shock = whole(type === 'put' ? rule.putSpotPriceShock : rule.callSpotPriceShock);
  const spot = market.spot * shock;
  const years = Math.max(0, secondsLeft) / SECONDS_PER_YEAR;
  const { price } = blackScholes({
    type,
    spot,
    strike,
    years,
    rate: market.rate,
    dividendYield: 0,
    volatility: shockVolatility(rule, Math.max(0, secondsLeft)),
  });
  const owed = price * amount;
  if (collateral === 'base') {
    return Math.min(Math.max(owed / spot, whole(rule.minStaticBaseCollateral)), amount);
  }
  const least = Math.max(owed, whole(rule.minStaticQuoteCollateral));
  return type === 'call' ? least : Math.min(least, amount * strike);
}
