import { InvalidInputError } from '../core/errors.ts';

/** Random numbers from one seed: the same seed and the same order of calls always give the same numbers. */
export interface RandomStream {
  /** Uniform, strictly between 0 and 1, 52 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** How often an event of the given mean happens. */
  poisson(mean: number): number;
  /** A whole number from 0 up to, not including, `count`. */
  index(count: number): number;
}

/** Means above this are drawn as a sum of smaller ones, since exp(-mean) would vanish. */
const MOST_POISSON_MEAN = 30;

/**
 * A stream of its own for every name, so that one more draw in one place does not shift the numbers of another.
 *
 * @param seed a whole number
 * @throws InvalidInputError when the seed is not a whole number
 * @example
 * const prices = randomStream(7, 'prices');
 * prices.normal();
 */
export function randomStream(seed: number, name: string): RandomStream {
  if (!Number.isSafeInteger(seed)) throw new InvalidInputError('seed', seed, 'a whole number');
  const next = words(seed, name);
  const uniform = () => ((next() >>> 6) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 52;
  let spare: number | null = null;
  const normal = () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const poisson = (mean: number): number => {
    if (mean > MOST_POISSON_MEAN) return poisson(MOST_POISSON_MEAN) + poisson(mean - MOST_POISSON_MEAN);
    const bound = Math.exp(-mean);
    let count = 0;
    for (let product = uniform(); product > bound; product *= uniform()) count += 1;
    return count;
  };
  return { uniform, normal, poisson, index: (count) => Math.floor(uniform() * count) };
}

/** 32-bit words: xoshiro128** (D. Blackman and S. Vigna, 2018), its state filled by splitmix32 from seed and name. */
function words(seed: number, name: string): () => number {
  let filler = hashOf(name) ^ (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b);
  const fill = () => {
    filler = (filler + 0x9e3779b9) | 0;
    let mixed = filler ^ (filler >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) | 0;
  };
  let [a, b, c, d] = [fill(), fill(), fill(), fill() | 1];
  return () => {
    const scrambled = Math.imul(rotated(Math.imul(b, 5), 7), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return scrambled >>> 0;
  };
}

const rotated = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/** FNV-1a, 32 bits. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash;
}
