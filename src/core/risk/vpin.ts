import { InvalidInputError } from '../errors.ts';
import { normalCdf } from '../math/normal.ts';
import { sampleVariance } from '../statistics/moments.ts';
import {
  requireAboveZero,
  requireAtLeastZero,
  requireFinite,
  requireInteger,
  requireSeries,
} from '../statistics/require.ts';

/** A trade whose aggressor is known. */
export interface Trade {
  /** In base units, or in quote where buckets are of equal value. */
  readonly volume: number;
  readonly side: 'buy' | 'sell';
}

/** Buckets of equal volume, and how many of the last ones to look at. */
export interface VolumeBuckets {
  /** In the unit of the trades' volume. */
  readonly bucketVolume: number;
  readonly bucketCount: number;
}

const MOST_BUCKETS = 10_000_000;

/**
 * Share of volume that was one-sided over the last buckets of equal volume, 0 to 1: how likely it is to trade against
 * somebody who knows more (D. Easley, M. Lopez de Prado and M. O'Hara, 2012). Trades are split where a bucket is full;
 * volume in a bucket that is not full yet does not count.
 *
 * @throws InvalidInputError when a volume is below 0 or not finite, a side is unknown, the buckets are no buckets, or there
 * are fewer full ones than asked for
 */
export function vpin(trades: readonly Trade[], { bucketVolume, bucketCount }: VolumeBuckets): number {
  requireAboveZero('bucketVolume', bucketVolume);
  requireInteger('bucketCount', bucketCount, 1, MOST_BUCKETS);
  const imbalances: number[] = [];
  let filled = 0;
  let imbalance = 0;
  trades.forEach(({ volume, side }, index) => {
    requireAtLeastZero(`trades[${index}].volume`, volume);
    if (side !== 'buy' && side !== 'sell') {
      throw new InvalidInputError(`trades[${index}].side`, side, 'buy or sell');
    }
    if (imbalances.length + volume / bucketVolume > MOST_BUCKETS) {
      throw new InvalidInputError(
        'bucketVolume',
        bucketVolume,
        `a volume that makes at most ${MOST_BUCKETS} buckets`,
      );
    }
    let rest = volume;
    while (rest > 0) {
      // What is left of a bucket after many small trades may be no more than their rounding.
      const part = Math.min(rest, bucketVolume - filled);
      filled += part;
      rest -= part;
      imbalance += side === 'buy' ? part : -part;
      if (filled < bucketVolume * (1 - 1e-12)) continue;
      imbalances.push(Math.abs(imbalance));
      filled = 0;
      imbalance = 0;
    }
  });
  return imbalanceShare(imbalances, { bucketVolume, bucketCount });
}

/**
 * Part of a bucket's volume that bought, told from how far the price moved: Phi(move / deviation) of it (bulk volume
 * classification; D. Easley, M. Lopez de Prado and M. O'Hara, 2012).
 *
 * @param deviation standard deviation of the moves; where it is 0, half of the volume of a bucket without a move bought
 * @returns in the unit of `volume`
 */
export function bulkBuyVolume(move: number, deviation: number, volume: number): number {
  requireFinite('move', move);
  requireAtLeastZero('deviation', deviation);
  requireAtLeastZero('volume', volume);
  return volume * (move === 0 ? 0.5 : normalCdf(move / deviation));
}

/**
 * `vpin` where only the price at the end of each bucket is known: each move from one bucket to the next splits the later
 * one by `bulkBuyVolume`, with the sample deviation of all moves.
 *
 * @throws InvalidInputError when a price is not above 0, or there are fewer moves than buckets asked for, or than two
 */
export function bulkVpin(
  bucketCloses: readonly number[],
  { bucketVolume, bucketCount }: VolumeBuckets,
): number {
  requireAboveZero('bucketVolume', bucketVolume);
  requireInteger('bucketCount', bucketCount, 1, MOST_BUCKETS);
  requireSeries('bucketCloses', bucketCloses, 3);
  bucketCloses.forEach((price, index) => {
    requireAboveZero(`bucketCloses[${index}]`, price);
  });
  const moves = bucketCloses.slice(1).map((price, index) => price - bucketCloses[index]!);
  const deviation = Math.sqrt(sampleVariance(moves));
  const imbalances = moves.map((move) =>
    Math.abs(2 * bulkBuyVolume(move, deviation, bucketVolume) - bucketVolume),
  );
  return imbalanceShare(imbalances, { bucketVolume, bucketCount });
}

function imbalanceShare(imbalances: readonly number[], { bucketVolume, bucketCount }: VolumeBuckets): number {
  if (imbalances.length < bucketCount) {
    throw new InvalidInputError(
      'bucketCount',
      bucketCount,
      `at most the ${imbalances.length} full buckets there are`,
    );
  }
  const total = imbalances.slice(-bucketCount).reduce((sum, imbalance) => sum + imbalance, 0);
  return total / (bucketCount * bucketVolume);
}
