import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJournaled, encodeJournaled } from '../../../../src/adapters/stores/internal/canonicalJson.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';

const key = fc.oneof(fc.string(), fc.constantFrom('$bigint', '$number', '$$bigint', '$', '__proto__', '1'));
const { tree: data } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.string(),
    fc.array(tie('tree')),
    fc.dictionary(key, tie('tree')),
  ),
}));

describe('journal text', () => {
  it('gives back exactly what was written', () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(decodeJournaled(encodeJournaled(value))).toStrictEqual(normal(value));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the same text for the same data, whatever the order of its keys', () => {
    expect(encodeJournaled({ b: 1n, a: [{ d: 2, c: 3 }] })).toBe(
      encodeJournaled({ a: [{ c: 3, d: 2 }], b: 1n }),
    );
  });

  it('keeps integers that a double cannot hold, and doubles that JSON does not have', () => {
    const value = { raw: 2n ** 53n + 1n, none: Number.NaN, far: Number.NEGATIVE_INFINITY, zero: -0 };
    expect(encodeJournaled(value)).toBe(
      '{"far":{"$number":"-Infinity"},"none":{"$number":"NaN"},"raw":{"$bigint":"9007199254740993"},"zero":{"$number":"-0"}}',
    );
    expect(decodeJournaled(encodeJournaled(value))).toStrictEqual(value);
  });

  it('tells data that looks like a tag from a tag', () => {
    const value = { $bigint: '12', $number: { $bigint: 1n } };
    expect(decodeJournaled(encodeJournaled(value))).toStrictEqual(value);
  });

  it('leaves out what is undefined and refuses what is not data', () => {
    expect(encodeJournaled({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(() => encodeJournaled([undefined])).toThrow(CorruptDataError);
    expect(() => encodeJournaled({ run: () => 1 })).toThrow(CorruptDataError);
    expect(() => decodeJournaled('{"half":')).toThrow(CorruptDataError);
  });
});

/** Objects with a plain prototype, as decoding makes them. */
function normal(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(normal);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, normal(inner)]));
}
