import { poolsOfWay } from '../amm/twoHop.ts';
import { type WayBound, wayOf } from './poolBound.ts';
import { partOf, quoteBase, worthOf } from './splitAmounts.ts';
import type { SplitOrder, SplitPart } from './splitTerms.ts';

/** Up to this many units of base all ways to share them out are compared. */
export const DUST_UNITS = 256n;

/** Ways to share out the first pools' units: the worth of the best, and what the last of these pools gets in it. */
interface Shares {
  readonly worth: readonly number[];
  readonly units: readonly number[];
}

/**
 * The best split of an order of very few units, where rounding weighs more than prices do and no curve tells the truth:
 * by dynamic programming over pools and units, exact.
 *
 * @returns null where the pools cannot fill the order within its bound
 */
export function splitDust(bounds: readonly WayBound[], order: SplitOrder): readonly SplitPart[] | null {
  const { side, furtherLegQuoteRaw = 0 } = order;
  const asked = Number(order.baseRaw);
  const quotes = bounds.map((bound) =>
    Array.from({ length: asked + 1 }, (_, units) => {
      const quote = quoteBase(bound, side, BigInt(units));
      return quote?.filled === true && worthOf(side, quote) !== 0n ? quote : null;
    }),
  );
  let before: Shares = { worth: [0, ...Array(asked).fill(Number.NEGATIVE_INFINITY)], units: [] };
  const steps = quotes.map((ofPool, pool) => {
    const gas = poolsOfWay(wayOf(bounds[pool]!)).length * furtherLegQuoteRaw;
    const worthOfUnits = ofPool.map((quote, units) => {
      if (units === 0) return 0;
      return quote === null ? Number.NEGATIVE_INFINITY : Number(worthOf(side, quote)) - gas;
    });
    before = withPool(before.worth, worthOfUnits);
    return before;
  });
  if (before.worth[asked] === Number.NEGATIVE_INFINITY) return null;
  let left = asked;
  return steps
    .map(({ units }, pool) => ({ units, pool }))
    .reverse()
    .flatMap(({ units, pool }) => {
      const given = units[left]!;
      left -= given;
      const quote = quotes[pool]![given]!;
      return given === 0 ? [] : [partOf(bounds[pool]!, side, quote)];
    });
}

function withPool(before: readonly number[], worthOfUnits: readonly number[]): Shares {
  const worth: number[] = [];
  const units: number[] = [];
  before.forEach((_, total) => {
    let [best, given] = [Number.NEGATIVE_INFINITY, 0];
    for (let share = 0; share <= total; share++) {
      const reached = before[total - share]! + worthOfUnits[share]!;
      if (reached > best) [best, given] = [reached, share];
    }
    worth.push(best);
    units.push(given);
  });
  return { worth, units };
}
