import { exposureOf } from '../../exposure/exposure.ts';
import { movedVolatility } from '../../exposure/ownVolatility.ts';
import { greeksOfBook } from '../../options/book.ts';
import type { LiquidityPosition, MarketView, OptionPosition, Position } from '../../position.ts';
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

type ValueAt = (point: MarketPoint) => BookValue;

/**
 * Value and delta of positions at many market points: those of `totalExposure` there, in doubles, in a fraction of the time.
 * All options at all points are priced as one book; what is straight in the price is added up once.
 *
 * @throws InvalidInputError when a price is not above 0, or a position or the market is impossible
 */
export function bookInMarkets(
  positions: readonly Position[],
  view: MarketView,
  points: readonly MarketPoint[],
): readonly BookValue[] {
  const open: OptionPosition[] = [];
  const straight: Position[] = [];
  const curved: ValueAt[] = [];
  for (const position of positions) {
    if (isOpenOption(position)) open.push(position);
    else if (isStraight(position)) straight.push(position);
    else if (position.kind === 'liquidity') curved.push(rangeValue(position, view));
    else curved.push(({ spot, volatility }) => exposureOf(position, { ...view, spot, volatility }));
  }
  const line = lineOf(straight, view);
  const options = optionValues(open, view, points);
  return points.map((point, index) => {
    let { valueQuote, delta } = options[index]!;
    valueQuote += line.cash + line.base * point.spot;
    delta += line.base;
    for (const valueAt of curved) {
      const one = valueAt(point);
      valueQuote += one.valueQuote;
      delta += one.delta;
    }
    return { valueQuote, delta };
  });
}

/** An option whose payoff still depends on the price; past its expiry it is what settling now would make it. */
function isOpenOption(position: Position): position is OptionPosition {
  return (
    position.kind === 'option' && position.settlementPrice === null && (position.fixingPrice ?? null) === null
  );
}

/** Whether a position is cash and base, whatever the price. */
function isStraight({ kind }: Position): boolean {
  return kind === 'spot' || kind === 'debt' || kind === 'option';
}

function lineOf(
  positions: readonly Position[],
  view: MarketView,
): { readonly cash: number; readonly base: number } {
  let [cash, base] = [0, 0];
  for (const position of positions) {
    const { valueQuote, delta } = exposureOf(position, view);
    cash += valueQuote - delta * view.spot;
    base += delta;
  }
  return { cash, base };
}

function optionValues(
  options: readonly OptionPosition[],
  view: MarketView,
  points: readonly MarketPoint[],
): readonly BookValue[] {
  const count = options.length;
  if (count === 0) return points.map(() => ({ valueQuote: 0, delta: 0 }));
  const rows = count * points.length;
  const column = () => new Float64Array(rows);
  const columns = { type: column(), spot: column(), strike: column(), years: column(), volatility: column() };
  options.forEach(({ type, strike, expirySeconds }, n) => {
    columns.type[n] = type === 'call' ? 1 : -1;
    columns.strike[n] = strike;
    columns.years[n] = Math.max(0, expirySeconds - view.nowSeconds) / SECONDS_PER_YEAR;
  });
  points.forEach(({ spot, volatility }, point) => {
    const from = point * count;
    for (const name of ['type', 'strike', 'years'] as const) columns[name].copyWithin(from, 0, count);
    columns.spot.fill(spot, from, from + count);
    options.forEach(({ impliedVolatility: own }, n) => {
      columns.volatility[from + n] =
        own === undefined ? volatility : movedVolatility(own, view.volatility, volatility);
    });
  });
  const { price, delta } = greeksOfBook({ ...columns, rate: view.rate }, { greeks: ['price', 'delta'] });
  return points.map((_, point) => {
    let [valueQuote, total] = [0, 0];
    for (let n = 0; n < count; n += 1) {
      const { size } = options[n]!;
      valueQuote += size * price[point * count + n]!;
      total += size * delta[point * count + n]!;
    }
    return { valueQuote, delta: total };
  });
}

/**
 * Liquidity between two prices a and b in whole tokens, with base as either token: base is L (1 / s - 1 / sqrt b) and quote
 * L (s - sqrt a) for s the root of the price, held between both (Uniswap v3 Core whitepaper, 2021, section 6.2).
 */
function rangeValue(position: LiquidityPosition, { baseDecimals, quoteDecimals }: MarketView): ValueAt {
  const { liquidity, tickLower, tickUpper, baseIsToken0 } = position;
  const whole = Number(liquidity) / 10 ** ((baseDecimals + quoteDecimals) / 2);
  const sign = baseIsToken0 ? 1 : -1;
  const root = (tick: number) => 1.0001 ** ((sign * tick) / 2) * 10 ** ((baseDecimals - quoteDecimals) / 2);
  const [low, high] = [root(tickLower), root(tickUpper)].sort((a, b) => a - b) as [number, number];
  return ({ spot }) => {
    const inside = Math.min(Math.max(Math.sqrt(spot), low), high);
    const base = whole * (1 / inside - 1 / high);
    return { valueQuote: base * spot + whole * (inside - low), delta: base };
  };
}
