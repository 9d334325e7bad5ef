import { CorruptDataError } from '../../core/errors.ts';
import type { CallResult } from '../../core/read.ts';
import { DIGITS_PER_WORD, offsetAt, PREFIX_LENGTH, smallAt } from './words.ts';

/** An answer of `aggregate3`, with where each result stands in its digits. */
export interface AggregateAnswer {
  readonly results: readonly CallResult[];
  /** `0x` and digits, ASCII. */
  readonly answer: Buffer;
  /** Digit at which each result begins, and the one behind it. */
  readonly places: readonly Place[];
  /** Whether results follow one upon the other, each all in one piece, as every compiler of Solidity writes them. */
  readonly isInOrder: boolean;
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/**
 * The results in an answer of `aggregate3`. Only the frame around them is decoded; each result's own data stays a slice of
 * the answer until its read decodes it. Results that stand where they stood in the answer before and say the same are the very
 * same objects: what differs is found by halves, so that a block in which little happened costs next to nothing.
 *
 * @param answer `0x` and digits, ASCII
 * @param before an answer to the same calls
 * @throws CorruptDataError when an offset or a length points outside the answer, or the number of results is not `count`
 */
export function decodeAggregate3(
  answer: Buffer,
  count: number,
  before: AggregateAnswer | null = null,
): AggregateAnswer {
  if (answer.length % 2 !== 0) {
    throw new CorruptDataError('multicall answer', `${answer.length - PREFIX_LENGTH} digits`, 'whole bytes');
  }
  return (before && decodeDifferences(answer, count, before)) ?? decodeWhole(answer, count);
}

function decodeWhole(answer: Buffer, count: number): AggregateAnswer {
  const digits = answer.toString('latin1', PREFIX_LENGTH);
  const list = 2 * offsetAt(digits, 0);
  const found = smallAt(digits, list);
  if (found !== count) throw new CorruptDataError('multicall results', found, `${count} results`);
  const results: CallResult[] = new Array(count);
  const places: Place[] = new Array(count);
  const heads = list + DIGITS_PER_WORD;
  let behind = heads + DIGITS_PER_WORD * count;
  let isInOrder = true;
  for (let index = 0; index < count; index++) {
    const from = heads + 2 * offsetAt(digits, heads + DIGITS_PER_WORD * index);
    const { result, tail, to } = resultAt(digits, from);
    results[index] = result;
    places[index] = { from, to };
    isInOrder &&= from >= behind && tail > from;
    behind = to;
  }
  return { results, answer, places, isInOrder };
}

/** Null where the frame differs, so that results may stand elsewhere. */
function decodeDifferences(answer: Buffer, count: number, before: AggregateAnswer): AggregateAnswer | null {
  const { places } = before;
  const isComparable = before.isInOrder && places.length === count && before.answer.length === answer.length;
  const [first] = places;
  if (!isComparable || first === undefined) return null;
  const isSame = (from: number, to: number) =>
    answer.compare(
      before.answer,
      from + PREFIX_LENGTH,
      to + PREFIX_LENGTH,
      from + PREFIX_LENGTH,
      to + PREFIX_LENGTH,
    ) === 0;
  if (!isSame(0, first.from)) return null;
  const results = [...before.results];
  /** False where a result has another length. */
  const decodeChanged = (low: number, high: number): boolean => {
    const { from } = places[low] as Place;
    const { to } = places[high - 1] as Place;
    if (isSame(from, to)) return true;
    if (high - low > 1) {
      const middle = (low + high) >>> 1;
      return decodeChanged(low, middle) && decodeChanged(middle, high);
    }
    // Where its own offset or length leads beyond these digits, it has another length too.
    const now = resultIn(answer.toString('latin1', from + PREFIX_LENGTH, to + PREFIX_LENGTH));
    if (now !== null) results[low] = now;
    return now !== null;
  };
  return decodeChanged(0, count) ? { ...before, results, answer } : null;
}

/** A result that takes up all of some digits; null where it does not. */
function resultIn(digits: string): CallResult | null {
  try {
    const { result, tail, to } = resultAt(digits, 0);
    return to === digits.length && tail > 0 ? result : null;
  } catch (error) {
    if (error instanceof CorruptDataError) return null;
    throw error;
  }
}

function resultAt(digits: string, head: number): { result: CallResult; tail: number; to: number } {
  const success = smallAt(digits, head);
  if (success > 1) throw new CorruptDataError('multicall success flag', success, '0 or 1');
  const tail = head + 2 * offsetAt(digits, head + DIGITS_PER_WORD);
  const start = tail + DIGITS_PER_WORD;
  const to = start + 2 * smallAt(digits, tail);
  if (to > digits.length) {
    throw new CorruptDataError('multicall result length', to / 2, `at most ${digits.length / 2}`);
  }
  return { result: { ok: success === 1, data: `0x${digits.slice(start, to)}` }, tail, to };
}
