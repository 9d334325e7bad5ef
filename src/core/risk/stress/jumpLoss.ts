import type { MarketView, Position } from '../../position.ts';
import { normalQuantile } from '../../statistics/normalQuantile.ts';
import { requireAtLeastZero, requireFinite } from '../../statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../units.ts';
import { expectedShortfall } from '../tail/valueAtRisk.ts';
import { bookInMarkets } from './bookInMarkets.ts';

/** Jumps of the log price, as Merton (1976) has them: a Poisson number of them, each normal. */
export interface JumpModel {
  /** Jumps per year. */
  readonly intensity: number;
  readonly meanLogJump: number;
  readonly logJumpStdDev: number;
}

/** Ether's jumps over 2020 to 2024 in round numbers: one a month, downwards on average, 8 % in size. */
export const usualJumps: JumpModel = { intensity: 12, meanLogJump: -0.02, logJumpStdDev: 0.08 };

/** What one jump would do to a vault before anybody trades, losses above 0, quote. */
export interface JumpLoss {
  /** Average over jumps of what the vault would lose; below 0 where jumps gain. */
  readonly meanQuote: number;
  /** Average over the worst 1 % of jumps. */
  readonly shortfallQuote: number;
  /** Mean times jumps a year. */
  readonly perYearQuote: number;
}

/** What may happen within a time, losses above 0, quote. */
export interface HorizonLoss {
  /** Average over the worst 1 % of moves, diffusion and jumps together. */
  readonly shortfallQuote: number;
}

const QUANTILES = 99;
const TAIL = { confidence: 0.99 };

/**
 * What a jump costs a vault as it stands: positions priced anew after each of 99 jumps that are equally likely. Hedging does
 * not help against it, since there is no price in between; what remains after a delta hedge is its curvature.
 *
 * @throws InvalidInputError when the model or the market is impossible
 */
export function jumpLoss(positions: readonly Position[], view: MarketView, jumps: JumpModel): JumpLoss {
  requireAtLeastZero('intensity', jumps.intensity);
  requireFinite('meanLogJump', jumps.meanLogJump);
  requireAtLeastZero('logJumpStdDev', jumps.logJumpStdDev);
  const moves = quantiles(QUANTILES).map((z) => jumps.meanLogJump + jumps.logJumpStdDev * z);
  const profits = profitsAfter(positions, view, moves);
  const meanQuote = -profits.reduce((sum, profit) => sum + profit, 0) / profits.length + 0;
  return {
    meanQuote,
    shortfallQuote: expectedShortfall(profits, TAIL),
    perYearQuote: meanQuote * jumps.intensity,
  };
}

/**
 * Expected shortfall of a vault that nobody hedges for a while: moves of the diffusion and of at most one jump, each of them
 * at 99 quantiles weighted by how likely a jump is within that time. The mean of the market's own move is left out.
 *
 * @param seconds above 0; a time within which two jumps are unlikely
 * @throws InvalidInputError when the model or the market is impossible
 */
export function horizonLoss(
  positions: readonly Position[],
  view: MarketView,
  jumps: JumpModel,
  seconds: number,
): HorizonLoss {
  requireAtLeastZero('seconds', seconds);
  const years = seconds / SECONDS_PER_YEAR;
  const diffusion = view.volatility * Math.sqrt(years);
  const jumpShare = 1 - Math.exp(-jumps.intensity * years);
  const quiet = quantiles(QUANTILES).map((z) => diffusion * z);
  const total = Math.hypot(diffusion, jumps.logJumpStdDev);
  const jumped = quantiles(QUANTILES).map((z) => jumps.meanLogJump + total * z);
  const losses = profitsAfter(positions, view, [...quiet, ...jumped])
    .map((profit, index) => ({
      loss: -profit,
      weight: (index < QUANTILES ? 1 - jumpShare : jumpShare) / QUANTILES,
    }))
    .sort((a, b) => b.loss - a.loss);
  let left = 1 - TAIL.confidence;
  let sum = 0;
  for (const { loss, weight } of losses) {
    const taken = Math.min(left, weight);
    sum += taken * loss;
    left -= taken;
    if (left <= 0) break;
  }
  return { shortfallQuote: sum / (1 - TAIL.confidence) + 0 };
}

function quantiles(count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => normalQuantile((n + 0.5) / count));
}

function profitsAfter(
  positions: readonly Position[],
  view: MarketView,
  logMoves: readonly number[],
): readonly number[] {
  const { volatility } = view;
  const points = logMoves.map((move) => ({ spot: view.spot * Math.exp(move), volatility }));
  const [here, ...there] = bookInMarkets(positions, view, [view, ...points]);
  return there.map(({ valueQuote }) => valueQuote - here!.valueQuote);
}
