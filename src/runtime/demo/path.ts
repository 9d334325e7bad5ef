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

/** Size of a step of the walk after the script, as a share of the price. */
const WALK = 0.0022;
/** How much of its distance from the script's end the walk gives up at each step, so that it stays around it. */
const PULL = 0.01;

/** The script, and after it a walk around its end for as long as somebody watches; the same for the same seed. */
export function* endlessPath(script: readonly number[], seed: number): Generator<number> {
  yield* script;
  const random = seededRandom(seed + 1);
  const end = script.at(-1) ?? 0;
  for (let price = end; ; ) {
    const step = (random() + random() + random() - 1.5) * 2 * WALK;
    price = Math.round((price + PULL * (end - price)) * (1 + step) * 100) / 100;
    yield price;
  }
}
