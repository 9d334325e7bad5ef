import fc from 'fast-check';
import { type Address, encodeFunctionData, encodeFunctionResult, type Hex, slice } from 'viem';
import { describe, expect, it } from 'vitest';
import { multicall3Abi } from '../../../../abis/multicall3.ts';
import {
  decodeAggregate3,
  encodeAggregate3,
  encodedBytes,
} from '../../../../src/adapters/chain/multicall.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';

const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => `0x${Buffer.from(array).toString('hex')}` as Hex);
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((array) => `0x${Buffer.from(array).toString('hex')}` as Address);
const calls = fc.array(fc.record({ to: address, data: bytes }), { maxLength: 12 });
const results = fc.array(fc.record({ success: fc.boolean(), returnData: bytes }), { maxLength: 12 });

const encodedResults = (list: readonly { success: boolean; returnData: Hex }[]) =>
  encodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', result: [...list] });

describe('aggregate3', () => {
  it('is encoded byte for byte as the general encoder does', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const args = list.map(({ to, data }) => ({ target: to, allowFailure: true, callData: data }));
        const general = encodeFunctionData({ abi: multicall3Abi, functionName: 'aggregate3', args: [args] });
        expect(encodeAggregate3(list)).toBe(general);
      }),
    );
  });

  it('takes up the bytes that batches are cut by', () => {
    fc.assert(
      fc.property(calls, (list) => {
        const sum = list.reduce((total, one) => total + encodedBytes(one), 0);
        expect((encodeAggregate3(list).length - 2) / 2).toBe(4 + 64 + sum);
      }),
    );
  });

  it('is decoded to what the general encoder wrote', () => {
    fc.assert(
      fc.property(results, (list) => {
        const expected = list.map(({ success, returnData }) => ({ ok: success, data: returnData }));
        expect(decodeAggregate3(encodedResults(list), list.length)).toEqual(expected);
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
          for (const { data } of decodeAggregate3(changed, 1))
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
