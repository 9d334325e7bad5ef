import { CorruptDataError } from '../../core/errors.ts';
import type { Call, CallResult } from '../../core/read.ts';
import type { Address, Hex } from '../../core/units.ts';
import { DIGITS_PER_WORD, offsetAt, smallAt } from './words.ts';

/** Where Multicall3 lives on nearly every chain. */
export const MULTICALL3: Address = '0xca11bde05977b3631167028862be2a173976ca11';

/** `aggregate3((address target, bool allowFailure, bytes callData)[])`. */
const aggregate3Selector = '0x82ad56cb';
const word = (value: number) => value.toString(16).padStart(DIGITS_PER_WORD, '0');
const wordOf32 = word(32);
const wordOf96 = word(96);
const wordOfTrue = word(1);

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
    const padded = data.slice(2).padEnd(Math.ceil(bytes / 32) * DIGITS_PER_WORD, '0');
    offsets.push(word(offset));
    tuples.push(to.slice(2).padStart(DIGITS_PER_WORD, '0'), wordOfTrue, wordOf96, word(bytes), padded);
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
 * The results in an answer of `aggregate3`. Only the frame around them is decoded; each result's own data stays a slice of
 * the answer until its read decodes it.
 *
 * @throws CorruptDataError when an offset or a length points outside the answer, or the number of results is not `count`
 */
export function decodeAggregate3(answer: Hex, count: number): CallResult[] {
  const digits = answer.slice(2);
  if (digits.length % 2 !== 0) {
    throw new CorruptDataError('multicall answer', `${digits.length} digits`, 'whole bytes');
  }
  const list = 2 * offsetAt(digits, 0);
  const found = smallAt(digits, list);
  if (found !== count) throw new CorruptDataError('multicall results', found, `${count} results`);
  const results: CallResult[] = new Array(count);
  const heads = list + DIGITS_PER_WORD;
  for (let index = 0; index < count; index++) {
    results[index] = resultAt(digits, heads + 2 * offsetAt(digits, heads + DIGITS_PER_WORD * index));
  }
  return results;
}

function resultAt(digits: string, head: number): CallResult {
  const success = smallAt(digits, head);
  if (success > 1) throw new CorruptDataError('multicall success flag', success, '0 or 1');
  const tail = head + 2 * offsetAt(digits, head + DIGITS_PER_WORD);
  const start = tail + DIGITS_PER_WORD;
  const end = start + 2 * smallAt(digits, tail);
  if (end > digits.length) {
    throw new CorruptDataError('multicall result length', end / 2, `at most ${digits.length / 2}`);
  }
  return { ok: success === 1, data: `0x${digits.slice(start, end)}` };
}
