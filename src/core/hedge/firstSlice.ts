import type { Warning } from '../decision.ts';
import type { PolicyView } from '../policy.ts';
import { fixed } from '../report/format.ts';
import type { Limits } from '../risk/limits.ts';
import { type SliceLimits, slicePlan } from '../risk/slice.ts';
import { hedgeCosts } from './hedgeCosts.ts';

/** What is traded now of an order that is large for its pools, and why no more. */
export interface FirstSlice {
  /** Signed as the order: negative sells. */
  readonly tradeBase: number;
  readonly warning: Warning;
}

/** A smallest trade is held to in quote after rounding: a slice stays a little above it. */
const LEAST_OVER_SMALLEST = 1.01;

/** Limits of a slice: the next one comes no sooner than the plan spaces them. */
export function limitsOfSlice(limits: Limits, { intervalSeconds }: SliceLimits): Limits {
  return { ...limits, minSpacingSeconds: Math.max(limits.minSpacingSeconds, intervalSeconds) };
}

/**
 * The first slice of an order that is cheaper in several; null where it is not. The rest is no promise: the next block
 * decides about it anew.
 *
 * @param wanted base to trade, negative to sell
 */
export function firstSlice(
  { snapshot, spot, hedgeCosts: costsOf = hedgeCosts }: PolicyView,
  wanted: number,
  slice: SliceLimits,
  limits: Limits,
): FirstSlice | null {
  if (wanted === 0) return null;
  const { sell, buy, gasQuote } = costsOf(snapshot, spot, limits);
  const { trades, utilityQuote, atOnceQuote } = slicePlan({
    ...slice,
    quantity: Math.abs(wanted),
    costs: wanted < 0 ? sell : buy,
    gasQuote,
    spot,
    volatility: snapshot.observed.volatility.volatility,
  });
  // A slice too small to be worth a transaction would wait for ever.
  const first = Math.max(trades[0] ?? 0, (LEAST_OVER_SMALLEST * limits.minTradeQuote) / spot);
  if (trades.length === 1 || first >= Math.abs(wanted)) return null;
  const { base, quote } = snapshot.vault;
  const atOnce = Number.isFinite(atOnceQuote) ? `${fixed(atOnceQuote, 2)} ${quote.symbol}` : 'too much';
  const text = `the first of ${trades.length} slices, which cost ${fixed(utilityQuote, 2)} ${quote.symbol} with what waiting risks; all ${fixed(Math.abs(wanted), 4)} ${base.symbol} at once ${atOnce}`;
  return { tradeBase: Math.sign(wanted) * first, warning: { code: 'sliced', text } };
}
