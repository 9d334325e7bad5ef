import { fixed, signed, significant } from '../../core/report/format.ts';
import {
  base,
  bps,
  count,
  counted,
  orUnknown,
  percent,
  profit,
  quote,
  UNKNOWN,
} from '../../core/report/numbers.ts';

/** `0x12ab…9f3c` */
export function shortAddress(address: string): string {
  return address.length > 12 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;
}

/** How long ago: `9 s`, `4 min`, `3 h`, `2 d`. */
export function age(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 120) return `${whole} s`;
  if (whole < 7_200) return `${Math.round(whole / 60)} min`;
  return whole < 172_800 ? `${Math.round(whole / 3_600)} h` : `${Math.round(whole / 86_400)} d`;
}

/** Time of day in UTC: `12:00:11Z`. */
export function timeOfDay(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1000).toISOString().slice(11, 19)}Z`;
}

export { base, bps, count, counted, fixed, orUnknown, percent, profit, quote, signed, significant, UNKNOWN };
