import type { TradeCost } from './problem.ts';

/** A row of costs to come, one for each hedge of the grid. */
export type Row = Float64Array;

/**
 * Improves a row by the best sale or purchase from each hedge: values[h] = min(values[h], min over h' of stay[h'] + gas +
 * C(|h - h'|)). Selling leads to smaller hedges.
 *
 * For a linear cost one sweep finds it; for a convex one the best target rises with the hedge that one starts from, so that
 * halving finds it in n log n.
 *
 * @param stay cost to come after the trade
 * @param values changed in place
 */
export function takeBestTrade(
  stay: Row,
  values: Row,
  cost: TradeCost,
  side: 'sell' | 'buy',
  spot: number,
  gasQuote: number,
  hedgeStep: number,
): void {
  if (cost.impactQuotePerBase2 === 0) {
    sweep(stay, values, cost.feeRate * spot * hedgeStep, side, gasQuote);
    return;
  }
  const price = (steps: number) => {
    const base = steps * hedgeStep;
    return gasQuote + cost.feeRate * spot * base + cost.impactQuotePerBase2 * base * base;
  };
  const last = stay.length - 1;
  // A purchase is a sale on the grid turned round.
  const at = side === 'sell' ? (index: number) => index : (index: number) => last - index;
  halve(stay, values, price, at, 0, last, 0, last);
}

function sweep(stay: Row, values: Row, perStep: number, side: 'sell' | 'buy', gasQuote: number): void {
  const length = stay.length;
  let best = Number.POSITIVE_INFINITY;
  for (let place = 0; place < length; place += 1) {
    const index = side === 'sell' ? place : length - 1 - place;
    best = Math.min(best + perStep, stay[index]!);
    if (best + gasQuote < values[index]!) values[index] = best + gasQuote;
  }
}

function halve(
  stay: Row,
  values: Row,
  price: (steps: number) => number,
  at: (index: number) => number,
  from: number,
  to: number,
  targetFrom: number,
  targetTo: number,
): void {
  if (from > to) return;
  const middle = (from + to) >> 1;
  let best = Number.POSITIVE_INFINITY;
  let bestTarget = targetFrom;
  for (let target = targetFrom; target <= Math.min(middle, targetTo); target += 1) {
    const total = stay[at(target)]! + price(middle - target);
    if (total < best) {
      best = total;
      bestTarget = target;
    }
  }
  if (best < values[at(middle)]!) values[at(middle)] = best;
  halve(stay, values, price, at, from, middle - 1, targetFrom, bestTarget);
  halve(stay, values, price, at, middle + 1, to, bestTarget, targetTo);
}
