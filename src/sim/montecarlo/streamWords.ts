const WORD = (1n << 64n) - 1n;
/** Streams of one batch: one for each of two paths side by side. */
const LANES = 2;

/**
 * The generator's state at the start of a batch of paths, which depends on seed and batch alone: two words of 64 bits for
 * each of two lanes, first words first. Filled by splitmix64 (G. Steele, D. Lea and C. Flood, 2014).
 *
 * @param seed a whole number
 */
export function streamWords(seed: number, batch: number): readonly bigint[] {
  let filler = mixed((BigInt(seed) & WORD) ^ mixed(BigInt(batch) + 1n));
  const next = () => {
    filler = (filler + 0x9e3779b97f4a7c15n) & WORD;
    return mixed(filler);
  };
  return Array.from({ length: 2 * LANES }, next);
}

function mixed(word: bigint): bigint {
  let bits = word;
  bits = ((bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n) & WORD;
  bits = ((bits ^ (bits >> 27n)) * 0x94d049bb133111ebn) & WORD;
  return bits ^ (bits >> 31n);
}

/** Words of 64 bits from one state on: xorshift128+ (S. Vigna, 2017), as upper 52 bits over 2^52, from 0 to below 1. */
export function fractions(first: bigint, second: bigint): () => number {
  let [aHigh, aLow] = halves(first);
  let [bHigh, bLow] = halves(second);
  return () => {
    let high = aHigh ^ ((aHigh << 23) | (aLow >>> 9));
    let low = aLow ^ (aLow << 23);
    [aHigh, aLow] = [bHigh, bLow];
    const [shiftedHigh, shiftedLow] = [high >>> 17, (low >>> 17) | (high << 15)];
    high ^= bHigh ^ shiftedHigh ^ (bHigh >>> 26);
    low ^= bLow ^ shiftedLow ^ ((bLow >>> 26) | (bHigh << 6));
    [bHigh, bLow] = [high, low];
    const sumLow = (aLow >>> 0) + (bLow >>> 0);
    const sumHigh = ((aHigh >>> 0) + (bHigh >>> 0) + (sumLow > 0xffffffff ? 1 : 0)) >>> 0;
    return (sumHigh * 2 ** 20 + ((sumLow >>> 0) >>> 12)) / 2 ** 52;
  };
}

function halves(word: bigint): [number, number] {
  return [Number(word >> 32n) | 0, Number(word & 0xffffffffn) | 0];
}
