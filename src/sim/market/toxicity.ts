import { type Trade, type VolumeBuckets, vpin } from '../../core/risk/vpin.ts';
import { requireAboveZero } from '../../core/statistics/require.ts';

/** A swap, or the net of a minute of them, with its moment. */
export interface TimedTrade extends Trade {
  readonly timestampSeconds: number;
}

/**
 * `vpin` over the last buckets of volume as it could be known at each moment: of trades up to it, none later. NaN while there
 * were too few to fill the buckets.
 *
 * @param trades oldest first
 * @throws InvalidInputError when a bucket holds nothing, or a trade is none
 */
export function toxicityAlong(
  moments: Float64Array,
  trades: readonly TimedTrade[],
  buckets: VolumeBuckets,
): Float64Array {
  requireAboveZero('bucketVolume', buckets.bucketVolume);
  const wanted = buckets.bucketVolume * buckets.bucketCount * (1 + 1e-9);
  let [next, first, volume] = [0, 0, 0];
  return moments.map((moment) => {
    while (next < trades.length && trades[next]!.timestampSeconds <= moment) {
      volume += trades[next]!.volume;
      next += 1;
    }
    while (first < next && volume - trades[first]!.volume >= wanted) {
      volume -= trades[first]!.volume;
      first += 1;
    }
    return volume < wanted ? Number.NaN : vpin(trades.slice(first, next), buckets);
  });
}
