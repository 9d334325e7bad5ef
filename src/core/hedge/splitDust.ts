import { poolsOfWay } from '../amm/twoHop.ts';
import { type WayBound, wayOf } from './poolBound.ts';
import { partOf, quoteBase, worthOf } from './splitAmounts.ts';
import type { SplitOrder, SplitPart } from './splitTerms.ts';

/** Up to this many units of base all ways to share them out are compared. */
export const DUST_UNITS = 256n;

/** What shares of the first ways are worth at best, by the swaps that they make and the units that they have together. */
type Worth = readonly (readonly number[])[];

/** The best shares, and what the last of these ways gets in them. */
interface Shares {
  readonly worth: Worth;
  readonly units: Worth;
}

const NEVER = Number.NEGATIVE_INFINITY;

/**
 * The best split of an order of very few units, where rounding weighs more than prices do and no curve tells the truth:
 * by dynamic programming over ways, swaps and units, exact.
 *
 * @param maxLegs swaps at most
 * @returns null where the pools cannot fill the order within its bound
 */
export function splitDust(
  bounds: readonly WayBound[],
  order: SplitOrder,
  maxLegs: number,
): readonly SplitPart[] | null {
  const { side, furtherLegQuoteRaw = 0 } = order;
  const asked = Number(order.baseRaw);
  const swaps = bounds.map((bound) => poolsOfWay(wayOf(bound)).length);
  const most = Math.min(
    maxLegs,
    swaps.reduce((sum, some) => sum + some, 0),
  );
  const quotes = bounds.map((bound) =>
    Array.from({ length: asked + 1 }, (_, units) => {
      const quote = quoteBase(bound, side, order.bound, BigInt(units));
      return quote?.filled === true && worthOf(side, quote) !== 0n ? quote : null;
    }),
  );
  const nothing = Array<number>(asked + 1).fill(NEVER);
  let worth: Worth = Array.from({ length: most + 1 }, (_, used) =>
    used === 0 ? nothing.with(0, 0) : nothing,
  );
  const steps = quotes.map((ofWay, way) => {
    const gas = swaps[way]! * furtherLegQuoteRaw;
    const worthOfUnits = ofWay.map((quote) => (quote === null ? NEVER : Number(worthOf(side, quote)) - gas));
    const step = withWay(worth, worthOfUnits, swaps[way]!);
    worth = step.worth;
    return step;
  });
  const totals = worth.map((ofSwaps) => ofSwaps[asked]!);
  const best = Math.max(...totals);
  if (best === NEVER) return null;
  let [left, used] = [asked, totals.indexOf(best)];
  const parts: SplitPart[] = [];
  for (let way = bounds.length - 1; way >= 0; way--) {
    const given = steps[way]!.units[used]![left]!;
    if (given === 0) continue;
    left -= given;
    used -= swaps[way]!;
    parts.push(partOf(bounds[way]!, side, quotes[way]![given]!));
  }
  return parts;
}

/** One way more to share units out to, which makes so many swaps where it gets any. */
function withWay(before: Worth, worthOfUnits: readonly number[], swaps: number): Shares {
  const worth = before.map((ofSwaps) => [...ofSwaps]);
  const units = before.map((ofSwaps) => ofSwaps.map(() => 0));
  for (let used = swaps; used < before.length; used++) {
    const without = before[used - swaps]!;
    for (let total = 1; total < worthOfUnits.length; total++) {
      for (let share = 1; share <= total; share++) {
        const reached = without[total - share]! + worthOfUnits[share]!;
        if (reached <= worth[used]![total]!) continue;
        worth[used]![total] = reached;
        units[used]![total] = share;
      }
    }
  }
  return { worth, units };
}
