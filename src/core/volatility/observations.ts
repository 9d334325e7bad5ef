import { InvalidInputError } from '../errors.ts';
import { requireAboveZero, requireFinite } from '../statistics/require.ts';

/** A price at a moment; moments need not be equally spaced. */
export interface PriceObservation {
  /** Unix seconds. */
  readonly timestampSeconds: number;
  /** Quote per base. */
  readonly price: number;
}

/** A log return and how long it took. */
export interface TimedReturn {
  /** When it ended, unix seconds. */
  readonly timestampSeconds: number;
  readonly seconds: number;
  readonly logReturn: number;
}

/**
 * Log returns between neighbouring observations. A move that took longer than `maxGapSeconds` is a hole in the data, not
 * a return, and is left out.
 *
 * @throws InvalidInputError when a price is not above 0, times do not rise, or `maxGapSeconds` is not above 0
 */
export function timedReturns(
  observations: readonly PriceObservation[],
  maxGapSeconds: number,
): TimedReturn[] {
  if (!(maxGapSeconds > 0)) throw new InvalidInputError('maxGapSeconds', maxGapSeconds, 'above 0');
  const returns: TimedReturn[] = [];
  observations.forEach(({ timestampSeconds, price }, index) => {
    requireFinite(`observations[${index}].timestampSeconds`, timestampSeconds);
    requireAboveZero(`observations[${index}].price`, price);
    const before = observations[index - 1];
    if (before === undefined) return;
    const seconds = timestampSeconds - before.timestampSeconds;
    if (seconds <= 0) {
      const expected = `later than ${before.timestampSeconds}`;
      throw new InvalidInputError(`observations[${index}].timestampSeconds`, timestampSeconds, expected);
    }
    if (seconds > maxGapSeconds) return;
    returns.push({ timestampSeconds, seconds, logReturn: Math.log(price / before.price) });
  });
  return returns;
}
