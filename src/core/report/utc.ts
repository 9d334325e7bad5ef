import { SECONDS_PER_DAY } from '../units.ts';
import { UNKNOWN } from './numbers.ts';

const DAYS_PER_ERA = 146_097;
const DAYS_TO_1970 = 719_468;
const two = (value: number) => String(value).padStart(2, '0');

/**
 * The day of a moment in UTC, `2024-02-29` (civil calendar by eras of 400 years that begin in March: H. Hinnant,
 * chrono-compatible date algorithms, 2013).
 *
 * @param unixSeconds not finite gives `–`
 */
export function utcDay(unixSeconds: number): string {
  if (!Number.isFinite(unixSeconds)) return UNKNOWN;
  const days = Math.floor(unixSeconds / SECONDS_PER_DAY) + DAYS_TO_1970;
  const era = Math.floor(days / DAYS_PER_ERA);
  const dayOfEra = days - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** Day and minute of a moment in UTC: `2024-02-29 13:05`. @param unixSeconds not finite gives `–` */
export function utcMinute(unixSeconds: number): string {
  if (!Number.isFinite(unixSeconds)) return UNKNOWN;
  const ofDay = Math.floor(unixSeconds) - Math.floor(unixSeconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  return `${utcDay(unixSeconds)} ${two(Math.floor(ofDay / 3_600))}:${two(Math.floor((ofDay % 3_600) / 60))}`;
}
