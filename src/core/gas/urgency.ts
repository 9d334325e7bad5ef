import type { Band } from '../decision.ts';
import { SECONDS_PER_YEAR } from '../units.ts';

/** From here on a hedge is urgent: what is beyond the band, or will be soon, is as wide as the band's own half. */
export const URGENT = 1;

/** What the urgency of a hedge depends on. */
export interface UrgencyInput {
  /** Signed, base units. */
  readonly netDelta: number;
  /** Null where the policy has none: its hedges are urgent. */
  readonly band: Band | null;
  /** Change of delta per change of spot, base per quote. */
  readonly gamma: number;
  /** Quote per base. */
  readonly spot: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
  /** Time that waiting would take: one inclusion window. */
  readonly horizonSeconds: number;
}

/**
 * How much a hedge cannot wait, from 0: the distance beyond the level that the policy acts at, plus what gamma adds to it
 * while waiting (one standard deviation of spot over the horizon), both as shares of the band's half-width. Below
 * {@link URGENT} the hedge is a quiet drift.
 */
export function urgencyOf(input: UrgencyInput): number {
  const { netDelta, band, gamma, spot, volatility, horizonSeconds } = input;
  if (band === null) return URGENT;
  const { sell, buy } = band;
  // Carry shifts a band off zero, so neither the sign of the delta nor that of a level says which side is traded.
  const isSale = netDelta >= (sell.act + buy.act) / 2;
  const { act, target } = isSale ? sell : buy;
  const width = Math.abs(act - target) || Math.abs(sell.act - buy.act) / 2;
  if (!(width > 0)) return URGENT;
  const beyond = Math.max(0, isSale ? netDelta - act : act - netDelta);
  const move = Math.abs(gamma) * spot * volatility * Math.sqrt(horizonSeconds / SECONDS_PER_YEAR);
  const urgency = (beyond + move) / width;
  return Number.isFinite(urgency) ? urgency : URGENT;
}
