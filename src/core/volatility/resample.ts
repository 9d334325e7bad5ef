import { InvalidInputError } from '../errors.ts';
import { requireAboveZero } from '../statistics/require.ts';
import { type PriceObservation, timedReturns } from './observations.ts';

/** The grid that prices are put on. */
export interface ResampleOptions {
  /** Distance of the grid's points, which lie at multiples of it. */
  readonly intervalSeconds: number;
  /** A price older than this says nothing about a point of the grid: there is a hole then. */
  readonly maxAgeSeconds: number;
}

/** Equally spaced returns from prices at any moments. */
export interface ResampledReturns {
  /** Oldest first. Where the grid has a hole the returns on its two sides follow each other. */
  readonly logReturns: readonly number[];
  /** Points of the grid without a price. */
  readonly holes: number;
}

const MOST_POINTS = 10_000_000;

/**
 * Puts prices at any moments (rounds of a price feed, ticks of a pool) on an even grid by the last price at or before each
 * point, and gives the returns between neighbouring points that both have one: what `fitGarch` and `ewmaVolatility` need.
 * The move over a hole never becomes a return.
 *
 * @throws InvalidInputError when an option is not above 0, there are more than 10,000,000 points, or the observations are
 * refused by `timedReturns`
 */
export function resampledReturns(
  observations: readonly PriceObservation[],
  { intervalSeconds, maxAgeSeconds }: ResampleOptions,
): ResampledReturns {
  requireAboveZero('intervalSeconds', intervalSeconds);
  requireAboveZero('maxAgeSeconds', maxAgeSeconds);
  timedReturns(observations, Number.POSITIVE_INFINITY);
  const [first, last] = [observations[0], observations.at(-1)];
  if (first === undefined || last === undefined) return { logReturns: [], holes: 0 };
  const start = Math.ceil(first.timestampSeconds / intervalSeconds);
  const points = Math.floor(last.timestampSeconds / intervalSeconds) - start + 1;
  if (points > MOST_POINTS) {
    throw new InvalidInputError(
      'intervalSeconds',
      intervalSeconds,
      `one that makes at most ${MOST_POINTS} points`,
    );
  }
  const logReturns: number[] = [];
  let holes = 0;
  let before: number | undefined;
  let at = 0;
  for (let point = 0; point < points; point++) {
    const time = (start + point) * intervalSeconds;
    while (at + 1 < observations.length && observations[at + 1]!.timestampSeconds <= time) at += 1;
    const { price, timestampSeconds } = observations[at]!;
    const isKnown = time - timestampSeconds <= maxAgeSeconds;
    if (!isKnown) holes += 1;
    else if (before !== undefined) logReturns.push(Math.log(price / before));
    before = isKnown ? price : undefined;
  }
  return { logReturns, holes };
}
