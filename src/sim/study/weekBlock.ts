import { InvalidInputError } from '../../core/errors.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { BacktestResult } from '../backtest/result.ts';
import type { MarketPath } from '../market/marketPath.ts';

const HOUR = 3_600;
const WEEK = 7 * SECONDS_PER_DAY;

/** What a run did in one week of one path: what error bars are drawn from. */
export interface WeekBlock {
  readonly path: string;
  /** Whole weeks since the path's start. */
  readonly week: number;
  /** Fee, impact and gas, quote. */
  readonly cost: number;
  /** Time that is scored, hours: without the steps across holes. */
  readonly hours: number;
  /** Sums over an hour of net delta x price change, quote; over a step where that is longer. */
  readonly hourlyError: Float64Array;
}

/**
 * Cuts a run into weeks of its path. An hour that spans two of them, where weeks do not begin on the hour, belongs to the
 * week that it began in.
 *
 * @param market the path that the result was made on
 * @throws InvalidInputError where the result was not made on that path
 */
export function weekBlocks(
  { path, series, hourlyError }: Pick<BacktestResult, 'path' | 'series' | 'hourlyError'>,
  { timestampSeconds, afterGap }: Pick<MarketPath, 'timestampSeconds' | 'afterGap'>,
): readonly WeekBlock[] {
  const start = timestampSeconds[0] ?? 0;
  const weekOf = (seconds: number) => Math.max(0, Math.floor((seconds - start) / WEEK));
  const last = timestampSeconds.length - 1;
  const weeks = Array.from({ length: weekOf(timestampSeconds[Math.max(last - 1, 0)] ?? start) + 1 }, () => ({
    cost: 0,
    seconds: 0,
    errors: [] as number[],
  }));
  let [hour, taken] = [Number.NaN, 0];
  for (let step = 0; step < last; step += 1) {
    const seconds = timestampSeconds[step]!;
    const week = weeks[weekOf(seconds)]!;
    week.cost += series.cost[step + 1]! - series.cost[step]!;
    if (afterGap[step + 1] === 1) continue;
    week.seconds += timestampSeconds[step + 1]! - seconds;
    if (Math.floor(seconds / HOUR) === hour) continue;
    hour = Math.floor(seconds / HOUR);
    week.errors.push(hourlyError[taken] ?? Number.NaN);
    taken += 1;
  }
  if (taken !== hourlyError.length) {
    throw new InvalidInputError('hourlyError', `${hourlyError.length} hours`, `the ${taken} of the path`);
  }
  return weeks.map(({ cost, seconds, errors }, week) => ({
    path,
    week,
    cost,
    hours: seconds / HOUR,
    hourlyError: Float64Array.from(errors),
  }));
}
