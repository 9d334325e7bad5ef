import type { Way } from '../amm/twoHop.ts';
import { poolsOfDepth } from '../amm/wayDepth.ts';
import { InvalidInputError } from '../errors.ts';
import { type Ratio, ratioToNumber } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import type { Token } from '../units.ts';
import { chooseLegs } from './legChoice.ts';
import { candidatesOf } from './poolBound.ts';
import { compatibleSets } from './sharedPools.ts';
import { bestPrice, waterFill } from './waterFill.ts';

/** What a trade of each size costs against a fair price, in quote for base, whole tokens. */
export interface CostCurve {
  /** Cost of trading `size`, gas of further legs included and that of the first left out; infinite beyond `capacity`. */
  cost(size: number): number;
  /** What the next unit costs: the curve's slope. Infinite beyond `capacity`. */
  marginal(size: number): number;
  /** What the pools take within the bound, base; of pairings that share a pool, the one that takes most. */
  readonly capacity: number;
}

/** What a cost curve is made of. */
export interface CostCurveInput {
  /** Pools of base and quote, and ways of two hops. */
  readonly pools: readonly Way[];
  readonly side: Side;
  readonly base: Token;
  readonly quote: Token;
  /** Quote per base. */
  readonly fairPrice: number;
  /** No unit is traded at a worse price than this, fee included: quoteRaw / baseRaw. */
  readonly bound: Ratio;
  /** Gas of each swap beyond the first, quote; nothing by default. */
  readonly furtherLegQuote?: number;
  /** Swaps at most; 8 by default. */
  readonly maxLegs?: number;
}

const MAX_LEGS = 8;

/**
 * The cost of selling or buying over pools as a function of size: the lower envelope over the best splits, so that it
 * has a kink where another leg starts to be worth its gas. In doubles, for policies; an order's own numbers come from
 * {@link splitOrder}. Counted from a fair price rather than the pools' own, so what is below 0 is a gain.
 *
 * @throws InvalidInputError when the fair price is not finite and above 0
 */
export function costCurve(input: CostCurveInput): CostCurve {
  const { pools, side, base, quote, fairPrice, bound, furtherLegQuote = 0, maxLegs = MAX_LEGS } = input;
  if (!(fairPrice > 0 && Number.isFinite(fairPrice))) {
    throw new InvalidInputError('fairPrice', fairPrice, 'a finite price above 0');
  }
  const baseUnit = 10 ** base.decimals;
  const quoteUnit = 10 ** quote.decimals;
  const worst = ratioToNumber(bound);
  const depths = candidatesOf(pools, side, base.address, bound).map(({ depth }) => depth);
  const terms = { furtherLegQuote: furtherLegQuote * quoteUnit, maxLegs, worst };
  const together = compatibleSets(depths.map(poolsOfDepth)).map((set) => set.map((way) => depths[way]!));
  const capacity =
    Math.max(...together.map((some) => waterFill(some, side, Number.MAX_VALUE, worst).base)) / baseUnit;
  const choose = (size: number) =>
    chooseLegs(depths, side, terms, (some) => waterFill(some, side, size * baseUnit, worst));
  // Cost and slope are asked for one after the other: the split is found once for both.
  let [lastSize, lastChoice] = [Number.NaN, null as ReturnType<typeof choose> | null];
  const chosen = (size: number) => {
    if (lastChoice === null || size !== lastSize) [lastSize, lastChoice] = [size, choose(size)];
    return lastChoice;
  };
  const sign = side === 'sell' ? 1 : -1;
  return {
    capacity,
    cost(size) {
      if (!(size > 0)) return 0;
      if (size > capacity) return Number.POSITIVE_INFINITY;
      const { legs, filling } = chosen(size);
      const swaps = legs.reduce((sum, way) => sum + poolsOfDepth(depths[way]!).length, 0);
      const gas = Math.max(swaps - 1, 0) * furtherLegQuote;
      // Where a last leg is not worth its gas a part stays untraded; like everything else left, it counts at the worst price.
      const left = Math.max(size * baseUnit - filling.base, 0) * worst;
      return sign * (size * fairPrice - (filling.quote + left) / quoteUnit) + gas;
    },
    marginal(size) {
      if (size > capacity || depths.length === 0) return Number.POSITIVE_INFINITY;
      const price = size > 0 ? chosen(size).filling.price : bestPrice(depths, side);
      return sign * (fairPrice - (price * baseUnit) / quoteUnit);
    },
  };
}
