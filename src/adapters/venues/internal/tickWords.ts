import { MAX_TICK, MIN_TICK } from '../../../core/amm/tickMath.ts';

/** Words of a tick bitmap, first to last, inclusive; a word tells of 256 possible ticks. */
export interface WordWindow {
  readonly lowest: number;
  readonly highest: number;
}

const ticksPerWord = 256;

/** The words that cover a fall of the price by `priceRange` (a share), and a rise by the same ratio. */
export function wordsAround(tick: number, tickSpacing: number, priceRange: number): WordWindow {
  const reach = Math.ceil(Math.log(1 - priceRange) / -Math.log(1.0001));
  const wordOf = (at: number) =>
    Math.floor(Math.min(Math.max(at, MIN_TICK), MAX_TICK) / tickSpacing / ticksPerWord);
  return { lowest: wordOf(tick - reach), highest: wordOf(tick + reach) };
}

/** One more word on either side, so that a price that swings over a word's edge stays inside. */
export function widened({ lowest, highest }: WordWindow): WordWindow {
  return { lowest: lowest - 1, highest: highest + 1 };
}

/** Whether a window holds all of another. */
export function covers(have: WordWindow, wanted: WordWindow): boolean {
  return have.lowest <= wanted.lowest && have.highest >= wanted.highest;
}

/** Word positions of a window, ascending. */
export function wordsIn({ lowest, highest }: WordWindow): readonly number[] {
  return Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
}

/** Every tick that a window tells of: from its first possible tick to just before the next word's first. */
export function knownTicks({ lowest, highest }: WordWindow, tickSpacing: number) {
  return {
    lower: Math.max(lowest * ticksPerWord * tickSpacing, MIN_TICK),
    upper: Math.min((highest + 1) * ticksPerWord * tickSpacing - 1, MAX_TICK),
  };
}

/** The bits that are set in a word, ascending. */
export function bitsOf(word: bigint): readonly number[] {
  const bits: number[] = [];
  for (let rest = word, bit = 0; rest !== 0n; rest >>= 1n, bit++) {
    if ((rest & 1n) === 1n) bits.push(bit);
  }
  return bits;
}

/** The ticks that the bits of a word stand for. */
export function ticksOfBits(
  position: number,
  bits: readonly number[],
  tickSpacing: number,
): readonly number[] {
  return bits.map((bit) => (position * ticksPerWord + bit) * tickSpacing);
}
