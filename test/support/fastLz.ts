/** Positions remembered by the hash of the three bytes that stand there. */
const TABLE_BITS = 13;
/** Knuth's multiplier: 2^32 over the golden ratio. */
const MULTIPLIER = 2_654_435_769;
const FARTHEST = 2 ** TABLE_BITS - 1;
/** So many bytes at the end are never looked for, and the last four of them never matched. */
const TAIL = 13;
const UNMATCHED_TAIL = 4;
const LONGEST_LITERALS = 32;
const LONGEST_MATCH = 262;
const SHORT_MATCH = 6;

/** Bytes that a run of literals takes: itself and one byte before every 32 of them. */
function literalsLength(count: number): number {
  return count + Math.ceil(count / LONGEST_LITERALS);
}

/** Bytes that a match takes, by its length beyond the first three bytes. */
function matchLength(beyond: number): number {
  return 3 * Math.floor(beyond / LONGEST_MATCH) + (beyond % LONGEST_MATCH >= SHORT_MATCH ? 3 : 2);
}

/**
 * How many bytes FastLZ (level 1, Hidayat 2005) makes of some bytes, without making them: what OP-stack chains measure a
 * transaction's data by since Fjord (specs.optimism.io, 2024). Has to agree with them byte for byte.
 */
export function fastLzLength(bytes: Uint8Array): number {
  const table = new Uint32Array(2 ** TABLE_BITS);
  const limit = Math.max(0, bytes.length - TAIL);
  const end = bytes.length - UNMATCHED_TAIL;
  const at = (position: number) => bytes[position] ?? 0;
  const three = (position: number) => at(position) | (at(position + 1) << 8) | (at(position + 2) << 16);
  const slot = (value: number) => (Math.imul(MULTIPLIER, value) >>> (32 - TABLE_BITS)) & FARTHEST;
  let length = 0;
  let written = 0;
  let position = 2;
  while (position < limit) {
    const value = three(position);
    const hash = slot(value);
    const earlier = table[hash] ?? 0;
    table[hash] = position;
    if (position - earlier > FARTHEST || three(earlier) !== value) {
      position += 1;
      continue;
    }
    // What is found on the last position before the limit is remembered and not taken.
    if (position + 1 >= limit) break;
    length += literalsLength(position - written);
    let same = 3;
    while (position + same < end && at(earlier + same) === at(position + same)) same += 1;
    // A match that runs into the end gives its last byte back.
    const taken = position + same < end ? same : same - 1;
    length += matchLength(taken - 3);
    position += taken;
    table[slot(three(position - 2))] = position - 2;
    table[slot(three(position - 1))] = position - 1;
    written = position;
  }
  return length + literalsLength(bytes.length - written);
}
