import { requireAboveZero, requireInteger } from '../../src/core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../src/core/units.ts';
import type { RandomStream } from '../../src/sim/random.ts';
import type { BandLevels, TradeCost } from '../../src/sim/yardstick/problem.ts';

/** A book that never ends: net delta wanders at one rate for ever. */
export interface StationaryProblem {
  readonly spot: number;
  /** Base per 1.00 of price. */
  readonly gamma: number;
  /** Per year. */
  readonly volatility: number;
  readonly riskAversion: number;
  readonly gasQuote: number;
  readonly sell: TradeCost;
  readonly buy: TradeCost;
}

/** How a keeper lives: it looks at every block, and what it decides is in the chain some blocks later. */
export interface KeeperRhythm {
  readonly blockSeconds: number;
  /** 0 = in the very block that it looked at. */
  readonly delayBlocks: number;
  /** Blocks simulated. */
  readonly blocks: number;
}

/** What a band costs a year, risk and trades together, and how often it trades. */
export interface StationaryCost {
  readonly costRate: number;
  readonly tradesPerYear: number;
}

/**
 * Simulates a band over a book that never ends. A trade is sized when it is decided and executed as it was decided; until it
 * is in the chain nothing else is.
 *
 * @throws InvalidInputError for a rhythm that cannot be
 */
export function stationaryCost(
  problem: StationaryProblem,
  band: BandLevels,
  rhythm: KeeperRhythm,
  random: RandomStream,
): StationaryCost {
  const { blockSeconds, delayBlocks, blocks } = rhythm;
  requireAboveZero('blockSeconds', blockSeconds);
  requireInteger('delayBlocks', delayBlocks, 0, 1_000);
  requireInteger('blocks', blocks, 1, 1e10);
  const { spot, gamma, volatility, riskAversion, gasQuote } = problem;
  const years = blockSeconds / SECONDS_PER_YEAR;
  const spread = Math.abs(gamma) * spot * volatility * Math.sqrt(years);
  const risk = 0.5 * riskAversion * (volatility * spot) ** 2 * years;
  const priceOf = ({ feeRate, impactQuotePerBase2 }: TradeCost, base: number) =>
    gasQuote + feeRate * spot * base + impactQuotePerBase2 * base ** 2;
  let [netDelta, cost, trades] = [0, 0, 0];
  let [pending, wait] = [0, -1];
  for (let block = 0; block < blocks; block += 1) {
    if (wait < 0) {
      if (netDelta > band.sellAct) [pending, wait] = [band.sellTarget - netDelta, delayBlocks];
      else if (netDelta < band.buyAct) [pending, wait] = [band.buyTarget - netDelta, delayBlocks];
    }
    if (wait === 0) {
      cost += priceOf(pending < 0 ? problem.sell : problem.buy, Math.abs(pending));
      netDelta += pending;
      trades += 1;
    }
    if (wait >= 0) wait -= 1;
    cost += risk * netDelta ** 2;
    netDelta += spread * random.normal();
  }
  const simulatedYears = blocks * years;
  return { costRate: cost / simulatedYears, tradesPerYear: trades / simulatedYears };
}
