import { InvalidInputError } from '../errors.ts';

/** Deltas of one option, by what they are counted in and hedged with. */
export interface OptionDeltas {
  /** Base to hold against it when counting in quote: dPrice / dSpot. */
  readonly spot: number;
  /** Forwards to its expiry to hold against it when counting in quote. */
  readonly forward: number;
  /** Base to hold against it when counting in base, where the premium itself is base. */
  readonly premiumIncluded: number;
  /** Forwards to its expiry to hold against it when counting in base. */
  readonly forwardPremiumIncluded: number;
}

/**
 * How volatility is taken to move with the spot when delta is measured. `stickyStrike`: not at all. `stickyDelta`: the
 * smile moves along, each strike reading it at its new distance from the forward. `minimumVariance`: as it moves on
 * average.
 */
export type DeltaModel =
  | { readonly model: 'stickyStrike' }
  | {
      readonly model: 'stickyDelta';
      /** Slope of the smile at this strike and expiry: dVolatility / d ln(strike). */
      readonly skew: number;
    }
  | {
      readonly model: 'minimumVariance';
      /** Expected change of this option's volatility per 1.00 quote of spot; see {@link volatilityPerSpot}. */
      readonly volatilityPerSpot: number;
    };

/**
 * The delta of something counted in base instead of in quote: delta - value / spot. It is spot x d(value / spot) / dSpot,
 * what moves a vault that counts in base: the premium-included delta of an option, the net transaction delta of an inverse
 * (base-settled) option, and for a whole vault its distance from neutral.
 *
 * @param delta dValue / dSpot, base units
 * @throws InvalidInputError when spot is not finite and above 0
 */
export function deltaInBase(delta: number, valueQuote: number, spot: number): number {
  requireSpot(spot);
  return delta - valueQuote / spot;
}

/**
 * The spot delta of an option as each convention states it (D. Reiswich and U. Wystup, "FX volatility smile
 * construction", 2012).
 *
 * @param option price in quote, and dPrice / dSpot
 * @throws InvalidInputError when spot is not finite and above 0, or years is below 0
 */
export function optionDeltas(
  option: { readonly price: number; readonly delta: number },
  market: { readonly spot: number; readonly years: number; readonly dividendYield: number },
): OptionDeltas {
  const { spot, years, dividendYield } = market;
  if (!(years >= 0)) throw new InvalidInputError('years', years, 'a number at or above 0');
  const growth = Math.exp(dividendYield * years);
  const premiumIncluded = deltaInBase(option.delta, option.price, spot);
  return {
    spot: option.delta,
    forward: option.delta * growth,
    premiumIncluded,
    forwardPremiumIncluded: premiumIncluded * growth,
  };
}

/**
 * Delta with the part that moves through volatility: delta + vega x dVolatility / dSpot. With minimum variance it is the
 * hedge that leaves least variance (J. Hull and A. White, "Optimal delta hedging for options", 2017).
 *
 * @param option delta and vega at an unmoved volatility, per 1.00 of volatility
 * @throws InvalidInputError when spot is not finite and above 0, or the slope is not finite
 */
export function modelDelta(
  option: { readonly delta: number; readonly vega: number },
  spot: number,
  how: DeltaModel,
): number {
  requireSpot(spot);
  if (how.model === 'stickyStrike') return option.delta;
  // The distance ln(strike / forward) falls by one for each e-fold of the spot.
  const slope = how.model === 'stickyDelta' ? -how.skew / spot : how.volatilityPerSpot;
  if (!Number.isFinite(slope)) throw new InvalidInputError(how.model, slope, 'a finite slope');
  return option.delta + option.vega * slope;
}

/**
 * Expected change of volatility per 1.00 quote of spot, the regression of one on the other: correlation x volatility of
 * volatility / spot (B. Bartlett, "Hedging under SABR model", 2006, for a lognormal spot).
 *
 * @param volatilityOfVolatility of relative changes, per year, 1.00 = 100 %
 * @throws InvalidInputError when spot is not finite and above 0, or the correlation is not between -1 and 1
 */
export function volatilityPerSpot(input: {
  readonly spot: number;
  readonly correlation: number;
  readonly volatilityOfVolatility: number;
}): number {
  const { spot, correlation, volatilityOfVolatility } = input;
  requireSpot(spot);
  if (!(Math.abs(correlation) <= 1)) {
    throw new InvalidInputError('correlation', correlation, 'a number from -1 to 1');
  }
  return (correlation * volatilityOfVolatility) / spot;
}

function requireSpot(spot: number): void {
  if (!(spot > 0 && Number.isFinite(spot))) {
    throw new InvalidInputError('spot', spot, 'a finite number above 0');
  }
}
