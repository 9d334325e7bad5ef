import { InvalidInputError } from '../../core/errors.ts';
import { requireAboveZero, requireSeries } from '../../core/statistics/require.ts';
import type { PricePath } from '../paths/pricePath.ts';
import { depthAlong, type LiquidityModel } from './liquidity.ts';

/** Half-lives that are tried, seconds: a quarter of an hour to two days. */
const HALF_LIVES = [900, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 115_200, 172_800] as const;
/** Shares of depth that a standard deviation may drive away. */
const THINNINGS = [0, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5] as const;
const LEAST_ROWS = 100;
/** The share of rows that were thinner than the floor of a pool. */
const FLOOR_QUANTILE = 0.001;

/** A model of depth, and how much of what was recorded it explains. */
export interface LiquidityFit {
  readonly model: LiquidityModel;
  /** Liquidity of the pool at rest, in the unit of the recording. */
  readonly atRest: number;
  /** Share of the variance explained, 0 where depth did not follow the price. */
  readonly explained: number;
}

/**
 * Fits how a pool thins when its price moves and refills after, to its recorded active liquidity: least squares over a grid
 * of half-lives and thinnings, the level at rest in closed form. A pool whose liquidity has nothing to do with moves gets a
 * thinning of 0.
 *
 * @param liquidity active at each moment of the path, above 0
 * @param hourlyStdDev standard deviation of an hour's log return, known at each step
 * @throws InvalidInputError when there are fewer than 100 moments, or a liquidity is not above 0
 */
export function fitLiquidity(
  path: PricePath,
  liquidity: readonly number[],
  hourlyStdDev: Float64Array,
): LiquidityFit {
  requireSeries('liquidity', liquidity, LEAST_ROWS);
  if (liquidity.length !== path.price.length) {
    throw new InvalidInputError('liquidity', liquidity.length, `${path.price.length} values`);
  }
  for (const [index, value] of liquidity.entries()) requireAboveZero(`liquidity[${index}]`, value);
  const mean = liquidity.reduce((sum, value) => sum + value, 0) / liquidity.length;
  const variance = liquidity.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sorted = [...liquidity].sort((a, b) => a - b);
  const low = sorted[Math.floor(FLOOR_QUANTILE * sorted.length)]!;
  let best = { residual: variance, atRest: mean, thinning: 0, halfLife: HALF_LIVES[3] as number };
  for (const halfLife of HALF_LIVES) {
    for (const thinning of THINNINGS.slice(1)) {
      const model = { thinningPerStdDev: thinning, refillHalfLifeSeconds: halfLife, floor: 0 };
      const depth = depthAlong(path, hourlyStdDev, model);
      const { residual, scale } = scaled(liquidity, depth);
      if (residual < best.residual) best = { residual, atRest: scale, thinning, halfLife };
    }
  }
  const { residual, atRest, thinning, halfLife } = best;
  return {
    model: {
      thinningPerStdDev: thinning,
      refillHalfLifeSeconds: halfLife,
      floor: Math.min(1, low / atRest),
    },
    atRest,
    explained: variance > 0 ? 1 - residual / variance : 0,
  };
}

/** The scale that brings depths nearest to a recording, and what is left over in squares. */
function scaled(recorded: readonly number[], depth: Float64Array) {
  let [product, square] = [0, 0];
  recorded.forEach((value, step) => {
    product += value * depth[step]!;
    square += depth[step]! ** 2;
  });
  const scale = product / square;
  const residual = recorded.reduce((sum, value, step) => sum + (value - scale * depth[step]!) ** 2, 0);
  return { residual, scale };
}
