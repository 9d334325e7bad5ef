import fc from 'fast-check';
import { encodeFunctionResult, type Hex, slice } from 'viem';
import { describe, expect, it } from 'vitest';
import { multicall3Abi } from '../../../../abis/multicall3.ts';
import {
  type AggregateAnswer,
  decodeAggregate3 as decode,
} from '../../../../src/adapters/chain/aggregateAnswer.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';

const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => `0x${Buffer.from(array).toString('hex')}` as Hex);
const result = fc.record({ success: fc.boolean(), returnData: bytes });
const results = fc.array(result, { maxLength: 12 });

interface Result {
  readonly success: boolean;
  readonly returnData: Hex;
}

const encodedResults = (list: readonly Result[]) =>
  encodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', result: [...list] });

const decodeAggregate3 = (answer: Hex, count: number, before: AggregateAnswer | null = null) =>
  decode(Buffer.from(answer), count, before);

/** What decoding comes to: the results, or that it refuses. */
const outcomeOf = (read: () => AggregateAnswer) => {
  try {
    return read().results;
  } catch (error) {
    expect(error).toBeInstanceOf(CorruptDataError);
    return 'refused';
  }
};

describe('an answer of aggregate3', () => {
  it('is decoded to what the general encoder wrote', () => {
    fc.assert(
      fc.property(results, (list) => {
        const expected = list.map(({ success, returnData }) => ({ ok: success, data: returnData }));
        expect(decodeAggregate3(encodedResults(list), list.length).results).toEqual(expected);
      }),
    );
  });

  it('refuses an answer with another number of results', () => {
    expect(() => decodeAggregate3(encodedResults([]), 1)).toThrow(CorruptDataError);
  });

  it('refuses an answer cut off anywhere', () => {
    const whole = encodedResults([
      { success: true, returnData: '0x1234' },
      { success: false, returnData: '0x' },
    ]);
    // The last result is empty: everything up to the end of its length word is needed.
    for (let end = 0; end < (whole.length - 2) / 2; end++) {
      const cut = end === 0 ? '0x' : slice(whole, 0, end);
      expect(() => decodeAggregate3(cut, 2), `cut at ${end}`).toThrow(CorruptDataError);
    }
  });

  it('never reads outside an answer whatever a word says', () => {
    const whole = encodedResults([{ success: true, returnData: '0x1234' }]);
    const words = (whole.length - 2) / 64;
    fc.assert(
      fc.property(fc.nat(words - 1), fc.bigInt(0n, (1n << 256n) - 1n), (position, value) => {
        const at = 2 + 64 * position;
        const word = value.toString(16).padStart(64, '0');
        const changed = `${whole.slice(0, at)}${word}${whole.slice(at + 64)}` as Hex;
        try {
          for (const { data } of decodeAggregate3(changed, 1).results)
            expect(whole.length).toBeGreaterThanOrEqual(data.length);
        } catch (error) {
          expect(error).toBeInstanceOf(CorruptDataError);
        }
      }),
    );
  });

  it('refuses lengths and offsets with a digit that is none', () => {
    const whole = encodedResults([{ success: true, returnData: '0x1234' }]);
    // List, length, place of the result, its flag, place and length of its data; then comes the data itself.
    for (let position = 2; position < 2 + 6 * 64; position++) {
      const changed = `${whole.slice(0, position)}g${whole.slice(position + 1)}` as Hex;
      expect(() => decodeAggregate3(changed, 1), `digit ${position}`).toThrow(CorruptDataError);
    }
  });
});

describe('an answer beside the one before', () => {
  /** Some of the results replaced by others. */
  const successive = results.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.tuple(...list.map((one) => fc.oneof({ weight: 3, arbitrary: fc.constant(one) }, result))),
    ),
  );

  it('has the very same objects where results say the same, and reads as it does alone', () => {
    let shared = 0;
    fc.assert(
      fc.property(successive, ([first, second]) => {
        const before = decodeAggregate3(encodedResults(first), first.length);
        const answer = encodedResults(second);
        const after = decodeAggregate3(answer, second.length, before);
        expect(after).toEqual(decodeAggregate3(answer, second.length));
        const isOfOneForm = second.every(
          ({ returnData }, index) => returnData.length === first[index]!.returnData.length,
        );
        if (!isOfOneForm) return;
        for (const [index, one] of second.entries()) {
          if (first[index] !== one) continue;
          expect(after.results[index]).toBe(before.results[index]);
          shared += 1;
        }
      }),
    );
    expect(shared).toBeGreaterThan(0);
  });

  it('is compared with the newest, however many blocks have passed', () => {
    fc.assert(
      fc.property(fc.array(results, { minLength: 1, maxLength: 6 }), (blocks) => {
        let before: AggregateAnswer | null = null;
        for (const list of blocks) {
          const after: AggregateAnswer = decodeAggregate3(encodedResults(list), list.length, before);
          expect(after.results).toEqual(
            list.map(({ success, returnData }) => ({ ok: success, data: returnData })),
          );
          before = after;
        }
      }),
    );
  });

  it('is refused or read as it is alone whatever words of it or of the one before are changed', () => {
    const change = fc.record({
      at: fc.nat(),
      value: fc.oneof(fc.bigInt(0n, 800n), fc.bigInt(0n, (1n << 256n) - 1n)),
    });
    const changed = (whole: Hex, changes: readonly { at: number; value: bigint }[]) =>
      changes.reduce((text, { at, value }) => {
        const start = 2 + 64 * (at % ((whole.length - 2) / 64));
        return `${text.slice(0, start)}${value.toString(16).padStart(64, '0')}${text.slice(start + 64)}` as Hex;
      }, whole);
    const few = fc.array(change, { maxLength: 2 });
    fc.assert(
      fc.property(successive, few, few, ([first, second], early, late) => {
        const count = first.length;
        const answer = changed(encodedResults(second), late);
        let before: AggregateAnswer | null = null;
        outcomeOf(() => {
          before = decodeAggregate3(changed(encodedResults(first), early), count);
          return before;
        });
        const beside = outcomeOf(() => decodeAggregate3(answer, count, before));
        expect(beside).toEqual(outcomeOf(() => decodeAggregate3(answer, count)));
      }),
      { numRuns: 500 },
    );
  });
});
