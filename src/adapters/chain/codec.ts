import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  decodeFunctionResult,
  encodeFunctionData,
  toFunctionSelector,
} from 'viem';
import { CorruptDataError, InvalidInputError } from '../../core/errors.ts';
import type { Hex } from '../../core/units.ts';
import { dynamicDecoder, type WordDecoder } from './dynamicWords.ts';
import { DIGITS_PER_WORD } from './words.ts';

/** One view function, ready to be encoded and decoded many times. */
export interface FunctionCodec {
  encode(args: readonly unknown[]): Hex;
  /** @throws CorruptDataError when the data is not what the ABI says */
  decode(data: Hex): unknown;
}

type WordEncoder = (value: unknown) => string;

/**
 * Prepares a function of an ABI. Functions whose parts are single words (most getters) take a path without a general
 * ABI decoder, which is an order of magnitude faster and also checks that every value fits its type.
 *
 * @throws InvalidInputError when the ABI has no such function, or more than one with that many arguments
 */
export function functionCodec(abi: Abi, name: string, argumentCount: number): FunctionCodec {
  const matching = abi.filter(
    (item): item is AbiFunction =>
      item.type === 'function' && item.name === name && item.inputs.length === argumentCount,
  );
  const [item] = matching;
  if (!item || matching.length > 1) {
    throw new InvalidInputError(
      'functionName',
      name,
      `one function with ${argumentCount} arguments in the ABI`,
    );
  }
  const selector = toFunctionSelector(item);
  const inputs = unlessMissing(item.inputs.map(wordEncoder));
  const outputs = unlessMissing(item.outputs.map(wordDecoder));
  return {
    encode: inputs
      ? (args) => inputs.reduce<Hex>((data, encode, index) => `${data}${encode(args[index])}`, selector)
      : // By its selector: found by its name, it would be hashed each time.
        (args) => encodeFunctionData({ abi: [item], functionName: selector, args }),
    decode: outputs ? (data) => decodeWords(name, outputs, data) : decodeListsOr(item),
  };
}

/** The parts, null where one of them is missing. */
function unlessMissing<T>(parts: readonly (T | null)[]): readonly T[] | null {
  return parts.includes(null) ? null : (parts as readonly T[]);
}

function decodeWords(name: string, outputs: readonly WordDecoder[], data: Hex): unknown {
  if (data.length !== 2 + DIGITS_PER_WORD * outputs.length) {
    throw new CorruptDataError(
      `answer of ${name}`,
      `${(data.length - 2) / 2} bytes`,
      `${32 * outputs.length} bytes`,
    );
  }
  const values = outputs.map((decode, index) => {
    const word = data.slice(2 + DIGITS_PER_WORD * index, 2 + DIGITS_PER_WORD * (index + 1));
    const value = decode(word);
    if (value === undefined)
      throw new CorruptDataError(`value ${index} of ${name}`, `0x${word}`, 'a value of its type');
    return value;
  });
  return values.length === 1 ? values[0] : values;
}

/** Lists and groups of words the short way, whatever else there is with the general decoder. */
function decodeListsOr(item: AbiFunction): (data: Hex) => unknown {
  const lists = dynamicDecoder(item.outputs, wordDecoder);
  return lists ? (data) => lists(data.slice(2)) : (data) => decodeAny(item, data);
}

function decodeAny(item: AbiFunction, data: Hex): unknown {
  try {
    return decodeFunctionResult({ abi: [item], data });
  } catch (cause) {
    throw new CorruptDataError(
      `answer of ${item.name}`,
      `${(data.length - 2) / 2} bytes`,
      'data of its type',
      { cause },
    );
  }
}

/** Integers up to this many bits come back as `number`, as in viem. */
const numberBits = 48;

/** Null for a type that is more than one word. */
function wordEncoder({ type }: AbiParameter): WordEncoder | null {
  if (type === 'address')
    return (value) => String(value).slice(2).toLowerCase().padStart(DIGITS_PER_WORD, '0');
  if (type === 'bool') return (value) => (value ? '1' : '0').padStart(DIGITS_PER_WORD, '0');
  if (type === 'bytes32') {
    return (value) => {
      if (!isWord.test(String(value)))
        throw new InvalidInputError('argument', value, 'a value of type bytes32');
      return String(value).slice(2);
    };
  }
  const integer = integerType(type);
  if (!integer) return null;
  return (value) => {
    const given = BigInt(value as bigint | number);
    const fits = integer.signed ? BigInt.asIntN(integer.bits, given) : BigInt.asUintN(integer.bits, given);
    if (fits !== given) throw new InvalidInputError('argument', given, `a value of type ${type}`);
    return BigInt.asUintN(256, given).toString(16).padStart(DIGITS_PER_WORD, '0');
  };
}

/** Null for a type that is more than one word; the decoder gives undefined where the word is no value of the type. */
function wordDecoder({ type }: AbiParameter): WordDecoder | null {
  if (type === 'address') return (word) => (isAddress.test(word) ? `0x${word.slice(24)}` : undefined);
  if (type === 'bool') return (word) => (isSmall(word) ? booleans[lowOf(word)] : undefined);
  if (type === 'bytes32') return (word) => (isHexadecimal.test(word) ? `0x${word}` : undefined);
  const integer = integerType(type);
  if (!integer) return null;
  const { signed, bits } = integer;
  if (!signed && bits <= numberBits) {
    return (word) => {
      const value = isSmall(word) ? lowOf(word) : Number.NaN;
      return value < 2 ** bits ? value : undefined;
    };
  }
  return (word) => {
    const unsigned = unsignedOf(word);
    if (unsigned === undefined) return undefined;
    const value = signed ? BigInt.asIntN(256, unsigned) : unsigned;
    if (value !== (signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value))) return undefined;
    return bits <= numberBits ? Number(value) : value;
  };
}

const booleans = [false, true];
const isAddress = /^0{24}[0-9a-f]{40}$/i;
const isHexadecimal = /^[0-9a-f]+$/i;
const isWord = /^0x[0-9a-f]{64}$/i;
const highZeros = '0'.repeat(DIGITS_PER_WORD - 12);

/** Whether a word is below 2^48. */
function isSmall(word: string): boolean {
  return word.startsWith(highZeros);
}

/** The last 48 bits; not a number where other digits are among them. */
function lowOf(word: string): number {
  return Number(`0x${word.slice(-12)}`);
}

function unsignedOf(word: string): bigint | undefined {
  try {
    return BigInt(`0x${word}`);
  } catch {
    return undefined;
  }
}

function integerType(type: string): { readonly signed: boolean; readonly bits: number } | null {
  const match = /^(u?)int(\d+)$/.exec(type);
  return match ? { signed: match[1] === '', bits: Number(match[2]) } : null;
}
