import { type BandFigures, bandFigures } from './bandFigures.ts';
import { BATCH_PATHS, type HedgingKernel } from './hedgingKernel.ts';
import { loopKernel } from './hedgingLoop.ts';
import { type HedgingSimulation, type HedgingTerms, hedgingTerms, premiumOf } from './hedgingTerms.ts';
import { vectorKernel } from './hedgingVector.ts';

/** What every band came to on every path: a row for each band, quote discounted to the start, premium left out. */
export interface PathOutcomes {
  readonly outcomes: readonly Float64Array[];
  readonly costs: readonly Float64Array[];
}

/** How many batches the paths of a simulation are cut into: the least that a worker can be given. */
export function batchesOf({ paths }: Pick<HedgingSimulation, 'paths'>): number {
  return Math.ceil(paths / BATCH_PATHS);
}

let fastest: HedgingKernel | null = null;

/** The vector code where the engine has it, otherwise the plain loop. */
function fastestKernel(): HedgingKernel {
  fastest ??= vectorKernel() ?? loopKernel();
  return fastest;
}

/**
 * Runs some of a simulation's batches, one after the other. Each has its own random numbers, so that it does not matter
 * who runs which.
 *
 * @param from first batch
 * @param to the one after the last
 */
export function runBatches(
  terms: HedgingTerms,
  paths: number,
  from: number,
  to: number,
  kernel: HedgingKernel = fastestKernel(),
): PathOutcomes {
  const start = from * BATCH_PATHS;
  const count = Math.min(to * BATCH_PATHS, paths) - start;
  const rows = () => Array.from(terms.act, () => new Float64Array(count));
  const all = { outcomes: rows(), costs: rows() };
  for (let batch = from; batch < to; batch += 1) {
    const at = batch * BATCH_PATHS - start;
    const ran = kernel.run(terms, batch, Math.min(BATCH_PATHS, count - at));
    ran.outcomes.forEach((row, band) => {
      all.outcomes[band]!.set(row.subarray(0, ran.paths), at);
      all.costs[band]!.set(ran.costs[band]!.subarray(0, ran.paths), at);
    });
  }
  return all;
}

/** Figures of every band out of what it came to on every path. The outcomes are overwritten. */
export function hedgingFigures(
  simulation: HedgingSimulation,
  { outcomes, costs }: PathOutcomes,
): readonly BandFigures[] {
  const premium = premiumOf(simulation);
  const bonus = simulation.option.type === 'put' ? parityOf(simulation) : 0;
  return simulation.bands.map(({ act, target }, band) => {
    const row = outcomes[band]!;
    for (let path = 0; path < row.length; path += 1) row[path]! += premium + bonus;
    return bandFigures(act, target, row, costs[band]!);
  });
}

/** What a call's outcome before its premium is to be raised by to be a put's: the forward, spot less discounted strike. */
function parityOf({ option: { spot, strike, rate }, years }: HedgingSimulation): number {
  return spot - strike * Math.exp(-rate * years);
}

/**
 * Hedges a written option along simulated prices with every band at once: geometric Brownian motion, the hedge looked at
 * evenly until expiry, each trade paying a share of what is traded and its gas. Bands share prices and deltas (common
 * random numbers), so that their differences are known far better than each of them, and sixteen cost little more than one.
 * The first hedge and the last sale are free, whatever the band, and count in none.
 *
 * @param kernel what runs the paths
 * @returns figures in the order of the bands
 * @throws InvalidInputError for a simulation that cannot be
 * @example
 * simulateHedging({
 *   option: { type: 'call', spot: 100, strike: 100, rate: 0.05 }, years: 1 / 12, steps: 84, paths: 51_200, drift: 0.05,
 *   volatility: 0.2, bands: [{ act: 0.05, target: 0.02 }], feeRate: 0.0005, gasQuote: 0, seed: 1,
 * });
 */
export function simulateHedging(
  simulation: HedgingSimulation,
  kernel: HedgingKernel = fastestKernel(),
): readonly BandFigures[] {
  const terms = hedgingTerms(simulation);
  const { paths } = simulation;
  return hedgingFigures(simulation, runBatches(terms, paths, 0, batchesOf(simulation), kernel));
}
