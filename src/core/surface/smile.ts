import { requireAboveZero } from '../statistics/require.ts';
import { requireSabr, type SabrParameters, sabrPoint } from './sabr.ts';
import { type SsviParameters, sviFromSsvi } from './ssvi.ts';
import { requireSvi, type SmilePoint, type SviParameters, sviPoint } from './svi.ts';

/** The smile of one expiry, in any of the forms that Ballast knows: plain data. */
export type Smile =
  | { readonly kind: 'svi'; readonly parameters: SviParameters }
  | { readonly kind: 'ssvi'; readonly parameters: SsviParameters }
  | { readonly kind: 'sabr'; readonly parameters: SabrParameters; readonly forward: number };

/** A smile and how long it has to go. */
export interface SmileSlice {
  readonly years: number;
  readonly smile: Smile;
}

/** Total variance of a slice and its derivatives by log-moneyness. */
export function smilePoint({ years, smile }: SmileSlice, logMoneyness: number): SmilePoint {
  if (smile.kind === 'sabr') return sabrPoint(smile.parameters, smile.forward, logMoneyness, years);
  return sviPoint(smile.kind === 'svi' ? smile.parameters : sviFromSsvi(smile.parameters), logMoneyness);
}

/** The raw SVI parameters of a slice, where it has such. */
export function sviOf({ smile }: SmileSlice): SviParameters | undefined {
  if (smile.kind === 'svi') return smile.parameters;
  return smile.kind === 'ssvi' ? sviFromSsvi(smile.parameters) : undefined;
}

/** Refuses a slice that is no smile. @throws InvalidInputError naming the parameter that is out of its range */
export function requireSlice(slice: SmileSlice): void {
  requireAboveZero('years', slice.years);
  const svi = sviOf(slice);
  if (svi !== undefined) requireSvi(svi);
  if (slice.smile.kind === 'sabr') {
    requireAboveZero('forward', slice.smile.forward);
    requireSabr(slice.smile.parameters);
  }
}
