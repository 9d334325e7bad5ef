import { poolsOfDepth, type WayDepth } from '../amm/wayDepth.ts';
import type { Side } from '../side.ts';
import { compatibleSets } from './sharedPools.ts';
import type { Filling } from './waterFill.ts';

/** What choosing between legs depends on; quote raw, as doubles. */
export interface LegCost {
  /** Gas of each swap beyond the first. */
  readonly furtherLegQuote: number;
  /** Swaps at most. */
  readonly maxLegs: number;
  /** Worst price of the order, quote raw per base raw: what a unit that is left untraded counts with. */
  readonly worst: number;
}

/** The ways worth their gas, by position, and what each of them gets. */
export interface LegChoice {
  readonly legs: readonly number[];
  readonly filling: Filling;
}

/** Sets of ways looked at, at most, from each start; orders over a handful of pools need one, or a few. */
const MAX_SETS = 512;

/** What a pool's share brings over the price at the margin: all that taking the pool away could lose on its share alone. */
function benefit(side: Side, price: number, base: number, quote: number): number {
  return side === 'sell' ? quote - price * base : price * base - quote;
}

/** What a filling gains over trading everything at the worst price, gas of its legs paid. */
function gain(
  side: Side,
  { base, quote }: Filling,
  swaps: number,
  { furtherLegQuote, worst }: LegCost,
): number {
  return benefit(side, worst, base, quote) - Math.max(swaps - 1, 0) * furtherLegQuote;
}

/** What a set that makes too many swaps loses at least until it makes few enough: a way takes two of them away at most. */
function leastLoss(benefits: readonly number[], swapsTooMany: number): number {
  const leaving = Math.ceil(swapsTooMany / 2);
  return [...benefits]
    .sort((a, b) => a - b)
    .slice(0, leaving)
    .reduce((sum, lost) => sum + lost, 0);
}

/**
 * Leaves out the ways that are not worth their gas. Taking one away moves its share to the others at prices no
 * better than the common margin, so it loses at least its benefit over that margin: where every benefit is above
 * the gas of its swaps the set is the best one. Otherwise the doubtful ways are taken away one by one, in all orders
 * that can still win, and the best set seen is kept. A benefit only grows as others leave, so what is not in doubt stays
 * so. Where there are more swaps than an order carries every way is in doubt. Ways of two hops that share a pool never
 * come together: each largest set without such a pair is a start of its own.
 */
export function chooseLegs(
  depths: readonly WayDepth[],
  side: Side,
  cost: LegCost,
  fill: (depths: readonly WayDepth[]) => Filling,
): LegChoice {
  const seen = new Set<string>();
  let left = 0;
  const best: { choice: LegChoice; gain: number } = {
    choice: { legs: [], filling: fill([]) },
    gain: Number.NEGATIVE_INFINITY,
  };

  const pools = depths.map(poolsOfDepth);

  function look(ways: readonly number[]): void {
    const key = ways.join();
    if (seen.has(key) || left === 0) return;
    seen.add(key);
    left -= 1;
    const legs = legsOf(ways, fill(ways.map((way) => depths[way]!)));
    const { filling } = legs;
    let swaps = 0;
    for (const way of legs.legs) swaps += pools[way]!.length;
    const reached = gain(side, filling, swaps, cost);
    const isAllowed = swaps <= cost.maxLegs;
    if (isAllowed && reached > best.gain) Object.assign(best, { choice: legs, gain: reached });
    const benefits = legs.legs.map((_, at) =>
      benefit(side, filling.price, filling.bases[at]!, filling.quotes[at]!),
    );
    const savings = legs.legs
      .map((way, at) => {
        // Without its only leg an order still pays for one swap.
        const saved = legs.legs.length === 1 ? swaps - 1 : pools[way]!.length;
        return { way, saves: saved * cost.furtherLegQuote - benefits[at]! };
      })
      .sort((a, b) => b.saves - a.saves);
    const doubtful = isAllowed ? savings.filter(({ saves }) => saves > 0) : savings;
    if (doubtful.length === 0) return;
    const mostToSave = isAllowed
      ? doubtful.reduce((sum, { saves }) => sum + saves, 0)
      : (swaps - 1) * cost.furtherLegQuote - leastLoss(benefits, swaps - cost.maxLegs);
    if (reached + mostToSave <= best.gain) return;
    // Pools that are not used here stay in: they may be when others leave.
    for (const { way } of doubtful) if (ways.length > 1) look(ways.filter((one) => one !== way));
  }

  for (const start of compatibleSets(pools)) {
    left = MAX_SETS;
    look(start);
  }
  return best.choice;
}

/** A filling without the pools that start beyond its price. */
function legsOf(pools: readonly number[], filling: Filling): LegChoice {
  const used = pools.map((_, at) => at).filter((at) => filling.bases[at]! > 0);
  return {
    legs: used.map((at) => pools[at]!),
    filling: {
      ...filling,
      bases: used.map((at) => filling.bases[at]!),
      quotes: used.map((at) => filling.quotes[at]!),
    },
  };
}
