import { type Depth, depthOf } from '../amm/depth.ts';
import type { Pool } from '../amm/pool.ts';
import { InvalidInputError } from '../errors.ts';
import { ratioToNumber } from '../math/ratio.ts';
import { chooseLegs, type LegCost } from './legChoice.ts';
import { type PoolBound, poolBounds } from './poolBound.ts';
import { makeExact } from './splitAmounts.ts';
import { DUST_UNITS, splitDust } from './splitDust.ts';
import type { Split, SplitOrder, SplitPart } from './splitTerms.ts';
import { waterFill } from './waterFill.ts';

export type { Split, SplitOrder, SplitPart } from './splitTerms.ts';

/** Legs that one order carries at most. */
const MAX_LEGS = 8;

interface Candidate extends PoolBound {
  readonly depth: Depth;
}

/**
 * Spreads an order over pools so that a sale receives, or a purchase pays, the best that their arithmetic allows, after
 * fee, impact and the gas of each further leg. A pool whose gas costs more than it saves is left out. What the pools
 * cannot take within the bound is left unfilled; of two choices that fill differently the better one is that which gains
 * more over the bound.
 *
 * The split is found in doubles (water-filling on the common marginal price) and made exact in integers; against all
 * other splits of whole units it misses at most one unit of quote per leg.
 *
 * @returns null where no pool trades anything within the bound
 * @throws InvalidInputError when the amount is not above 0, or the bound is not
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function splitOrder(pools: readonly Pool[], order: SplitOrder): Split | null {
  const { side, baseRaw, base, bound, furtherLegQuoteRaw = 0, maxLegs = MAX_LEGS } = order;
  if (baseRaw <= 0n) throw new InvalidInputError('baseRaw', baseRaw, 'an amount above 0');
  const candidates: readonly Candidate[] = poolBounds(pools, side, base, bound).map((within) => ({
    ...within,
    depth: depthOf(within.pool, side, base, within.limitX96),
  }));
  if (candidates.length === 0) return null;
  if (baseRaw <= DUST_UNITS && candidates.length <= maxLegs) {
    const shared = splitDust(candidates, order);
    if (shared !== null) return total(shared);
  }
  const cost: LegCost = { furtherLegQuote: furtherLegQuoteRaw, maxLegs, worst: ratioToNumber(bound) };
  const depths = candidates.map(({ depth }) => depth);
  const chosen = chooseLegs(depths, side, cost, (some) => waterFill(some, side, Number(baseRaw), cost.worst));
  const parts = makeExact(
    chosen.legs.map((leg) => candidates[leg]!),
    chosen.filling,
    order,
  );
  return parts.length === 0 ? null : total(parts);
}

function total(parts: readonly SplitPart[]): Split {
  const sum = (amountOf: (part: SplitPart) => bigint) =>
    parts.reduce((amount, part) => amount + amountOf(part), 0n);
  return {
    parts: [...parts].sort((a, b) => (a.baseRaw > b.baseRaw ? -1 : a.baseRaw < b.baseRaw ? 1 : 0)),
    baseRaw: sum((part) => part.baseRaw),
    quoteRaw: sum((part) => part.quoteRaw),
    feeRaw: sum((part) => part.quote.feeRaw),
    endsUnread: parts.some(({ quote }) => quote.stopped === 'knownRangeEnd'),
  };
}
