import { requireInteger, requireWithin } from '../../core/statistics/require.ts';
import type { RandomStream } from '../random.ts';
import { NOT_INCLUDED } from './marketPath.ts';

/** How orders get into blocks. */
export interface InclusionModel {
  /** Probability that a block takes an order that is offered to it. */
  readonly perBlock: number;
  /** Blocks after which an order expires. */
  readonly windowBlocks: number;
  /** While the base fee is this many times its median, the probability is halved. */
  readonly crowdedAtFeeRatio: number;
}

/** Private relays reach about nine blocks in ten. */
export const typicalInclusion: InclusionModel = { perBlock: 0.9, windowBlocks: 5, crowdedAtFeeRatio: 3 };

/**
 * Blocks that an order sent at each step would wait, {@link NOT_INCLUDED} where it would expire.
 *
 * @throws InvalidInputError when a parameter is out of its range
 */
export function inclusionAlong(
  baseFeeGwei: Float64Array,
  model: InclusionModel,
  random: RandomStream,
): Uint8Array {
  requireWithin('perBlock', model.perBlock, 0, 1);
  requireInteger('windowBlocks', model.windowBlocks, 1, NOT_INCLUDED - 1);
  const sorted = Float64Array.from(baseFeeGwei).sort();
  const crowdedGwei = (sorted[sorted.length >> 1] ?? 0) * model.crowdedAtFeeRatio;
  return Uint8Array.from(baseFeeGwei, (fee) => {
    const perBlock = fee > crowdedGwei ? model.perBlock / 2 : model.perBlock;
    const uniform = random.uniform();
    if (perBlock >= 1) return 1;
    if (perBlock === 0) return NOT_INCLUDED;
    const blocks = Math.ceil(Math.log(uniform) / Math.log(1 - perBlock));
    return blocks <= model.windowBlocks ? Math.max(1, blocks) : NOT_INCLUDED;
  });
}
