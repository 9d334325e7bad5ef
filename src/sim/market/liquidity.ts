import { requireAboveZero, requireAtLeastZero, requireWithin } from '../../core/statistics/require.ts';
import type { PricePath } from '../paths/pricePath.ts';
import { surpriseAt } from './surprise.ts';

/** Liquidity that leaves when the price moves and comes back after. */
export interface LiquidityModel {
  /** Share of the depth that a move of one standard deviation of an hour beyond the ordinary drives away. */
  readonly thinningPerStdDev: number;
  readonly refillHalfLifeSeconds: number;
  /** Depth never falls below this share of what is described. */
  readonly floor: number;
}

/** A pool that loses a tenth of its depth for each standard deviation of a move, and has it back within some hours. */
export const typicalLiquidity: LiquidityModel = {
  thinningPerStdDev: 0.1,
  refillHalfLifeSeconds: 2 * 3_600,
  floor: 0.15,
};

/**
 * Depth of the pools along a price path over what is described: 1 at rest, less while the market is under stress.
 *
 * @param hourlyStdDev standard deviation of an hour's log return, known at each step
 * @throws InvalidInputError when a parameter is out of its range
 */
export function depthAlong(path: PricePath, hourlyStdDev: Float64Array, model: LiquidityModel): Float64Array {
  requireAtLeastZero('thinningPerStdDev', model.thinningPerStdDev);
  requireAboveZero('refillHalfLifeSeconds', model.refillHalfLifeSeconds);
  requireWithin('floor', model.floor, 0, 1);
  const { timestampSeconds, price } = path;
  const depth = new Float64Array(price.length);
  let missing = 0;
  for (let step = 0; step < price.length; step += 1) {
    if (step > 0) {
      const seconds = timestampSeconds[step]! - timestampSeconds[step - 1]!;
      missing *= 2 ** (-seconds / model.refillHalfLifeSeconds);
      const size = surpriseAt(path, step, hourlyStdDev[step]!);
      missing += (1 - missing) * Math.min(1, model.thinningPerStdDev * Math.max(0, size - 1));
    }
    depth[step] = Math.max(model.floor, 1 - missing);
  }
  return depth;
}
