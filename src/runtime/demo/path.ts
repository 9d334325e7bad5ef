/** A point that the path goes through: after so many blocks, at this price relative to the start. */
interface Anchor {
  readonly block: number;
  readonly relative: number;
  /** Size of the noise around the line to this anchor, as a share of the price. */
  readonly noise: number;
  /** Size of the waves around it, the same. */
  readonly wave: number;
}

/** A fall of 12 %, chop at the bottom, and a rebound to 9 % below the start. */
const ANCHORS: readonly Anchor[] = [
  { block: 0, relative: 1, noise: 0, wave: 0 },
  { block: 6, relative: 0.998, noise: 0.001, wave: 0 },
  { block: 32, relative: 0.88, noise: 0.0015, wave: 0 },
  { block: 56, relative: 0.885, noise: 0.0015, wave: 0.011 },
  { block: 68, relative: 0.91, noise: 0.0015, wave: 0 },
  { block: 72, relative: 0.91, noise: 0.0005, wave: 0 },
];
const WAVE_BLOCKS = 12;

/** Blocks of the demo's path. */
export const PATH_BLOCKS = 72;

/** Numbers between 0 and 1 from a seed; the same seed gives the same numbers (mulberry32, T. Ettinger, 2017). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The demo's market: the price at each block, quote per base.
 *
 * @param start price before the first block
 */
export function demoPath(start: number, seed: number): readonly number[] {
  const random = seededRandom(seed);
  return Array.from({ length: PATH_BLOCKS }, (_, index) => {
    const block = index + 1;
    const to = ANCHORS.findIndex((anchor) => anchor.block >= block);
    const [from, next] = [ANCHORS[to - 1] as Anchor, ANCHORS[to] as Anchor];
    const done = (block - from.block) / (next.block - from.block);
    const line = from.relative + (next.relative - from.relative) * done;
    const isAnchor = block === next.block;
    const noise = (random() * 2 - 1) * next.noise;
    const wave = Math.sin(((block - from.block) / WAVE_BLOCKS) * 2 * Math.PI) * next.wave;
    const aside = isAnchor ? 0 : noise + wave;
    return Math.round(start * line * (1 + aside) * 100) / 100;
  });
}
