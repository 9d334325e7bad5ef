import type { ExpiryGamma } from '../hedge/bands/expiries.ts';
import { blackScholes } from '../options/blackScholes.ts';
import type { MeasuredExposure, OptionPosition } from '../position.ts';
import type { Snapshot } from '../snapshot.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { marketView } from './netExposure.ts';
import { volatilityOf } from './ownVolatility.ts';

/** What a band is made for: how net delta moves, and for how long. */
export interface BookTerms {
  /** Net gamma, base per 1.00 of price, capped where options are about to expire. */
  readonly gamma: number;
  /** Gamma-weighted time to expiry; what has no expiry counts with the horizon given for it. */
  readonly horizonYears: number;
  /** How fast net delta is expected to move by itself while the price does not drift, base per year. */
  readonly deltaDrift: number;
  /** The parts of `gamma` by when they end, at least one; what has no expiry ends at the horizon given for it. */
  readonly expiries: readonly ExpiryGamma[];
}

/** How a book is looked at. */
export interface BookRules {
  /** Before expiry gamma is capped at its average over what the price has left to move. */
  readonly pinWindowSeconds: number;
  /** How far ahead is looked where nothing expires. */
  readonly openEndedYears: number;
}

/** Options whose payoff still depends on the price. */
export function liveOptions({ chain }: Snapshot): readonly OptionPosition[] {
  return chain.positions.filter(
    (position): position is OptionPosition =>
      position.kind === 'option' &&
      position.settlementPrice === null &&
      (position.fixingPrice ?? null) === null &&
      position.expirySeconds > chain.block.timestampSeconds,
  );
}

/**
 * Gamma of one option averaged over one standard deviation of the price left until expiry, down and up: what gamma adds
 * to delta over the move that is likely, where at the strike gamma itself grows without bound.
 */
export function averageGamma(
  option: Pick<OptionPosition, 'type' | 'strike'>,
  market: {
    readonly spot: number;
    readonly volatility: number;
    readonly rate: number;
    readonly years: number;
  },
): number {
  const { spot, volatility, rate, years } = market;
  const move = volatility * Math.sqrt(years);
  if (!(move > 0)) return 0;
  const [low, high] = [spot * Math.exp(-move), spot * Math.exp(move)];
  const deltaAt = (price: number) =>
    blackScholes({ ...option, spot: price, years, rate, dividendYield: 0, volatility }).delta;
  return (deltaAt(high) - deltaAt(low)) / (high - low);
}

/**
 * Gamma, horizon and drift of a whole book. Liquidity, perps and everything else without expiry come in through net gamma
 * alone. The drift is that of the options' deltas, charm and the convexity of delta together: -(sigma^2 + r) S gamma, by
 * differentiating the equation of F. Black and M. Scholes (1973).
 *
 * @param spot quote per base
 */
export function bookTerms(
  snapshot: Snapshot,
  spot: number,
  exposure: MeasuredExposure,
  { pinWindowSeconds, openEndedYears }: BookRules,
): BookTerms {
  const { volatility, rate, nowSeconds } = marketView(snapshot, spot);
  let [plain, capped, weighted, weights, last] = [0, 0, 0, 0, 0];
  let nearest = openEndedYears;
  const byExpiry = new Map<number, number>();
  for (const option of liveOptions(snapshot)) {
    const seconds = option.expirySeconds - nowSeconds;
    const years = seconds / SECONDS_PER_YEAR;
    const { type, strike } = option;
    const market = { spot, volatility: volatilityOf(option, volatility), rate, years };
    const { gamma } = blackScholes({ type, strike, dividendYield: 0, ...market });
    const most = seconds > pinWindowSeconds ? gamma : averageGamma(option, market);
    plain += option.size * gamma;
    const counted = option.size * Math.min(gamma, most);
    capped += counted;
    byExpiry.set(years, (byExpiry.get(years) ?? 0) + counted);
    const weight = Math.abs(option.size) * gamma;
    weighted += weight * years;
    weights += weight;
    last = Math.max(last, years);
    nearest = Math.min(nearest, years);
  }
  const rest = exposure.gamma - plain;
  const restWeight = weights > 0 && Math.abs(rest) < 1e-9 * weights ? 0 : Math.abs(rest);
  const total = weights + restWeight;
  // Gammas so small that their products vanish would leave no time at all: an average is no sooner than what ends first.
  const horizonYears =
    total > 0
      ? Math.max((weighted + restWeight * openEndedYears) / total, nearest)
      : last > 0
        ? last
        : openEndedYears;
  // A vault that counts in base is neutral at value / spot: that moves with the price as well.
  const ofNeutral =
    snapshot.vault.numeraire === 'base' ? (exposure.delta - exposure.valueQuote / spot) / spot : 0;
  const openEnded = (restWeight > 0 ? rest : 0) - ofNeutral;
  if (openEnded !== 0 || byExpiry.size === 0) {
    byExpiry.set(openEndedYears, (byExpiry.get(openEndedYears) ?? 0) + openEnded);
  }
  return {
    gamma: rest + capped - ofNeutral,
    horizonYears,
    expiries: [...byExpiry].map(([years, gamma]) => ({ years, gamma })),
    deltaDrift: -(volatility * volatility + rate) * spot * capped + 0,
  };
}
