import { defaultLimits, type Limits } from '../risk/limits.ts';
import { usableOracle } from '../risk/oracle.ts';
import type { Side } from '../side.ts';
import type { Snapshot } from '../snapshot.ts';
import type { BandCosts } from './bands/bandCosts.ts';
import { tabulatedCosts } from './bands/tabulated.ts';
import { oracleBound } from './bound.ts';
import { furtherLegQuote, gasQuote } from './cost.ts';
import { costCurve } from './costCurve.ts';
import { tradableWays } from './fairPrice.ts';

/** What hedging costs at a snapshot, by the pools that may be used. */
export interface HedgeCosts {
  readonly sell: BandCosts;
  readonly buy: BandCosts;
  /** What pools take within the bound, base. */
  readonly capacity: Readonly<Record<Side, number>>;
  /** Gas of a hedge over one pool, quote. */
  readonly gasQuote: number;
}

/** Costs of a pool that is not there: the dearest price that an order may be filled at. */
function costsAtBound(price: number): BandCosts {
  return { cost: (q) => price * q, marginal: () => price };
}

/** A side's costs with so much more per unit. */
function dearerBy(costs: BandCosts, price: number): BandCosts {
  return { cost: (q) => costs.cost(q) + price * q, marginal: (q) => costs.marginal(q) + price };
}

/**
 * Cost curves of both sides against the fair price, and the gas of a hedge. Where pools disagree so much that buying and
 * selling at once would gain, both sides are made dearer until it does not: a hedge is no arbitrage. A side that no pool
 * takes counts like the other one, or where none does at the price bound, so that a band can be told.
 *
 * @param spot the fair price, quote per base
 */
export function hedgeCosts(snapshot: Snapshot, spot: number, limits: Limits = defaultLimits): HedgeCosts {
  const { vault, native, chain } = snapshot;
  const oracle = usableOracle(snapshot);
  const slippageBps = Math.min(limits.maxSlippageBps, chain.guard.maxSlippageBps);
  const atBound = costsAtBound((spot * slippageBps) / 10_000);
  const gas = gasQuote(1, native, limits);
  const capacity = { sell: 0, buy: 0 };
  if ('code' in oracle) return { sell: atBound, buy: atBound, capacity, gasQuote: gas };
  const pools = tradableWays(snapshot);
  const read = (side: Side): BandCosts => {
    const bound = oracleBound(side, oracle, slippageBps);
    const curve = costCurve({
      pools,
      side,
      base: vault.base,
      quote: vault.quote,
      fairPrice: spot,
      bound,
      furtherLegQuote: furtherLegQuote(native, limits),
    });
    capacity[side] = pools.length > 0 ? curve.capacity : 0;
    return tabulatedCosts(curve, capacity[side]);
  };
  const [sold, bought] = [read('sell'), read('buy')];
  const isOpen = (costs: BandCosts) => costs.marginal(0) < Number.POSITIVE_INFINITY;
  const sell = isOpen(sold) ? sold : isOpen(bought) ? bought : atBound;
  const buy = isOpen(bought) ? bought : sell;
  const gain = Math.max(0, -(sell.marginal(0) + buy.marginal(0)) / 2);
  if (gain === 0) return { sell, buy, capacity, gasQuote: gas };
  return { sell: dearerBy(sell, gain), buy: dearerBy(buy, gain), capacity, gasQuote: gas };
}
