import type { Way } from '../amm/twoHop.ts';
import { poolsOfDepth } from '../amm/wayDepth.ts';
import { InvalidInputError } from '../errors.ts';
import { ratioToNumber } from '../math/ratio.ts';
import { chooseLegs, type LegCost } from './legChoice.ts';
import { type Candidate, candidatesOf } from './poolBound.ts';
import { compatibleSets } from './sharedPools.ts';
import { makeExact } from './splitAmounts.ts';
import { DUST_UNITS, splitDust } from './splitDust.ts';
import { type Split, type SplitOrder, type SplitPart, swapsIn } from './splitTerms.ts';
import { waterFill } from './waterFill.ts';

export type { Split, SplitOrder, SplitPart } from './splitTerms.ts';

/** Swaps that one order carries at most. */
const MAX_LEGS = 8;

/**
 * Spreads an order over pools so that a sale receives, or a purchase pays, the best that their arithmetic allows, after
 * fee, impact and the gas of each further swap. A way whose gas costs more than it saves is left out, and of ways of two
 * hops that share a pool one at most is taken. What the pools
 * cannot take within the bound is left unfilled; of two choices that fill differently the better one is that which gains
 * more over the bound.
 *
 * The split is found in doubles (water-filling on the common marginal price) and made exact in integers; against all
 * other splits of whole units it misses at most one unit per leg: of quote, or of base or bridge where one of those is
 * worth more.
 *
 * @returns null where no pool trades anything within the bound
 * @throws InvalidInputError when the amount is not above 0, or the bound is not
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function splitOrder(pools: readonly Way[], order: SplitOrder): Split | null {
  const { side, baseRaw, base, bound, furtherLegQuoteRaw = 0, maxLegs = MAX_LEGS } = order;
  if (baseRaw <= 0n) throw new InvalidInputError('baseRaw', baseRaw, 'an amount above 0');
  const candidates = candidatesOf(pools, side, base, bound);
  if (candidates.length === 0) return null;
  if (baseRaw <= DUST_UNITS) {
    const shared = bestDust(candidates, { ...order, maxLegs });
    if (shared !== null) return total(shared);
  }
  const cost: LegCost = { furtherLegQuote: furtherLegQuoteRaw, maxLegs, worst: ratioToNumber(bound) };
  const depths = candidates.map(({ depth }) => depth);
  const chosen = chooseLegs(depths, side, cost, (some) => waterFill(some, side, Number(baseRaw), cost.worst));
  const parts = makeExact(
    chosen.legs.map((leg) => candidates[leg]!.bound),
    chosen.filling,
    order,
  );
  return parts.length === 0 ? null : total(parts);
}

/** The best split of very few units over ways that go together; null where none fills the order. */
function bestDust(
  candidates: readonly Candidate[],
  order: SplitOrder & { readonly maxLegs: number },
): readonly SplitPart[] | null {
  const { side, furtherLegQuoteRaw = 0, maxLegs } = order;
  const pools = candidates.map(({ depth }) => poolsOfDepth(depth));
  let best: { readonly parts: readonly SplitPart[]; readonly worth: number } | null = null;
  for (const set of compatibleSets(pools)) {
    const bounds = set.map((way) => candidates[way]!.bound);
    const parts = splitDust(bounds, order, maxLegs);
    if (parts === null) continue;
    const quoteRaw = Number(parts.reduce((sum, part) => sum + part.quoteRaw, 0n));
    const worth = (side === 'sell' ? quoteRaw : -quoteRaw) - swapsIn(parts) * furtherLegQuoteRaw;
    if (best === null || worth > best.worth) best = { parts, worth };
  }
  return best?.parts ?? null;
}

function total(parts: readonly SplitPart[]): Split {
  let [baseRaw, quoteRaw, feeRaw, endsUnread] = [0n, 0n, 0n, false];
  for (const part of parts) {
    baseRaw += part.baseRaw;
    quoteRaw += part.quoteRaw;
    feeRaw += part.feeRaw;
    endsUnread ||= part.endsUnread;
  }
  const largestFirst = [...parts].sort((a, b) =>
    a.baseRaw > b.baseRaw ? -1 : a.baseRaw < b.baseRaw ? 1 : 0,
  );
  return { parts: largestFirst, baseRaw, quoteRaw, feeRaw, endsUnread };
}
