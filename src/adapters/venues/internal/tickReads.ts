import { z } from 'zod';
import type { TickLiquidity } from '../../../core/amm/pool.ts';
import { CorruptDataError } from '../../../core/errors.ts';
import { all, type Read } from '../../../core/read.ts';
import type { Address } from '../../../core/units.ts';
import { covers, ticksOfBits, type WordWindow, widened, wordsAround, wordsIn } from './tickWords.ts';

/** Where a pool's ticks are read. */
export interface TickSource {
  readonly pool: Address;
  /** The bits that are set in words of its bitmap, ascending. */
  words(positions: readonly number[]): Read<readonly (readonly number[])[]>;
  /** The net liquidity of ticks, null where one is not initialised. */
  nets(indexes: readonly number[]): Read<readonly (bigint | null)[]>;
}

/** What is remembered of ticks: enough to ask for all of them at once. */
export const tickMemorySchema = z.object({
  window: z.object({ lowest: z.int(), highest: z.int() }),
  ticks: z.array(z.int()),
});

/** What was read of a pool's ticks. */
export interface KnownTicks {
  readonly window: WordWindow;
  readonly ticks: readonly TickLiquidity[];
}

/** A price, and how far around it ticks are wanted. */
export interface TickReach {
  readonly tick: number;
  readonly tickSpacing: number;
  /** How far the price may fall with the ticks still known, as a share; as far up in ratio. */
  readonly priceRange: number;
}

/**
 * The ticks around a price: those at hand where they reach far enough, otherwise read anew over a window a little wider
 * than needed.
 */
export function* ticksAround(
  source: TickSource,
  { tick, tickSpacing, priceRange }: TickReach,
  atHand: KnownTicks | null,
): Read<KnownTicks> {
  const wanted = wordsAround(tick, tickSpacing, priceRange);
  if (atHand !== null && covers(atHand.window, wanted)) return atHand;
  const window = widened(wanted);
  const expected = (atHand?.ticks ?? []).map(({ index }) => index);
  return { window, ticks: yield* readTicks(source, tickSpacing, window, expected) };
}

/**
 * The initialised ticks of a window of words, ascending; in one round when `expected` holds all of them.
 *
 * @throws CorruptDataError when a tick and its bit disagree
 */
export function* readTicks(
  source: TickSource,
  tickSpacing: number,
  window: WordWindow,
  expected: readonly number[],
): Read<readonly TickLiquidity[]> {
  const positions = wordsIn(window);
  const [words, liquidity] = yield* all([source.words(positions), readNets(source, expected)]);
  const initialised = positions.flatMap((position, index) =>
    ticksOfBits(position, words[index]!, tickSpacing),
  );
  const missing = yield* readNets(
    source,
    initialised.filter((index) => !liquidity.has(index)),
  );
  const ticks = initialised.map((index) => {
    const liquidityNet = liquidity.get(index) ?? missing.get(index);
    if (liquidityNet === undefined || liquidityNet === null) {
      throw new CorruptDataError('tick', `${index} not initialised`, 'initialised, as its bit says', {
        facts: { pool: source.pool },
      });
    }
    return { index, liquidityNet };
  });
  return sameAsBefore(expected, ticks);
}

/** What was last read with each list of expected ticks. */
const readBefore = new WeakMap<readonly number[], readonly TickLiquidity[]>();

/** The list that was read before where this one says the same: what was made of it need not be made again. */
function sameAsBefore(
  expected: readonly number[],
  ticks: readonly TickLiquidity[],
): readonly TickLiquidity[] {
  const before = readBefore.get(expected);
  const isSame =
    before?.length === ticks.length &&
    ticks.every(({ index, liquidityNet }, place) => {
      const other = before[place];
      return other?.index === index && other.liquidityNet === liquidityNet;
    });
  if (isSame) return before;
  readBefore.set(expected, ticks);
  return ticks;
}

/** The net liquidity of ticks by index; no round for none. */
function* readNets(source: TickSource, indexes: readonly number[]): Read<ReadonlyMap<number, bigint | null>> {
  const nets = yield* source.nets(indexes);
  return new Map(nets.map((net, position) => [indexes[position]!, net]));
}
