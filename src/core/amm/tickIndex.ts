import { CorruptDataError } from '../errors.ts';
import type { TickLiquidity } from './pool.ts';
import { sqrtPriceAtTick } from './tickMath.ts';

/** A list of initialised ticks made quick to search, with the prices of the ticks that swaps have touched. */
export interface TickIndex {
  /** Position in the list of the greatest tick at or below `tick`, -1 when there is none. */
  positionAtOrBelow(tick: number): number;
  /** {@link sqrtPriceAtTick}, remembered. */
  sqrtPriceAt(tick: number): bigint;
}

/**
 * One index per list, as long as the list lives. It holds nothing but results of pure functions, at most one price per
 * tick of the list and per end of a bitmap word, so sharing it cannot change an answer. A reader of pools that keeps
 * the list while the ticks stay the same keeps the prices too.
 */
const indexes = new WeakMap<readonly TickLiquidity[], TickIndex>();

/**
 * The index of a tick list, made on first use.
 *
 * @throws CorruptDataError when the list is not strictly ascending
 */
export function tickIndexOf(ticks: readonly TickLiquidity[]): TickIndex {
  const known = indexes.get(ticks);
  if (known !== undefined) return known;
  const made = indexTicks(ticks);
  indexes.set(ticks, made);
  return made;
}

function indexTicks(ticks: readonly TickLiquidity[]): TickIndex {
  const positions = new Int32Array(ticks.length);
  for (let i = 0; i < ticks.length; i++) {
    const { index } = ticks[i]!;
    if (i > 0 && index <= positions[i - 1]!) {
      throw new CorruptDataError('ticks', `${positions[i - 1]} then ${index}`, 'strictly ascending indexes');
    }
    positions[i] = index;
  }
  const prices = new Map<number, bigint>();
  return {
    positionAtOrBelow(tick) {
      let below = -1;
      let above = positions.length;
      while (above - below > 1) {
        const middle = (below + above) >> 1;
        if (positions[middle]! <= tick) below = middle;
        else above = middle;
      }
      return below;
    },
    sqrtPriceAt(tick) {
      const remembered = prices.get(tick);
      if (remembered !== undefined) return remembered;
      const price = sqrtPriceAtTick(tick);
      prices.set(tick, price);
      return price;
    },
  };
}
