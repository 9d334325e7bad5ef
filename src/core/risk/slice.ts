import type { BandCosts } from '../hedge/bands/bandCosts.ts';
import { requireAboveZero, requireAtLeastZero, requireInteger } from '../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../units.ts';
import { optimalExecution } from './optimalExecution.ts';

/** How an order that is large for its pools is cut into slices. */
export interface SliceLimits {
  /** From one slice to the next: the time in which arbitrage brings pools back. */
  readonly intervalSeconds: number;
  readonly mostSlices: number;
  /** Lambda, 1/quote: what waiting with the rest costs. */
  readonly riskAversion: number;
}

/** What slicing weighs. */
export interface SliceInput extends SliceLimits {
  /** Base to trade, above 0. */
  readonly quantity: number;
  /** What the pools cost, quote. */
  readonly costs: BandCosts;
  /** Of one transaction, quote. */
  readonly gasQuote: number;
  /** Quote per base. */
  readonly spot: number;
  /** Per year. */
  readonly volatility: number;
}

/** The slices that cost least, risk and gas included. */
export interface SlicePlan {
  /** Base of each slice, the first to be traded now. */
  readonly trades: readonly number[];
  /** Expected cost, gas of all slices and risk, quote. */
  readonly utilityQuote: number;
  /** The same for trading all at once; infinite where the pools do not take it. */
  readonly atOnceQuote: number;
}

/**
 * Cuts an order into the number of slices that costs least: for each number the schedule of `optimalExecution`, with the
 * temporary impact of the pools' own costs at a slice's size, no permanent impact (arbitrage brings the pools back within an
 * interval), and gas for every slice. An order that is not large for its pools comes out whole.
 *
 * @throws InvalidInputError when a number is outside its range
 */
export function slicePlan(input: SliceInput): SlicePlan {
  const { quantity, costs, gasQuote, spot, volatility, intervalSeconds, mostSlices, riskAversion } = input;
  requireAboveZero('intervalSeconds', intervalSeconds);
  requireInteger('mostSlices', mostSlices, 1, 100);
  requireAtLeastZero('riskAversion', riskAversion);
  const atOnceQuote = costs.cost(quantity) + gasQuote;
  let best: Omit<SlicePlan, 'atOnceQuote'> = { trades: [quantity], utilityQuote: atOnceQuote };
  const perSecond = (spot * volatility) / Math.sqrt(SECONDS_PER_YEAR);
  for (let slices = 2; slices <= mostSlices; slices += 1) {
    const size = quantity / slices;
    const fixedCost = costs.marginal(0);
    // Of a unit, what a slice pays more than the first unit does: the temporary impact at its speed.
    const impact = (costs.cost(size) / size - fixedCost) / size;
    if (!(impact > 0 && Number.isFinite(impact))) continue;
    const schedule = optimalExecution({
      quantity,
      horizon: slices * intervalSeconds,
      intervals: slices,
      volatility: perSecond,
      temporaryImpact: impact * intervalSeconds,
      permanentImpact: 0,
      fixedCost: Math.max(0, fixedCost),
      riskAversion,
    });
    const utilityQuote = schedule.utility + slices * gasQuote;
    if (utilityQuote < best.utilityQuote) best = { trades: schedule.trades, utilityQuote };
  }
  return { ...best, atOnceQuote };
}
