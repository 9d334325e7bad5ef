import type { Side } from '../side.ts';
import { costSign } from './fillQuality.ts';

/** Blocks after a fill at which it is looked back on. */
export const markoutHorizons = [1, 5, 25, 300] as const;

/** Prices around a fill, quote per base. */
export interface MarkoutFacts {
  readonly side: Side;
  /** Average price of the fill. */
  readonly fillPrice: number;
  readonly fairAtFill: number;
  readonly fairLater: number;
  /** Middle price of the traded pools right after the fill, weighted by what was traded on each; null where not known. */
  readonly poolAfter: number | null;
  /** The same pools, same weights, later. */
  readonly poolLater: number | null;
}

/** What the time after a fill says about it, bps of the fair price at the fill. */
export interface Markout {
  /** What the trade is worth against its price by then: positive is a gain. Minus execution cost minus adverse selection. */
  readonly markoutBps: number;
  /** What the fill cost against the fair price at its block; the same at every horizon. */
  readonly executionCostBps: number;
  /** Move of the fair price against the trade: it fell after a purchase, rose after a sale. */
  readonly adverseSelectionBps: number;
  /**
   * How much of the pools' displacement from the fair price, in the direction that we pushed them, is gone again. Null
   * where the pools' prices are not known.
   */
  readonly impactDecayBps: number | null;
  /** How far the pools' prices came back over what we pushed them: impact decay plus adverse selection. */
  readonly reversionBps: number | null;
}

const BPS = 10_000;

/**
 * Looks back on a fill (Huang and Stoll 1996 for the split of a price's reversal into a permanent and a passing part).
 * The passing part is what the pools give back towards the fair price, the permanent part what the fair price itself did.
 */
export function markoutOf(facts: MarkoutFacts): Markout {
  const { fillPrice, fairAtFill, fairLater, poolAfter, poolLater } = facts;
  const inBps = (difference: number) => ((costSign(facts.side) * difference) / fairAtFill) * BPS;
  const adverseSelectionBps = inBps(fairAtFill - fairLater);
  const isKnown = poolAfter !== null && poolLater !== null;
  return {
    markoutBps: inBps(fairLater - fillPrice),
    executionCostBps: inBps(fillPrice - fairAtFill),
    adverseSelectionBps,
    impactDecayBps: isKnown ? inBps(poolAfter - fairAtFill) - inBps(poolLater - fairLater) : null,
    reversionBps: isKnown ? inBps(poolAfter - poolLater) : null,
  };
}
