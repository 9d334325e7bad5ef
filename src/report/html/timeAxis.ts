import { utcDay, utcMinute } from '../../core/report/utc.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { Axis } from './ticks.ts';

const MINUTE = 60;
const HOUR = 3_600;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  SECONDS_PER_DAY,
  2 * SECONDS_PER_DAY,
  7 * SECONDS_PER_DAY,
  28 * SECONDS_PER_DAY,
  91 * SECONDS_PER_DAY,
];
/** Ticks that a phone has room for. */
const MOST = 4;

/** An axis of time with ticks at round moments of UTC; a single moment has a minute around it. */
export function timeAxis(fromSeconds: number, toSeconds: number): Axis {
  const isMoment = !(toSeconds > fromSeconds);
  const [low, high] = isMoment
    ? [fromSeconds - MINUTE / 2, fromSeconds + MINUTE / 2]
    : [fromSeconds, toSeconds];
  const step = STEPS.find((one) => (high - low) / one <= MOST) ?? (high - low) / MOST;
  const first = Math.ceil(low / step);
  const count = Math.max(0, Math.floor(high / step) - first + 1);
  return {
    low,
    high,
    isLog: false,
    ticks: Array.from({ length: count }, (_, index) => (first + index) * step),
  };
}

/** A tick of such an axis: a time of day, or the day where it begins. */
export function timeText(seconds: number): string {
  return seconds % SECONDS_PER_DAY === 0 ? utcDay(seconds).slice(5) : utcMinute(seconds).slice(11);
}
