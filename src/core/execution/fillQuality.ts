import { InvalidInputError } from '../errors.ts';
import type { Side } from '../side.ts';

/** A fill beside its plan; base and quote in whole tokens, prices in quote per base. */
export interface FillFacts {
  readonly side: Side;
  readonly base: number;
  readonly quote: number;
  readonly plannedBase: number;
  /** What the pools' own arithmetic said that all of it would bring or cost. */
  readonly plannedQuote: number;
  /** Fees of the pools on all of it, quote. */
  readonly plannedFeeQuote: number;
  readonly plannedGasQuote: number;
  readonly paidGasQuote: number;
  readonly decidedAtBlock: bigint;
  readonly filledAtBlock: bigint;
  /** Fair price that the decision was made on. */
  readonly fairAtDecision: number;
  /** Fair price at the fill's block, null where nobody looked then. */
  readonly fairAtFill: number | null;
}

/** What a fill cost against the price it was decided at, quote; positive is a cost. The parts add up to the total. */
export interface Shortfall {
  readonly totalQuote: number;
  /** The fair price moved while the order waited. */
  readonly delayQuote: number;
  /** Fees of the pools. */
  readonly feeQuote: number;
  /** Everything else: our own displacement of the pools, and others who traded before us in the block. */
  readonly impactQuote: number;
}

/** How well an order was carried out. */
export interface FillQuality {
  /** Filled share of what was planned, 1.00 = all. */
  readonly filledShare: number;
  /** Average price against the plan's, bps of the plan's; positive is worse. */
  readonly slippageBps: number;
  readonly feeQuote: number;
  readonly plannedGasQuote: number;
  readonly paidGasQuote: number;
  /** Blocks from the one decided on to the one filled in; 1 is the next one. */
  readonly delayBlocks: number;
  /** Move of the fair price while waiting, bps, positive against the trade; null where it is not known. */
  readonly waitingMoveBps: number | null;
  readonly shortfall: Shortfall | null;
}

const BPS = 10_000;

/** 1 where a higher price is worse for a trade, -1 where it is better. */
export const costSign = (side: Side): 1 | -1 => (side === 'buy' ? 1 : -1);

/**
 * Takes a fill apart against its plan: implementation shortfall (Perold 1988), split into delay, fee and impact. Gas stands
 * beside it.
 *
 * @throws InvalidInputError where an amount or price is not positive
 */
export function fillQuality(facts: FillFacts): FillQuality {
  const { side, base, quote, plannedBase, plannedQuote, fairAtDecision, fairAtFill } = facts;
  const amounts = { base, quote, plannedBase, plannedQuote, fairAtDecision, fairAtFill: fairAtFill ?? 1 };
  for (const [field, value] of Object.entries(amounts))
    if (!(Number.isFinite(value) && value > 0)) throw new InvalidInputError(field, value, 'above zero');
  const sign = costSign(side);
  const plannedPrice = plannedQuote / plannedBase;
  const filledShare = base / plannedBase;
  const feeQuote = facts.plannedFeeQuote * filledShare;
  return {
    filledShare,
    slippageBps: ((sign * (quote / base - plannedPrice)) / plannedPrice) * BPS,
    feeQuote,
    plannedGasQuote: facts.plannedGasQuote,
    paidGasQuote: facts.paidGasQuote,
    delayBlocks: Number(facts.filledAtBlock - facts.decidedAtBlock),
    waitingMoveBps:
      fairAtFill === null ? null : ((sign * (fairAtFill - fairAtDecision)) / fairAtDecision) * BPS,
    shortfall: fairAtFill === null ? null : shortfallOf(sign, facts, fairAtFill, feeQuote),
  };
}

function shortfallOf(
  sign: 1 | -1,
  { base, quote, fairAtDecision }: FillFacts,
  fairAtFill: number,
  feeQuote: number,
): Shortfall {
  const totalQuote = sign * (quote - base * fairAtDecision);
  const delayQuote = sign * base * (fairAtFill - fairAtDecision);
  return { totalQuote, delayQuote, feeQuote, impactQuote: totalQuote - delayQuote - feeQuote };
}
