import { CorruptDataError } from '../../core/errors.ts';
import type { Call, CallResult } from '../../core/read.ts';
import type { Address, Hex } from '../../core/units.ts';

/** Where Multicall3 lives on nearly every chain. */
export const MULTICALL3: Address = '0xca11bde05977b3631167028862be2a173976ca11';

/** `aggregate3((address target, bool allowFailure, bytes callData)[])`. */
const aggregate3Selector = '0x82ad56cb';
const word = (value: number) => value.toString(16).padStart(64, '0');
const wordOf32 = word(32);
const wordOf96 = word(96);
const wordOfTrue = word(1);
/** Hexadecimal digits in a word. */
const digits = 64;

/** Calldata bytes that one call takes up inside `aggregate3`. */
export function encodedBytes(call: Call): number {
  const dataBytes = (call.data.length - 2) / 2;
  return 32 * 5 + 32 * Math.ceil(dataBytes / 32);
}

/** Calldata of `aggregate3` for these calls, each allowed to fail without failing the others. */
export function encodeAggregate3(calls: readonly Call[]): Hex {
  const offsets: string[] = [];
  const tuples: string[] = [];
  let offset = 32 * calls.length;
  for (const { to, data } of calls) {
    const bytes = (data.length - 2) / 2;
    const padded = data.slice(2).padEnd(Math.ceil(bytes / 32) * digits, '0');
    offsets.push(word(offset));
    tuples.push(to.slice(2).padStart(digits, '0'), wordOfTrue, wordOf96, word(bytes), padded);
    offset += 32 * 4 + padded.length / 2;
  }
  return `${aggregate3Selector}${wordOf32}${word(calls.length)}${offsets.join('')}${tuples.join('')}`;
}

/**
 * As {@link encodeAggregate3}, keeping the last `kept` rounds: in steady state every block asks the same calls, and
 * comparing them is cheaper than encoding them.
 */
export function encodeAndKeep(kept: number): (calls: readonly Call[]) => Hex {
  const rounds: { readonly calls: readonly Call[]; readonly data: Hex }[] = [];
  return (calls) => {
    const found = rounds.find((round) => sameCalls(round.calls, calls));
    if (found) return found.data;
    const data = encodeAggregate3(calls);
    rounds.unshift({ calls, data });
    rounds.length = Math.min(rounds.length, kept);
    return data;
  };
}

function sameCalls(some: readonly Call[], others: readonly Call[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ to, data }, index) => {
      const other = others[index] as Call;
      return data === other.data && to === other.to;
    })
  );
}

/**
 * The results in an answer of `aggregate3`. The head of every result is read from bytes that are decoded once; the
 * result's own data stays a slice of the answer until its read decodes it.
 *
 * @throws CorruptDataError when an offset or a length points outside the answer, or the number of results is not `count`
 */
export function decodeAggregate3(answer: Hex, count: number): CallResult[] {
  const bytes = Uint8Array.from(Buffer.from(answer.slice(2), 'hex'));
  if (bytes.length * 2 !== answer.length - 2) {
    throw new CorruptDataError('multicall answer', 'other digits', 'whole hexadecimal bytes');
  }
  const quarters = new Uint32Array(bytes.buffer, 0, bytes.length >> 2);
  // The words of the answer's frame are lengths and offsets of whole words: small, and on a word's edge themselves.
  const smallAt = (position: number): number => {
    if (position % 32 !== 0 || position + 32 > bytes.length) {
      throw new CorruptDataError('multicall offset', position, `a multiple of 32 below ${bytes.length}`);
    }
    const at = position >> 2;
    const high =
      quarters[at]! |
      quarters[at + 1]! |
      quarters[at + 2]! |
      quarters[at + 3]! |
      quarters[at + 4]! |
      quarters[at + 5]! |
      quarters[at + 6]!;
    if (high !== 0 || bytes[position + 28]! > 0x7f)
      throw new CorruptDataError('multicall word', 'above 2^31', 'a length or offset');
    return (
      (bytes[position + 28]! << 24) |
      (bytes[position + 29]! << 16) |
      (bytes[position + 30]! << 8) |
      bytes[position + 31]!
    );
  };
  const list = smallAt(0);
  const found = smallAt(list);
  if (found !== count) throw new CorruptDataError('multicall results', found, `${count} results`);
  const results: CallResult[] = new Array(count);
  const heads = list + 32;
  for (let index = 0; index < count; index++) {
    const head = heads + smallAt(heads + 32 * index);
    const success = smallAt(head);
    if (success > 1) throw new CorruptDataError('multicall success flag', success, '0 or 1');
    const tail = head + smallAt(head + 32);
    const start = tail + 32;
    const end = start + smallAt(tail);
    if (end > bytes.length)
      throw new CorruptDataError('multicall result length', end, `at most ${bytes.length}`);
    results[index] = { ok: success === 1, data: `0x${answer.slice(2 + 2 * start, 2 + 2 * end)}` };
  }
  return results;
}
