import { bracketedRoot, nearerEnd } from '../../math/bracketedRoot.ts';
import type { BandCosts, Stretch } from './bandCosts.ts';
import { targetBeyond } from './beyond.ts';
import type { SideLevels } from './levels.ts';

/** What is left to decide when the book ends soon: one trade now, or none. */
export interface OneTradeTerms {
  readonly costs: BandCosts;
  readonly stretches: readonly Stretch[];
  readonly gas: number;
  /** c T: holding x until the end costs c T x^2 quote. */
  readonly riskToEnd: number;
}

const MAX_GROWTHS = 200;

/** Size at which a trade that ends in the best place is just worth its cost, within one stretch; null where none is. */
function sizeWithin({ costs, gas, riskToEnd }: OneTradeTerms, { from, to }: Stretch): number | null {
  const excess = (size: number) => {
    const marginal = costs.marginal(size);
    if (marginal === Number.POSITIVE_INFINITY) return marginal;
    return riskToEnd * size * size - (gas + (size === 0 ? 0 : costs.cost(size) - size * marginal));
  };
  const excessFrom = excess(from);
  if (excessFrom === 0) return from;
  if (excessFrom > 0) return null;
  let high = Math.min(to, from + Math.sqrt(gas / riskToEnd));
  let excessHigh = excess(high);
  for (let growth = 0; growth < MAX_GROWTHS && excessHigh < 0 && high < to; growth++) {
    high = Math.min(high * 2, to);
    excessHigh = excess(high);
  }
  if (excessHigh < 0) return null;
  return nearerEnd(bracketedRoot(excess, from, excessFrom, high, excessHigh));
}

/**
 * Levels at which one trade is worth more than none until the end: act is the least of (K + C(q)) / (2 c T q) + q / 2 over
 * all sizes q, target lies q below it. For a price p: target p / (2 c T), which is H0 of V. Zakamouline (2006), and act
 * higher by sqrt(K / (c T)).
 *
 * @returns levels at infinity where nothing is at risk any more
 */
export function oneTradeLevels(terms: OneTradeTerms): SideLevels {
  const { costs, stretches, gas, riskToEnd } = terms;
  const first = costs.marginal(0);
  const never = { act: Number.POSITIVE_INFINITY, target: Number.POSITIVE_INFINITY };
  if (!(riskToEnd > 0)) {
    const isFree = gas === 0 && first <= 0;
    return isFree ? { act: 0, target: 0, targetFrom: () => 0 } : { ...never, targetFrom: (x) => x };
  }
  let levels = never;
  for (const stretch of stretches) {
    const size = sizeWithin(terms, stretch);
    if (size === null) continue;
    const act =
      size === 0 ? first / (2 * riskToEnd) : (gas + costs.cost(size)) / (2 * riskToEnd * size) + size / 2;
    const target = costs.marginal(size) / (2 * riskToEnd);
    const reached = Math.abs(target - (act - size)) <= 1e-9 * Math.abs(act) ? target : act - size;
    if (act < levels.act) levels = { act, target: reached };
  }
  const value = (x: number) => riskToEnd * x * x;
  const slope = (x: number) => 2 * riskToEnd * x;
  return {
    ...levels,
    targetFrom: (x) =>
      targetBeyond({ costs, value, slope, low: Math.min(levels.target, 0), high: Math.max(x, 0) }, x),
  };
}
