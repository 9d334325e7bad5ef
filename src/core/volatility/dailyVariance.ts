import { InvalidInputError } from '../errors.ts';
import { compensatedSum } from '../math/sum.ts';
import { SECONDS_PER_DAY } from '../units.ts';
import { type PriceObservation, timedReturns } from './observations.ts';

/** One whole UTC day of equally spaced log returns. */
export interface RealizedDay {
  /** Midnight that it starts at, unix seconds. */
  readonly startSeconds: number;
  readonly returns: readonly number[];
  /** From the last price of the day before to the last of this one. */
  readonly logReturn: number;
  /** Sum of the squared returns: the variance of that day. */
  readonly variance: number;
}

/** Whole days, and how many calendar days between the first and the last price were left out. */
export interface RealizedDays {
  readonly days: readonly RealizedDay[];
  /** A price is missing, of the day itself or the one just before it. */
  readonly incomplete: number;
  /** The price did not move at all, which no market does. */
  readonly still: number;
}

/**
 * Realised variance of each UTC day (T. Andersen and T. Bollerslev, 1998) from prices at equal intervals, a price being
 * that at the end of the interval that starts at its timestamp. Days with a missing price are dropped, not scaled up.
 *
 * @param intervalSeconds a divisor of a day: 3600 for hourly prices
 * @throws InvalidInputError when the interval does not divide a day, or the prices are refused by `timedReturns`
 */
export function realizedDays(
  observations: readonly PriceObservation[],
  { intervalSeconds }: { readonly intervalSeconds: number },
): RealizedDays {
  const perDay = SECONDS_PER_DAY / intervalSeconds;
  if (!Number.isInteger(perDay) || perDay < 1) {
    throw new InvalidInputError('intervalSeconds', intervalSeconds, 'a divisor of 86,400');
  }
  const byDay = new Map<number, number[]>();
  for (const { timestampSeconds, seconds, logReturn } of timedReturns(observations, intervalSeconds)) {
    if (seconds !== intervalSeconds || timestampSeconds % intervalSeconds !== 0) continue;
    const startSeconds = Math.floor(timestampSeconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
    const returns = byDay.get(startSeconds);
    if (returns === undefined) byDay.set(startSeconds, [logReturn]);
    else returns.push(logReturn);
  }
  const whole = [...byDay].filter(([, returns]) => returns.length === perDay);
  const days = whole
    .map(([startSeconds, returns]) => ({
      startSeconds,
      returns,
      logReturn: compensatedSum(returns),
      variance: compensatedSum(returns.map((value) => value * value)),
    }))
    .filter(({ variance }) => variance > 0);
  return {
    days,
    incomplete: calendarDays(observations) - whole.length,
    still: whole.length - days.length,
  };
}

function calendarDays(observations: readonly PriceObservation[]): number {
  const [first, last] = [observations[0], observations.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const dayOf = (seconds: number) => Math.floor(seconds / SECONDS_PER_DAY);
  return dayOf(last.timestampSeconds) - dayOf(first.timestampSeconds) + 1;
}
