import { type Lattice, optionsOf } from './lattice.ts';
import type { BookOption, HedgingProblem } from './problem.ts';

/** Base that an option written takes from the hedge when it expires at a price: all of it or nothing. */
function deliveredBy({ type, strike, count }: BookOption, spot: number): number {
  if (type === 'call') return spot > strike ? count : 0;
  return spot < strike ? -count : 0;
}

/**
 * Turns costs to come by the hedge after a delivery into those by the hedge before it, at a time when options of a book
 * expire; at any other time nothing changes. Hedges that a delivery takes beyond the grid are bought or sold back to its end.
 *
 * @param row changed in place
 */
export function deliver(
  problem: HedgingProblem,
  { hedges, hedgeStep, stepYears }: Lattice,
  spot: number,
  yearsLeft: number,
  row: Float64Array,
): void {
  const expiring = optionsOf(problem).filter(
    ({ years }) => Math.abs(yearsLeft - (problem.years - years)) < stepYears / 2,
  );
  const delivered = expiring.reduce((sum, option) => sum + deliveredBy(option, spot), 0);
  if (delivered === 0) return;
  const after = row.slice();
  const last = hedges.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const place = index - delivered / hedgeStep;
    const inside = Math.min(Math.max(place, 0), last);
    const low = Math.min(Math.floor(inside), last - 1);
    const { feeRate, impactQuotePerBase2 } = place > inside ? problem.sell : problem.buy;
    const base = Math.abs(place - inside) * hedgeStep;
    const back = base === 0 ? 0 : problem.gasQuote + feeRate * spot * base + impactQuotePerBase2 * base ** 2;
    row[index] = after[low]! + (inside - low) * (after[low + 1]! - after[low]!) + back;
  }
}
