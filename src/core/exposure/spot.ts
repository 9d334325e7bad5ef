import type { Exposure, MarketView, SpotPosition } from '../position.ts';
import { toWhole } from '../units.ts';

/** Exposure of tokens held: base moves one for one, quote only counts. */
export function spotExposure(position: SpotPosition, view: MarketView): Exposure {
  const flat = { gamma: 0, vega: 0, theta: 0 };
  if (position.asset === 'quote') {
    return { ...flat, delta: 0, valueQuote: toWhole(position.amountRaw, view.quoteDecimals) };
  }
  const base = toWhole(position.amountRaw, view.baseDecimals);
  return { ...flat, delta: base, valueQuote: base * view.spot };
}
