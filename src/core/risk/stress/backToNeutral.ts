import type { BandCosts } from '../../hedge/bands/bandCosts.ts';
import type { Side } from '../../side.ts';
import type { StressCondition } from './conditions.ts';

/** What hedging costs now. */
export interface HedgeMarket {
  readonly sell: BandCosts;
  readonly buy: BandCosts;
  /** What pools take within the price bound, base. */
  readonly capacity: Readonly<Record<Side, number>>;
  /** Gas of one order, quote. */
  readonly gasQuote: number;
  /** Share of the capacity that is the largest pool's, 0 to 1. */
  readonly largestPoolShare: number;
  /** Worst price against the oracle that an order may have. */
  readonly maxSlippageBps: number;
}

/** What a vault can trade with, whole tokens. */
export interface HedgeMeans {
  /** Base that may be sold: what is owned freely above what the mandate keeps. */
  readonly sellableBase: number;
  /** Quote that may be spent. */
  readonly quote: number;
  /** Base that may still be borrowed and sold. */
  readonly borrowableBase: number;
}

/** What stands between a vault and neutral. */
export type Shortage = 'base' | 'quote' | 'pools' | 'oracle';

/** What bringing net delta to neutral would take. */
export interface BackToNeutral {
  /** Transactions, each as large as the pools take: they refill in between. */
  readonly orders: number;
  /** Fee, impact and gas of all of them, quote; null where pools take nothing. */
  readonly costQuote: number | null;
  /** Base to be borrowed for it, beside what is owned. */
  readonly borrowedBase: number;
  /** What is lacking; null where it can be reached. */
  readonly lacks: Shortage | null;
}

/** Beyond so many orders in a row the pools do not count as taking it. */
const MOST_ORDERS = 50;

/**
 * What it takes to trade a net delta away in a changed market. Costs are the present pools' own, of the same shape around
 * the new price: thinner by d, a size costs what d times the size costs now, over d (constant-product and concentrated
 * liquidity alike), in quote at the new price.
 *
 * @param netDelta base units, positive to be sold
 * @param priceFactor price there over the present one
 */
export function backToNeutral(
  netDelta: number,
  priceFactor: number,
  spotThere: number,
  means: HedgeMeans,
  market: HedgeMarket,
  condition: StressCondition,
): BackToNeutral {
  const size = Math.abs(netDelta);
  if (size === 0) return { orders: 0, costQuote: 0, borrowedBase: 0, lacks: null };
  const side: Side = netDelta > 0 ? 'sell' : 'buy';
  const thinner =
    condition.depthDivisor / (condition.isLargestVenueGone ? Math.max(0, 1 - market.largestPoolShare) : 1);
  const most = market.capacity[side] / thinner;
  const borrowedBase = side === 'sell' ? Math.max(0, size - means.sellableBase) : 0;
  if (!(most > 0)) return { orders: 0, costQuote: null, borrowedBase, lacks: 'pools' };
  const orders = Math.ceil(size / most);
  const each = (size / orders) * thinner;
  const trading = (orders * market[side].cost(each) * priceFactor) / thinner;
  const costQuote = trading + orders * market.gasQuote * condition.gasFactor;
  const lacks = shortage(side, size, priceFactor, spotThere, costQuote, means, market, condition);
  return { orders, costQuote, borrowedBase, lacks: lacks ?? (orders > MOST_ORDERS ? 'pools' : null) };
}

function shortage(
  side: Side,
  size: number,
  priceFactor: number,
  spotThere: number,
  costQuote: number,
  means: HedgeMeans,
  market: HedgeMarket,
  condition: StressCondition,
): Shortage | null {
  if (side === 'sell' && size > means.sellableBase + means.borrowableBase) return 'base';
  if (side === 'buy' && size * spotThere + costQuote > means.quote) return 'quote';
  // Selling below a late oracle, or buying above it, is what the bound refuses; the other way round it is met.
  const worse = side === 'sell' ? 1 - priceFactor : priceFactor - 1;
  return condition.isOracleLate && worse * 10_000 > market.maxSlippageBps ? 'oracle' : null;
}
