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
  /** The vault's own newest hedge, base, either side; null where there is none. Each is told from others by when it was decided. */
  readonly ownHedge: { readonly decidedAtSeconds: number; readonly base: number } | null;
}

/** What is remembered of the blocks before: of constant size, however many there were. */
export interface MarketTrack {
  /** The last sighting's own figures, blocks as a number since a memory is JSON. */
  readonly blockNumber: number;
  readonly timestampSeconds: number;
  readonly spot: number;
  /** The price of the block before that one; absent where none was seen. */
  readonly spotBefore?: number;
  /** Quadratic variation of the log price per second, the newest counting most. */
  readonly variancePerSecond: number;
  /** Usual depth, base: what it was on average over the slow half-life. */
  readonly usualDepthBase: number;
  /** The vault's own hedges that the market may still feel, base. */
  readonly ownTradedBase: number;
  /** When the newest of them was decided; absent where there was none. */
  readonly ownHedgeSeconds?: number;
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
const trackHalfLives: TrackHalfLives = {
  volatilitySeconds: 3_600,
  depthSeconds: 86_400,
  ownTradesSeconds: 1_800,
};

/**
 * The track after one more sighting. Averages are exponential in time, so that irregular blocks count by how long they
 * stood. A sighting that is not newer than the track (a block seen again, or one that a reorganisation put in its place)
 * replaces the price and nothing else. A hedge counts once, in whichever sighting it is first known of: its receipt may be
 * late, and a reorganisation may show it twice.
 *
 * @param track null for the first sighting
 * @throws InvalidInputError when the price is not above 0, or an amount is negative
 */
export function nextTrack(
  track: MarketTrack | null,
  sighting: MarketSighting,
  halfLives: TrackHalfLives = trackHalfLives,
): MarketTrack {
  const { timestampSeconds, spot, depthBase, ownHedge } = sighting;
  requireAboveZero('spot', spot);
  requireAtLeastZero('depthBase', depthBase);
  requireAtLeastZero('ownHedge.base', ownHedge?.base ?? 0);
  const here = { blockNumber: Number(sighting.blockNumber), timestampSeconds, spot };
  const isNew =
    ownHedge !== null && ownHedge.decidedAtSeconds > (track?.ownHedgeSeconds ?? Number.NEGATIVE_INFINITY);
  const forgets = (seconds: number, halfLifeSeconds: number) => 0.5 ** (seconds / halfLifeSeconds);
  const age = Math.max(0, timestampSeconds - (ownHedge?.decidedAtSeconds ?? 0));
  const added = isNew ? ownHedge.base * forgets(age, halfLives.ownTradesSeconds) : 0;
  const newest = isNew ? { ownHedgeSeconds: ownHedge.decidedAtSeconds } : {};
  if (track === null) {
    const none = { variancePerSecond: 0, usualDepthBase: depthBase, coveredSeconds: 0 };
    return { ...here, ...none, ownTradedBase: added, ...newest };
  }
  const passed = timestampSeconds - track.timestampSeconds;
  if (passed <= 0) {
    const ownTradedBase = track.ownTradedBase + added;
    return { ...track, ...here, timestampSeconds: track.timestampSeconds, ownTradedBase, ...newest };
  }
  const kept = (halfLifeSeconds: number) => forgets(passed, halfLifeSeconds);
  const rate = Math.log(spot / track.spot) ** 2 / passed;
  const depth = kept(halfLives.depthSeconds);
  const coveredSeconds = track.coveredSeconds + passed;
  // While the track is young its variance is a plain mean: what was not seen is not calm.
  const share = Math.max(1 - kept(halfLives.volatilitySeconds), passed / coveredSeconds);
  return {
    ...track,
    ...here,
    ...newest,
    spotBefore: track.spot,
    variancePerSecond: (1 - share) * track.variancePerSecond + share * rate,
    usualDepthBase: depth * track.usualDepthBase + (1 - depth) * depthBase,
    ownTradedBase: kept(halfLives.ownTradesSeconds) * track.ownTradedBase + added,
    coveredSeconds,
  };
}

/** The price that a track knows of the block before one of a time; null where it knows none. */
export function spotBefore(track: MarketTrack | null, timestampSeconds: number): number | null {
  if (track === null) return null;
  return timestampSeconds > track.timestampSeconds ? track.spot : (track.spotBefore ?? null);
}

/** Realised volatility of a track, annualised, 1.00 = 100 %. */
export function trackVolatility({ variancePerSecond }: MarketTrack): number {
  return Math.sqrt(variancePerSecond * SECONDS_PER_YEAR);
}
