import { requireAboveZero, requireAtLeastZero } from '../../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../units.ts';

/** What one block showed of a vault's market. */
export interface MarketSighting {
  readonly blockNumber: bigint;
  readonly timestampSeconds: number;
  /** Fair price, quote per base. */
  readonly spot: number;
  /** What pools take within the price bound, base, the smaller of both sides. */
  readonly depthBase: number;
  /** The vault's own hedges since the last sighting, base, either side, above 0. */
  readonly ownTradedBase: number;
}

/** What is remembered of the blocks before: of constant size, however many there were. */
export interface MarketTrack {
  /** The last sighting's own figures, blocks as a number since a memory is JSON. */
  readonly blockNumber: number;
  readonly timestampSeconds: number;
  readonly spot: number;
  /** Quadratic variation of the log price per second, the newest counting most. */
  readonly variancePerSecond: number;
  /** Usual depth, base: what it was on average over the slow half-life. */
  readonly usualDepthBase: number;
  /** The vault's own hedges that the market may still feel, base. */
  readonly ownTradedBase: number;
  /** Time that the averages stand on. */
  readonly coveredSeconds: number;
}

/** How fast a track forgets, seconds after which a sighting counts half. */
export interface TrackHalfLives {
  readonly volatilitySeconds: number;
  readonly depthSeconds: number;
  readonly ownTradesSeconds: number;
}

/** An hour for what moves fast, a day for what depth is usual. */
export const trackHalfLives: TrackHalfLives = {
  volatilitySeconds: 3_600,
  depthSeconds: 86_400,
  ownTradesSeconds: 1_800,
};

/**
 * The track after one more sighting. Averages are exponential in time, so that irregular blocks count by how long they
 * stood. A sighting that is not newer than the track (a block seen again, or one that a reorganisation put in its place)
 * replaces the price and nothing else.
 *
 * @param track null for the first sighting
 * @throws InvalidInputError when the price is not above 0, or an amount is negative
 */
export function nextTrack(
  track: MarketTrack | null,
  sighting: MarketSighting,
  halfLives: TrackHalfLives = trackHalfLives,
): MarketTrack {
  const { timestampSeconds, spot, depthBase, ownTradedBase } = sighting;
  requireAboveZero('spot', spot);
  requireAtLeastZero('depthBase', depthBase);
  requireAtLeastZero('ownTradedBase', ownTradedBase);
  const here = { blockNumber: Number(sighting.blockNumber), timestampSeconds, spot };
  if (track === null) {
    return { ...here, variancePerSecond: 0, usualDepthBase: depthBase, ownTradedBase, coveredSeconds: 0 };
  }
  const passed = timestampSeconds - track.timestampSeconds;
  if (passed <= 0) return { ...track, ...here, timestampSeconds: track.timestampSeconds };
  const kept = (halfLifeSeconds: number) => 0.5 ** (passed / halfLifeSeconds);
  const rate = Math.log(spot / track.spot) ** 2 / passed;
  const depth = kept(halfLives.depthSeconds);
  const coveredSeconds = track.coveredSeconds + passed;
  // While the track is young its variance is a plain mean: what was not seen is not calm.
  const newest = Math.max(1 - kept(halfLives.volatilitySeconds), passed / coveredSeconds);
  return {
    ...here,
    variancePerSecond: (1 - newest) * track.variancePerSecond + newest * rate,
    usualDepthBase: depth * track.usualDepthBase + (1 - depth) * depthBase,
    ownTradedBase: kept(halfLives.ownTradesSeconds) * track.ownTradedBase + ownTradedBase,
    coveredSeconds,
  };
}

/** Realised volatility of a track, annualised, 1.00 = 100 %. */
export function trackVolatility({ variancePerSecond }: MarketTrack): number {
  return Math.sqrt(variancePerSecond * SECONDS_PER_YEAR);
}
