import type { Depth } from '../amm/depth.ts';
import type { Side } from '../decision.ts';
import type { Filling } from './waterFill.ts';

/** What choosing between legs depends on; quote raw, as doubles. */
export interface LegCost {
  /** Gas of each leg beyond the first. */
  readonly furtherLegQuote: number;
  readonly maxLegs: number;
  /** Worst price of the order, quote raw per base raw: what a unit that is left untraded counts with. */
  readonly worst: number;
}

/** The pools worth their gas, by position, and what each of them gets. */
export interface LegChoice {
  readonly legs: readonly number[];
  readonly filling: Filling;
}

/** Sets of pools looked at, at most; orders over a handful of pools need one, or a few. */
const MAX_SETS = 512;

/** What a pool's share brings over the price at the margin: all that taking the pool away could lose on its share alone. */
function benefit(side: Side, price: number, base: number, quote: number): number {
  return side === 'sell' ? quote - price * base : price * base - quote;
}

/** What a filling gains over trading everything at the worst price, gas of its legs paid. */
function gain(
  side: Side,
  { base, quote }: Filling,
  legs: number,
  { furtherLegQuote, worst }: LegCost,
): number {
  return benefit(side, worst, base, quote) - Math.max(legs - 1, 0) * furtherLegQuote;
}

/**
 * Leaves out the pools that are not worth their gas. Taking a pool away moves its share to the others at prices no
 * better than the common margin, so it loses at least the pool's benefit over that margin: where every benefit is above
 * the gas of a leg the set is the best one. Otherwise the doubtful pools are taken away one by one, in all orders that
 * can still win, and the best set seen is kept. A benefit only grows as others leave, so what is not in doubt stays so.
 */
export function chooseLegs(
  depths: readonly Depth[],
  side: Side,
  cost: LegCost,
  fill: (depths: readonly Depth[]) => Filling,
): LegChoice {
  const seen = new Set<string>();
  const best: { choice: LegChoice; gain: number } = {
    choice: { legs: [], filling: fill([]) },
    gain: Number.NEGATIVE_INFINITY,
  };

  function look(pools: readonly number[]): void {
    const key = pools.join();
    if (seen.has(key) || seen.size >= MAX_SETS) return;
    seen.add(key);
    const legs = legsOf(pools, fill(pools.map((pool) => depths[pool]!)));
    const { filling } = legs;
    const reached = gain(side, filling, legs.legs.length, cost);
    const isAllowed = legs.legs.length <= cost.maxLegs;
    if (isAllowed && reached > best.gain) Object.assign(best, { choice: legs, gain: reached });
    const savings = legs.legs
      .map((pool, at) => {
        const over = benefit(side, filling.price, filling.bases[at]!, filling.quotes[at]!);
        return { pool, saves: cost.furtherLegQuote - over };
      })
      .sort((a, b) => b.saves - a.saves);
    const doubtful = isAllowed ? savings.filter(({ saves }) => saves > 0) : savings.slice(0, 1);
    if (legs.legs.length < 2 || doubtful.length === 0) return;
    const mostToSave = doubtful.reduce((sum, { saves }) => sum + saves, 0);
    if (isAllowed && reached + mostToSave <= best.gain) return;
    // Pools that are not used here stay in: they may be when others leave.
    for (const { pool } of doubtful) look(pools.filter((one) => one !== pool));
  }

  look(depths.map((_, pool) => pool));
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
