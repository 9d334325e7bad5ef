import { fixed, signed, significant } from '../../core/report/format.ts';

/** What stands where a value is not known. */
export const UNKNOWN = '–';

/** A number in its own form, or the mark for "not known". */
export function orUnknown(value: number | null, form: (value: number) => string): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : form(value);
}

/** Base without sign, four significant decimals. */
export function base(value: number): string {
  return fixed(value, 4);
}

/** Quote, two decimals, thousands separated. */
export function quote(value: number): string {
  return fixed(value, 2);
}

/** Quote with its sign always shown, for profit and loss. */
export function profit(value: number): string {
  return signed(value, 2);
}

/** `12,345,678` */
export function count(value: number | bigint): string {
  return fixed(Number(value), 0);
}

/** Basis points, one decimal. */
export function bps(value: number): string {
  return `${fixed(value, 1)} bps`;
}

/** A share of one as per cent, with its sign where asked for. */
export function percent(share: number, decimals = 1): string {
  return `${fixed(share * 100, decimals)} %`;
}

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

export { fixed, signed, significant };
