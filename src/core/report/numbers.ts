import { fixed, signed } from './format.ts';

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

/** A number of things. @example counted(1, 'hedge') // '1 hedge' */
export function counted(value: number, thing: string): string {
  return `${count(value)} ${thing}${value === 1 ? '' : 's'}`;
}

/** Basis points, one decimal. */
export function bps(value: number): string {
  return `${fixed(value, 1)} bps`;
}

/** A share of one as per cent. */
export function percent(share: number, decimals = 1): string {
  return `${fixed(share * 100, decimals)} %`;
}
