import fc from 'fast-check';
import { type Abi, encodeFunctionData, encodeFunctionResult, type Hex, parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { functionCodec } from '../../../../src/adapters/chain/codec.ts';
import { CorruptDataError, InvalidInputError } from '../../../../src/core/errors.ts';

const codecFor = (
  signature: string,
  count: number,
): { abi: Abi; codec: ReturnType<typeof functionCodec> } => {
  const abi: Abi = parseAbi([signature]);
  return { abi, codec: functionCodec(abi, 'f', count) };
};

const anyWidth = fc.integer({ min: 1, max: 32 }).map((bytes) => bytes * 8);
const typed = (value: bigint, bits: number) => (bits <= 48 ? Number(value) : value);

describe('functions whose parts are single words', () => {
  it('encode every integer as the general encoder does', () => {
    const cases = anyWidth.chain((bits) =>
      fc.tuple(
        fc.constant(bits),
        fc.bigInt(0n, (1n << BigInt(bits)) - 1n),
        fc.bigInt(-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n),
      ),
    );
    fc.assert(
      fc.property(cases, fc.boolean(), ([bits, unsigned, signed], flag) => {
        const signature = `function f(uint${bits}, int${bits}, bool, address) view returns (uint256)`;
        const { abi, codec } = codecFor(signature, 4);
        const args = [
          typed(unsigned, bits),
          typed(signed, bits),
          flag,
          '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
        ];
        expect(codec.encode(args)).toBe(encodeFunctionData({ abi, functionName: 'f', args }));
        const returning = codecFor(`function f() view returns (uint${bits}, int${bits}, bool, bytes32)`, 0);
        const result = [typed(unsigned, bits), typed(signed, bits), flag, `0x${'ab'.repeat(32)}`];
        const data = encodeFunctionResult({ abi: returning.abi, functionName: 'f', result });
        expect(returning.codec.decode(data)).toEqual(result);
      }),
    );
  });

  it.each([
    ['a uint8 of 256', 'uint8', 256n.toString(16).padStart(64, '0')],
    ['a uint160 with a high bit', 'uint160', `1${'0'.repeat(63)}`],
    ['an int24 beyond its range', 'int24', (1n << 23n).toString(16).padStart(64, '0')],
    ['an int24 with wrong sign bits', 'int24', `0f${'f'.repeat(62)}`],
    ['a bool of 2', 'bool', '2'.padStart(64, '0')],
    ['an address with high bytes', 'address', 'f'.repeat(64)],
  ])('refuse %s', (_, type, word) => {
    const { codec } = codecFor(`function f() view returns (${type})`, 0);
    expect(() => codec.decode(`0x${word}`)).toThrow(CorruptDataError);
  });

  it.each(['uint8', 'uint24', 'uint256', 'int24', 'int256', 'bool', 'address', 'bytes32'])(
    'refuse digits that are none in a word of %s',
    (type) => {
      const { codec } = codecFor(`function f() view returns (${type})`, 0);
      for (const position of [0, 20, 40, 55, 62, 63]) {
        const word = `${'0'.repeat(position)}g${'0'.repeat(63 - position)}`;
        expect(() => codec.decode(`0x${word}`), `digit ${position}`).toThrow(CorruptDataError);
      }
    },
  );

  it.each([31, 33, 64])('refuse an answer of %i bytes where one word is due', (bytes) => {
    const { codec } = codecFor('function f() view returns (uint256)', 0);
    expect(() => codec.decode(`0x${'00'.repeat(bytes)}` as Hex)).toThrow(CorruptDataError);
  });

  it('refuse an argument that does not fit its type', () => {
    const { codec } = codecFor('function f(uint8) view returns (uint256)', 1);
    expect(() => codec.encode([256])).toThrow(InvalidInputError);
  });

  it('encode 32 bytes as the general encoder does, and refuse fewer', () => {
    const { abi, codec } = codecFor('function f(bytes32, int24) view returns (uint256)', 2);
    const args = [`0x${'aB'.repeat(32)}`, -5];
    expect(codec.encode(args)).toBe(encodeFunctionData({ abi, functionName: 'f', args }));
    expect(() => codec.encode([`0x${'ab'.repeat(31)}`, -5])).toThrow(InvalidInputError);
  });
});

describe('functions that give lists of words and groups of them', () => {
  const signature =
    'function f() view returns ((address[] owners, uint256[] amounts, bool open, int24[] ticks) vault, uint256 kind, uint64[] times)';
  const address = fc
    .bigInt(0n, (1n << 160n) - 1n)
    .map((value) => `0x${value.toString(16).padStart(40, '0')}`);
  const amount = fc.bigInt(0n, (1n << 256n) - 1n);
  const result = fc.tuple(
    fc.record({
      owners: fc.array(address, { maxLength: 5 }),
      amounts: fc.array(amount, { maxLength: 5 }),
      open: fc.boolean(),
      ticks: fc.array(fc.integer({ min: -887_272, max: 887_272 }), { maxLength: 5 }),
    }),
    amount,
    fc.array(fc.bigInt(0n, (1n << 64n) - 1n), { maxLength: 3 }),
  );
  const { abi, codec } = codecFor(signature, 0);
  const encoded = (value: unknown) =>
    encodeFunctionResult({ abi, functionName: 'f', result: value as never });

  it('decode as the general encoder encoded', () => {
    fc.assert(
      fc.property(result, (value) => {
        expect(codec.decode(encoded(value))).toEqual(value);
      }),
    );
  });

  it('give all of it or an error when words are changed or cut off, never anything else', () => {
    const word = fc.oneof(
      fc.constant('f'.repeat(64)),
      fc.constant('0'.repeat(64)),
      fc.integer({ min: 0, max: 4_096 }).map((small) => small.toString(16).padStart(64, '0')),
    );
    fc.assert(
      fc.property(result, fc.nat(40), word, fc.nat(40), (value, place, other, cut) => {
        const words = encoded(value).slice(2).match(/.{64}/g) ?? [];
        words[place % words.length] = other;
        const data: Hex = `0x${words.slice(0, words.length - (cut % words.length)).join('')}`;
        try {
          expect(codec.decode(data)).toHaveLength(3);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptDataError);
        }
      }),
    );
  });
});

describe('other functions', () => {
  it('go through the general encoder and decoder', () => {
    const { abi, codec } = codecFor('function f(uint256[]) view returns (string, uint256[])', 1);
    expect(codec.encode([[1n, 2n]])).toBe(encodeFunctionData({ abi, functionName: 'f', args: [[1n, 2n]] }));
    const data = encodeFunctionResult({ abi, functionName: 'f', result: ['hello', [3n]] });
    expect(codec.decode(data)).toEqual(['hello', [3n]]);
  });

  it('refuse malformed data', () => {
    const { codec } = codecFor('function f() view returns (string)', 0);
    expect(() => codec.decode(`0x${'ff'.repeat(32)}`)).toThrow(CorruptDataError);
  });

  it('have to be in the ABI exactly once', () => {
    const abi: Abi = parseAbi(['function f(uint256) view', 'function f(address) view']);
    expect(() => functionCodec(abi, 'f', 1)).toThrow(InvalidInputError);
    expect(() => functionCodec(abi, 'g', 0)).toThrow(InvalidInputError);
  });
});
