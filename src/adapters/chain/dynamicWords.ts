import type { AbiParameter } from 'viem';
import { CorruptDataError } from '../../core/errors.ts';
import { DIGITS_PER_WORD, offsetAt, smallAt, wordAt } from './words.ts';

/** Decodes one word of 64 digits; undefined where it is no value of the type. */
export type WordDecoder = (word: string) => unknown;

/** Decodes a value whose place is told by an offset: `start` is the digit where it begins. */
type TailDecoder = (digits: string, start: number) => unknown;

type Part =
  | { readonly isDynamic: false; readonly decode: WordDecoder }
  | { readonly isDynamic: true; readonly decode: TailDecoder };

/**
 * A decoder of outputs that are words, lists of words, or named groups of those, as general ABI decoders give them; null
 * for anything else. Offsets and lengths are checked against the data.
 *
 * @param wordOf the decoder of a type that is one word, null for any other
 */
export function dynamicDecoder(
  outputs: readonly AbiParameter[],
  wordOf: (parameter: AbiParameter) => WordDecoder | null,
): ((digits: string) => unknown) | null {
  const parts = partsOf(outputs, wordOf);
  if (parts === null) return null;
  return (digits) => {
    const values = parts.map((part, index) => valueAt(part, digits, 0, index));
    return values.length === 1 ? values[0] : values;
  };
}

function partsOf(
  parameters: readonly AbiParameter[],
  wordOf: (parameter: AbiParameter) => WordDecoder | null,
): readonly Part[] | null {
  const parts = parameters.map((parameter) => partOf(parameter, wordOf));
  return parts.includes(null) ? null : (parts as readonly Part[]);
}

function partOf(
  parameter: AbiParameter,
  wordOf: (parameter: AbiParameter) => WordDecoder | null,
): Part | null {
  const word = wordOf(parameter);
  if (word !== null) return { isDynamic: false, decode: word };
  if (parameter.type === 'tuple') return groupOf(parameter, wordOf);
  if (!parameter.type.endsWith('[]')) return null;
  const element = wordOf({ ...parameter, type: parameter.type.slice(0, -2) });
  if (element === null) return null;
  return {
    isDynamic: true,
    decode: (digits, start) => {
      const count = smallAt(digits, start);
      const first = start + DIGITS_PER_WORD;
      // The length is checked before a list of it is made.
      wordAt(digits, first + DIGITS_PER_WORD * (count - 1));
      return Array.from({ length: count }, (_, index) => decoded(element, digits, first, index));
    },
  };
}

/** A group is followed by an offset where one of its parts is; others are rare and left to the general decoder. */
function groupOf(
  parameter: AbiParameter,
  wordOf: (parameter: AbiParameter) => WordDecoder | null,
): Part | null {
  const components = 'components' in parameter ? parameter.components : [];
  const parts = partsOf(components, wordOf);
  const names = components.map(({ name }) => name);
  if (parts === null || !parts.some(({ isDynamic }) => isDynamic) || names.some((name) => !name)) return null;
  return {
    isDynamic: true,
    decode: (digits, start) =>
      Object.fromEntries(parts.map((part, index) => [names[index], valueAt(part, digits, start, index)])),
  };
}

/** The value at a place in the head that starts at `start`. */
function valueAt(part: Part, digits: string, start: number, index: number): unknown {
  if (!part.isDynamic) return decoded(part.decode, digits, start, index);
  return part.decode(digits, start + 2 * offsetAt(digits, start + DIGITS_PER_WORD * index));
}

function decoded(decode: WordDecoder, digits: string, start: number, index: number): unknown {
  const word = wordAt(digits, start + DIGITS_PER_WORD * index);
  const value = decode(word);
  if (value === undefined) throw new CorruptDataError(`value ${index}`, `0x${word}`, 'a value of its type');
  return value;
}
