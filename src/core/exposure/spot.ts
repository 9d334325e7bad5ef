import type { Exposure, MarketView, SpotPosition } from '../position.ts';
import { toWhole } from '../units.ts';

/** Exposure of tokens held: base moves one for one, quote only counts. */
export function spotExposure(position: SpotPosition, view: MarketView): Exposure {
  if (position.asset === 'quote') {
    const valueQuote = toWhole(position.amountRaw, view.quoteDecimals);
    return { delta: 0, gamma: 0, vega: 0, theta: 0, valueQuote };
  }
  const base = toWhole(position.amountRaw, view.baseDecimals);
  return { delta: base, gamma: 0, vega: 0, theta: 0, valueQuote: base * view.spot };
}
