import { borrowableBase, healthFactorAt, type LendingAccount, type PriceFactors } from '../../margin.ts';
import type { MarketView, Position } from '../../position.ts';
import { requireAboveZero } from '../../statistics/require.ts';
import { type BackToNeutral, backToNeutral, type HedgeMarket } from './backToNeutral.ts';
import { type BookValue, bookInMarkets, type MarketPoint } from './bookInMarkets.ts';
import { type StressCondition, stressConditions } from './conditions.ts';
import type { Neutral } from './stressGrid.ts';

/** What borrowing a vault is allowed. */
export interface BorrowingRules {
  /** Least health factor after an order, at least 1. */
  readonly minHealthFactor: number;
  /** Most base owed; 0 where the vault does not borrow. */
  readonly maxDebtBase: number;
}

/** A vault to be tried. */
export interface StressInput {
  readonly positions: readonly Position[];
  readonly view: MarketView;
  readonly neutral: Neutral;
  readonly lending: readonly LendingAccount[];
  /** Base owed now, all accounts together. */
  readonly debtBase: number;
  /** Base that may be sold and quote that may be spent, whole. */
  readonly sellableBase: number;
  readonly quote: number;
  readonly borrowing: BorrowingRules;
  readonly market: HedgeMarket;
  readonly priceChanges: readonly number[];
  readonly volatilityChanges: readonly number[];
  readonly conditions?: readonly StressCondition[];
}

/** Price moves to 40 % either way. */
export const stressPriceChanges: readonly number[] = [-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4];
/** As it is, and half as much again in points. */
export const stressVolatilityChanges: readonly number[] = [0, 0.5];

/** The vault at one point of the grid, under one condition. */
export interface StressCase extends BackToNeutral {
  readonly priceChange: number;
  readonly volatilityChange: number;
  readonly condition: string;
  /** Prices there over those of now, in the currency that quote is meant to be worth 1 of. */
  readonly factors: PriceFactors;
  /** Quote per base there. */
  readonly spot: number;
  /** Value there less value here, quote. */
  readonly valueChange: number;
  /** Before anybody trades, base units. */
  readonly netDelta: number;
  /** The lowest of the lending accounts before anybody trades; infinite where nothing is owed. */
  readonly healthFactor: number;
  /** Health factor's floor over it: 1 at the floor, 0 without debt. */
  readonly marginUse: number;
}

/**
 * The vault in every combination of price and volatility, under every condition: what it is worth, how far from neutral,
 * how near to liquidation, and what bringing it back would take with what is owned and can be borrowed. Nobody trades on
 * the way there. A quote token below its peg is a price of base so much higher in it, and collateral in it worth less.
 *
 * @throws InvalidInputError when a price change is not above -1, or a position or the market is impossible
 */
export function stressTest(input: StressInput): readonly StressCase[] {
  const { positions, view, conditions = stressConditions(), priceChanges, volatilityChanges } = input;
  const pegs = [...new Set(conditions.map(({ quotePegPrice }) => quotePegPrice))];
  const places = pegs.flatMap((quotePegPrice) =>
    volatilityChanges.flatMap((volatilityChange) =>
      priceChanges.map((priceChange) => ({ quotePegPrice, volatilityChange, priceChange })),
    ),
  );
  const points = places.map(({ quotePegPrice, volatilityChange, priceChange }): MarketPoint => {
    requireAboveZero('1 + priceChange', 1 + priceChange);
    requireAboveZero('quotePegPrice', quotePegPrice);
    return {
      spot: (view.spot * (1 + priceChange)) / quotePegPrice,
      volatility: Math.max(0, view.volatility + volatilityChange),
    };
  });
  const [here, ...there] = bookInMarkets(positions, view, [view, ...points]);
  return places.flatMap((place, index) => {
    const market = { ...place, point: points[index]!, book: there[index]!, here: here! };
    return conditions
      .filter(({ quotePegPrice }) => quotePegPrice === place.quotePegPrice)
      .map((condition) => caseOf(input, market, condition));
  });
}

interface Place {
  readonly priceChange: number;
  readonly volatilityChange: number;
  readonly point: MarketPoint;
  readonly book: BookValue;
  readonly here: BookValue;
}

function caseOf(input: StressInput, place: Place, condition: StressCondition): StressCase {
  const { lending, borrowing, neutral, view } = input;
  const { spot } = place.point;
  const factors: PriceFactors = { base: 1 + place.priceChange, quote: condition.quotePegPrice };
  const healthFactor = Math.min(
    Number.POSITIVE_INFINITY,
    ...lending.map((account) => healthFactorAt(account, factors)),
  );
  const value = neutral.numeraire === 'base' ? place.book.valueQuote / spot : 0;
  const netDelta = place.book.delta - neutral.targetDelta - value;
  const lent = lending.map((account) => borrowableBase(account, borrowing.minHealthFactor, factors));
  const means = {
    sellableBase: input.sellableBase,
    quote: input.quote,
    borrowableBase: Math.min(Math.max(0, borrowing.maxDebtBase - input.debtBase), Math.max(0, ...lent)),
  };
  return {
    priceChange: place.priceChange,
    volatilityChange: place.volatilityChange,
    condition: condition.name,
    factors,
    spot,
    valueChange: place.book.valueQuote - place.here.valueQuote,
    netDelta,
    healthFactor,
    marginUse: borrowing.minHealthFactor / healthFactor,
    ...backToNeutral(netDelta, spot / view.spot, spot, means, input.market, condition),
  };
}
