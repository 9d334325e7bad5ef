import { InvalidInputError } from '../errors.ts';
import type { Exposure } from '../position.ts';

/** A perpetual future, margin apart: its profit and loss since it was entered. */
export interface PerpInput {
  /** What profit is paid in: `quote` for a linear contract, `base` for an inverse one. */
  readonly settlement: 'quote' | 'base';
  /** Base units of a linear contract, quote notional of an inverse one; negative when short. */
  readonly size: number;
  /** Quote per base. */
  readonly entryPrice: number;
  /** The perp's own price over spot. */
  readonly markToSpot: number;
  /** What longs pay shorts on the notional, per year. */
  readonly fundingRate: number;
  /** Quote per base. */
  readonly spot: number;
}

/**
 * Exposure of a perpetual future at a fixed ratio of mark to spot. A linear one gains size x (mark - entry) quote; an
 * inverse one size x (1 / entry - 1 / mark) base, which counted in quote is a straight line too. Funding is theta.
 *
 * @throws InvalidInputError when size or funding rate is not finite, or a price or ratio is not finite and above 0
 */
export function perpExposure(input: PerpInput): Exposure {
  const { settlement, size, entryPrice, markToSpot, fundingRate, spot } = input;
  for (const [field, value] of Object.entries({ size, fundingRate })) {
    if (!Number.isFinite(value)) throw new InvalidInputError(field, value, 'a finite number');
  }
  for (const [field, value] of Object.entries({ entryPrice, markToSpot, spot })) {
    if (!(value > 0 && Number.isFinite(value))) {
      throw new InvalidInputError(field, value, 'a finite number above 0');
    }
  }
  const flat = { gamma: 0, vega: 0 };
  const mark = spot * markToSpot;
  if (settlement === 'quote') {
    return {
      ...flat,
      delta: size * markToSpot + 0,
      theta: 0 - fundingRate * size * mark,
      valueQuote: size * (mark - entryPrice) + 0,
    };
  }
  // The notional is a fixed number of quote, which funding and profit turn into base at the mark.
  return {
    ...flat,
    delta: size / entryPrice + 0,
    theta: 0 - (fundingRate * size) / markToSpot,
    valueQuote: size * (spot / entryPrice - 1 / markToSpot) + 0,
  };
}
