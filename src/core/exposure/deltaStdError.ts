import { isFresh } from '../risk/oracle.ts';
import type { Snapshot } from '../snapshot.ts';
import { median } from '../statistics/moments.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { atVolatility } from './atVolatility.ts';
import { netExposure } from './netExposure.ts';

/** A market, and how exactly it is known. */
export interface UncertainMarket {
  /** Quote per base. */
  readonly spot: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** One standard error of the volatility. */
  readonly volatilityStdError: number;
  /** How long ago the price was the price. */
  readonly priceAgeSeconds: number;
}

/** No volatility is below this share of itself, however large its error. */
const LOWEST_SHARE = 0.05;

/**
 * One standard error of a net delta, base units: vanna times the error of the volatility, and gamma times what the price
 * has moved since it was seen, spot sigma sqrt(age), as two independent errors. Both are taken as half of what one error
 * up and one down make, so that whatever moves net delta counts, as the base that a vault counts in.
 *
 * @param netDeltaAt net delta at a price and a volatility
 */
export function deltaStdError(
  netDeltaAt: (spot: number, volatility: number) => number,
  { spot, volatility, volatilityStdError, priceAgeSeconds }: UncertainMarket,
): number {
  const [higher, lower] = [
    volatility + volatilityStdError,
    Math.max(volatility - volatilityStdError, LOWEST_SHARE * volatility),
  ];
  const slope = higher > lower ? (netDeltaAt(spot, higher) - netDeltaAt(spot, lower)) / (higher - lower) : 0;
  const move = volatility * Math.sqrt(Math.max(0, priceAgeSeconds) / SECONDS_PER_YEAR);
  const [up, down] = [spot * Math.exp(move), spot * Math.exp(-move)];
  const fromPrice = move > 0 ? (netDeltaAt(up, volatility) - netDeltaAt(down, volatility)) / 2 : 0;
  return Math.hypot(slope * volatilityStdError, fromPrice);
}

/** Age of the median price: feeds have their own, pools are as old as the block. */
function priceAgeSeconds({ chain }: Snapshot): number {
  const { prices, pools, block } = chain;
  const feeds = prices
    .filter((reading) => isFresh(reading, block))
    .map(({ updatedAtSeconds }) => block.timestampSeconds - updatedAtSeconds);
  return median([...feeds, ...pools.map(() => 0)]);
}

/**
 * One standard error of a snapshot's net delta, base units, by {@link deltaStdError}. A volatility whose source does not
 * know its error counts as exact. Tokens alone, counted in quote, have a delta that nothing moves.
 *
 * @param spot the fair price, quote per base
 * @throws InvalidInputError when a position is impossible
 */
export function snapshotDeltaStdError(snapshot: Snapshot, spot: number): number {
  const { vault, chain } = snapshot;
  const isFixed = vault.numeraire === 'quote' && chain.positions.every(({ kind }) => kind === 'spot');
  if (isFixed) return 0;
  const reading = snapshot.observed.volatility;
  const netDeltaAt = (price: number, volatility: number) =>
    netExposure(atVolatility(snapshot, volatility), price).netDelta;
  return deltaStdError(netDeltaAt, {
    spot,
    volatility: reading.volatility,
    volatilityStdError: reading.stdError ?? 0,
    priceAgeSeconds: priceAgeSeconds(snapshot),
  });
}
