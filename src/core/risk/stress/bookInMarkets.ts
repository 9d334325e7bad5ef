import { exposureOf, sumExposures } from '../../exposure/exposure.ts';
import { greeksOfBook } from '../../options/book.ts';
import type { MarketView, OptionPosition, Position } from '../../position.ts';
import { SECONDS_PER_YEAR } from '../../units.ts';

/** A price and a volatility to look at a book in. */
export interface MarketPoint {
  /** Quote per base. */
  readonly spot: number;
  /** Annualised, 1.00 = 100 %. */
  readonly volatility: number;
}

/** What a book is worth at a market point, and its delta. */
export interface BookValue {
  readonly valueQuote: number;
  /** Base units. */
  readonly delta: number;
}

/**
 * Value and delta of positions at many market points, equal to those of `totalExposure` there and much faster: the open
 * options are priced as one book per point.
 *
 * @throws InvalidInputError when a price is not above 0, or a position or the market is impossible
 */
export function bookInMarkets(
  positions: readonly Position[],
  view: MarketView,
  points: readonly MarketPoint[],
): readonly BookValue[] {
  const isOpen = (position: Position) => position.kind === 'option' && isOpenOption(position, view);
  const open = positions.filter(isOpen) as readonly OptionPosition[];
  const others = positions.filter((position) => !isOpen(position));
  const book = {
    type: Float64Array.from(open, ({ type }) => (type === 'call' ? 1 : -1)),
    strike: Float64Array.from(open, ({ strike }) => strike),
    years: Float64Array.from(
      open,
      ({ expirySeconds }) => (expirySeconds - view.nowSeconds) / SECONDS_PER_YEAR,
    ),
    size: Float64Array.from(open, ({ size }) => size),
    rate: view.rate,
  };
  const greeks = ['price', 'delta'] as const;
  const into = { price: new Float64Array(open.length), delta: new Float64Array(open.length) };
  return points.map(({ spot, volatility }) => {
    const rest = sumExposures(others.map((position) => exposureOf(position, { ...view, spot, volatility })));
    if (open.length === 0) return { valueQuote: rest.valueQuote, delta: rest.delta };
    const { totals } = greeksOfBook({ ...book, spot, volatility }, { greeks, into });
    return { valueQuote: rest.valueQuote + totals.price, delta: rest.delta + totals.delta };
  });
}

/** Whether an option is priced by its volatility; one that is settled or past its expiry is not. */
function isOpenOption(position: OptionPosition, { nowSeconds }: MarketView): boolean {
  const { settlementPrice, fixingPrice = null, expirySeconds } = position;
  return settlementPrice === null && fixingPrice === null && expirySeconds > nowSeconds;
}
