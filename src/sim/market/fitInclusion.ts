import { InvalidInputError } from '../../core/errors.ts';
import { type InclusionModel, typicalInclusion } from './inclusion.ts';
import { NOT_INCLUDED } from './marketPath.ts';

/** How an order fared, in blocks since the one that it was decided at. */
export interface OrderWait {
  /** Blocks that it could have been in before it expired. */
  readonly windowBlocks: number;
  /** Blocks until it was in one, successful or not; null where it expired. */
  readonly waitedBlocks: number | null;
}

const LEAST_ORDERS = 10;

/** How orders got into blocks, and how sure that is. */
export interface InclusionFit {
  readonly model: InclusionModel;
  readonly orders: number;
  readonly expired: number;
  /** Of the probability, one standard error. */
  readonly stdError: number;
}

/**
 * Fits the probability that a block takes an order to what became of orders: maximum likelihood of a geometric wait that is
 * cut off where the order expires, inclusions over blocks that were offered one. The window is the most usual one; how much
 * a crowded chain halves it stays as given, since it takes more orders than a journal has.
 *
 * @throws InvalidInputError when there are fewer than 10 orders, or a wait is not a whole number within its window
 */
export function fitInclusion(
  orders: readonly OrderWait[],
  crowdedAtFeeRatio: number = typicalInclusion.crowdedAtFeeRatio,
): InclusionFit {
  if (orders.length < LEAST_ORDERS) {
    throw new InvalidInputError('orders', `${orders.length} orders`, `at least ${LEAST_ORDERS}`);
  }
  let [included, offered] = [0, 0];
  const windows = new Map<number, number>();
  for (const [index, { windowBlocks, waitedBlocks }] of orders.entries()) {
    const blocks = waitedBlocks ?? windowBlocks;
    if (!(Number.isInteger(blocks) && blocks >= 1 && blocks <= windowBlocks)) {
      throw new InvalidInputError(`orders[${index}]`, blocks, `a whole number from 1 to ${windowBlocks}`);
    }
    included += waitedBlocks === null ? 0 : 1;
    offered += blocks;
    windows.set(windowBlocks, (windows.get(windowBlocks) ?? 0) + 1);
  }
  const [usual] = [...windows].sort(([a, countA], [b, countB]) => countB - countA || a - b)[0]!;
  const perBlock = included / offered;
  return {
    model: { perBlock, windowBlocks: Math.min(usual, NOT_INCLUDED - 1), crowdedAtFeeRatio },
    orders: orders.length,
    expired: orders.length - included,
    stdError: Math.sqrt((perBlock * (1 - perBlock)) / offered),
  };
}
