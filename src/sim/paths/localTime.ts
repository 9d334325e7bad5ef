import { InvalidInputError } from '../../core/errors.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';

const HOUR = 3_600;
const DAYS_PER_YEAR = 365.2425;
/** Clocks are set back in the small hours: before four o'clock everywhere. */
const LATEST_HOUR = 4;
/** On the first Sunday of April (0 = January), the last of October, the first of November: the week each lies in. */
const CHANGES: readonly (readonly [month: number, firstDay: number])[] = [
  [3, 1],
  [9, 25],
  [10, 1],
];

/** A row as far as clocks are concerned. */
export interface TimedPrice {
  readonly timestampSeconds: number;
  readonly price: number;
}

/** Whether clocks somewhere tell this hour twice, were the moment local time. */
function isHourToldTwice(timestampSeconds: number): boolean {
  const days = Math.floor(timestampSeconds / SECONDS_PER_DAY);
  // The first day of unix time was a Thursday.
  const isSunday = (days + 4) % 7 === 0;
  if (!isSunday || timestampSeconds - days * SECONDS_PER_DAY >= LATEST_HOUR * HOUR) return false;
  const year = 1970 + Math.floor(days / DAYS_PER_YEAR);
  return CHANGES.some(([month, firstDay]) => {
    const since = timestampSeconds - Date.UTC(year, month, firstDay) / 1_000;
    return since >= 0 && since < 7 * SECONDS_PER_DAY;
  });
}

/** Whether a row's time was told shortly before, with another price: a row that was merely copied is no change of clocks. */
function isToldBefore(rows: readonly TimedPrice[], index: number): boolean {
  const { timestampSeconds, price } = rows[index]!;
  for (let before = index - 1; before >= 0; before -= 1) {
    const row = rows[before]!;
    if (row.timestampSeconds < timestampSeconds) return false;
    if (row.timestampSeconds === timestampSeconds && row.price !== price) return true;
  }
  return false;
}

/**
 * Refuses a recording in local time: in a night in which clocks are set back its rows go back by an hour, less the usual
 * distance, and their times come again with other prices. Such a recording would be wrong by an hour for half of the year.
 *
 * @param rows in the order of the recording
 * @param intervalSeconds the usual distance of neighbours; where it is more than an hour, clocks cannot be seen
 * @throws InvalidInputError naming the moment
 */
export function refuseLocalTime(rows: readonly TimedPrice[], intervalSeconds: number): void {
  if (intervalSeconds > HOUR) return;
  const least = 0.9 * HOUR - intervalSeconds;
  for (const [index, { timestampSeconds }] of rows.entries()) {
    const back = (rows[index - 1]?.timestampSeconds ?? Number.NEGATIVE_INFINITY) - timestampSeconds;
    if (!(back >= least && back <= HOUR)) continue;
    if (!isHourToldTwice(timestampSeconds) || !isToldBefore(rows, index)) continue;
    const found = `an hour told twice on the Sunday at ${timestampSeconds}`;
    throw new InvalidInputError(
      'rows',
      found,
      'times in UTC: these look like local time with clocks set back',
    );
  }
}
