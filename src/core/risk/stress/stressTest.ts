import {
  borrowableBase,
  healthFactorAt,
  type LendingAccount,
  type PriceFactors,
  withdrawableQuote,
} from '../../margin.ts';
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
  /** Whether quote supplied to the first of its accounts may be withdrawn to buy with. */
  readonly mayWithdraw: boolean;
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
  const places = pegs.flatMap((quotePegPrice) => {
    requireAboveZero('quotePegPrice', quotePegPrice);
    // What is lent and owed knows no volatility.
    const moves = priceChanges.map((priceChange) => {
      requireAboveZero('1 + priceChange', 1 + priceChange);
      const margin = marginAt(input, { base: 1 + priceChange, quote: quotePegPrice });
      return { priceChange, margin, spot: (view.spot * (1 + priceChange)) / quotePegPrice };
    });
    return volatilityChanges.flatMap((volatilityChange) => {
      const volatility = Math.max(0, view.volatility + volatilityChange);
      return moves.map(({ spot, ...move }) => ({ ...move, volatilityChange, point: { spot, volatility } }));
    });
  });
  const [here, ...there] = bookInMarkets(positions, view, [view, ...places.map(({ point }) => point)]);
  return places.flatMap((place, index) => {
    const market = { ...place, book: there[index]!, here: here! };
    return conditions
      .filter(({ quotePegPrice }) => quotePegPrice === place.margin.factors.quote)
      .map((condition) => caseOf(input, market, condition));
  });
}

/** What the lending accounts say at other prices. */
interface Margin {
  readonly factors: PriceFactors;
  /** The lowest of them; infinite where nothing is owed. */
  readonly healthFactor: number;
  /** Base that may be borrowed beside what is owed already. */
  readonly borrowableBase: number;
}

function marginAt({ lending, borrowing, debtBase }: StressInput, factors: PriceFactors): Margin {
  const healths = lending.map((account) => healthFactorAt(account, factors));
  const lent = lending.map((account) => borrowableBase(account, borrowing.minHealthFactor, factors));
  return {
    factors,
    healthFactor: Math.min(Number.POSITIVE_INFINITY, ...healths),
    borrowableBase: Math.min(Math.max(0, borrowing.maxDebtBase - debtBase), Math.max(0, ...lent)),
  };
}

/**
 * Quote that the market of the mandate gives back to buy with, once so much more base is owed there; 0 where it may not be
 * withdrawn.
 */
export function lentQuote(
  { lending: [lender], borrowing }: StressInput,
  moreBase: number,
  factors: PriceFactors,
): number {
  if (!borrowing.mayWithdraw || lender === undefined) return 0;
  return withdrawableQuote(lender, moreBase, borrowing.minHealthFactor, factors);
}

interface Place {
  readonly priceChange: number;
  readonly volatilityChange: number;
  readonly margin: Margin;
  readonly point: MarketPoint;
  readonly book: BookValue;
  readonly here: BookValue;
}

function caseOf(input: StressInput, place: Place, condition: StressCondition): StressCase {
  const { borrowing, neutral, view, sellableBase, quote } = input;
  const { priceChange, volatilityChange, margin, point, book, here } = place;
  const value = neutral.numeraire === 'base' ? book.valueQuote / point.spot : 0;
  const netDelta = book.delta - neutral.targetDelta - value;
  const size = Math.abs(netDelta);
  // What trading costs comes on top of the price: near it is near enough to look.
  const isShortOfQuote = netDelta < 0 && 2 * size * point.spot > quote;
  const withdrawn = isShortOfQuote ? lentQuote(input, -Math.min(size, input.debtBase), margin.factors) : 0;
  const means = { sellableBase, quote: quote + withdrawn, borrowableBase: margin.borrowableBase };
  return {
    priceChange,
    volatilityChange,
    condition: condition.name,
    factors: margin.factors,
    spot: point.spot,
    valueChange: book.valueQuote - here.valueQuote,
    netDelta,
    healthFactor: margin.healthFactor,
    marginUse: borrowing.minHealthFactor / margin.healthFactor,
    ...backToNeutral(netDelta, point.spot / view.spot, point.spot, means, input.market, condition),
  };
}
