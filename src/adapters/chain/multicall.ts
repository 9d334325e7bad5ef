import type { Call } from '../../core/read.ts';
import type { Address, Hex } from '../../core/units.ts';
import { DIGITS_PER_WORD } from './words.ts';

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
