import { baseReserve, borrowableBase, healthFactorAt } from '../../margin.ts';
import { requireAtLeastZero, requireBetween } from '../../statistics/require.ts';
import { bookInMarkets } from './bookInMarkets.ts';
import { lentQuote, type StressInput } from './stressTest.ts';

/** What ends a path along which a vault is kept neutral. */
export type ReachEnd = 'base' | 'quote' | 'debt' | 'margin' | 'grid';

/** How far the price may go one way before the vault can no longer be kept neutral. */
export interface OneWayReach {
  /** Share of the price, above -1; the last one at which it was neutral. */
  readonly priceChange: number;
  /** Quote per base there. */
  readonly spot: number;
  /** What runs out next; `grid` where nothing does as far as was looked. */
  readonly end: ReachEnd;
  /** Traded on the way, quote. */
  readonly turnoverQuote: number;
  /** The largest single trade on the way, base. */
  readonly largestTradeBase: number;
}

/** Both ways. */
export interface Reach {
  readonly down: OneWayReach;
  readonly up: OneWayReach;
}

/** How finely and how far a path is walked. */
export interface ReachGrid {
  /** Share of the price from one step to the next, above 0: 0.01. */
  readonly step: number;
  /** Farthest fall, above -1 and below 0, and farthest rise, above 0. */
  readonly down: number;
  readonly up: number;
  /** Paid on each trade, bps of notional: fee and impact. */
  readonly costBps: number;
}

/** Steps of a percent, to a tenth of the price and to its triple. */
export const reachGrid: ReachGrid = { step: 0.01, down: -0.9, up: 2, costBps: 10 };

interface Stock {
  readonly base: number;
  readonly quote: number;
  readonly debt: number;
}

/**
 * The range of prices within which what a vault owns, and may borrow, keeps it neutral: the price walks one way in small
 * steps and at each of them net delta is traded away. Selling takes owned base first and borrows the rest; buying repays
 * debt first. What was sold on the way pays for what is bought, then what is supplied where the mandate lends. Proceeds stay in the wallet, not with the lender, so that
 * the margin is counted carefully. Volatility stands still, and so does time.
 *
 * @throws InvalidInputError when the grid is none, or a position or the market is impossible
 */
export function reach(input: StressInput, grid: ReachGrid = reachGrid): Reach {
  requireBetween('step', grid.step, 0, 1);
  requireBetween('down', grid.down, -1, 0);
  requireAtLeastZero('up', grid.up);
  requireAtLeastZero('costBps', grid.costBps);
  const stepsTo = (end: number) =>
    Array.from(
      { length: Math.floor(Math.abs(end) / grid.step + 1e-9) },
      (_, n) => Math.sign(end) * grid.step * (n + 1),
    );
  return { down: walk(input, stepsTo(grid.down), grid), up: walk(input, stepsTo(grid.up), grid) };
}

function walk(input: StressInput, changes: readonly number[], { costBps }: ReachGrid): OneWayReach {
  const { view, positions, neutral } = input;
  const spots = [0, ...changes].map((change) => view.spot * (1 + change));
  const books = bookInMarkets(
    positions,
    view,
    spots.map((spot) => ({ spot, volatility: view.volatility })),
  );
  let stock: Stock = { base: input.sellableBase, quote: input.quote, debt: input.debtBase };
  let traded = 0;
  let turnoverQuote = 0;
  let largestTradeBase = 0;
  let reached = { priceChange: 0, spot: view.spot };
  const ends = (end: ReachEnd): OneWayReach => ({ ...reached, end, turnoverQuote, largestTradeBase });
  for (const [index, spot] of spots.entries()) {
    const priceChange = index === 0 ? 0 : changes[index - 1]!;
    const book = books[index]!;
    const numeraire = neutral.numeraire === 'base' ? book.valueQuote / spot : 0;
    const sold = book.delta - neutral.targetDelta - numeraire - traded;
    const next = afterTrade(stock, sold, spot * (1 - (Math.sign(sold) * costBps) / 10_000));
    const end = shortOf(input, next, 1 + priceChange);
    if (end !== null) return ends(end);
    stock = next;
    traded += sold;
    turnoverQuote += Math.abs(sold) * spot;
    // The first trade is the way to neutral from where the vault stands, not one of the path.
    if (index > 0) largestTradeBase = Math.max(largestTradeBase, Math.abs(sold));
    reached = { priceChange, spot };
  }
  return ends('grid');
}

function afterTrade({ base, quote, debt }: Stock, sold: number, price: number): Stock {
  const paid = quote + sold * price;
  if (sold >= 0) {
    const own = Math.min(sold, Math.max(0, base));
    return { base: base - own, quote: paid, debt: debt + (sold - own) };
  }
  const repaid = Math.min(-sold, debt);
  return { base: base - sold - repaid, quote: paid, debt: debt - repaid };
}

function shortOf(input: StressInput, { quote, debt }: Stock, baseFactor: number): ReachEnd | null {
  const { borrowing, lending, debtBase } = input;
  const more = debt - debtBase;
  const factors = { base: baseFactor, quote: 1 };
  if (quote < 0 && -quote > lentQuote(input, more, factors)) return 'quote';
  if (more > 0 && borrowing.maxDebtBase === 0) return 'base';
  if (more > 0 && debt > borrowing.maxDebtBase) return 'debt';
  const floor = borrowing.minHealthFactor;
  const lender = lending.find((account) => baseReserve(account) !== undefined);
  const lent = lender === undefined ? 0 : borrowableBase(lender, floor, factors);
  // What lends more base also holds the health of what is owed already.
  if (more > 0) return lent >= more ? null : 'margin';
  const healthy = lending.every(
    (account) => healthFactorAt(account, factors, account === lender ? more : 0) >= floor,
  );
  return healthy ? null : 'margin';
}
