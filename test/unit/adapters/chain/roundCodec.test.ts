import { encodeFunctionResult, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { multicall3Abi } from '../../../../abis/multicall3.ts';
import { encodeAggregate3 } from '../../../../src/adapters/chain/multicall.ts';
import { keepRounds } from '../../../../src/adapters/chain/roundCodec.ts';
import type { Call } from '../../../../src/core/read.ts';

const calls = (...numbers: readonly number[]): readonly Call[] =>
  numbers.map((number) => ({ to: `0x${'11'.repeat(20)}`, data: `0x0000000${number}` }));
const answer = (...values: readonly Hex[]) =>
  Buffer.from(
    encodeFunctionResult({
      abi: multicall3Abi,
      functionName: 'aggregate3',
      result: values.map((returnData) => ({ success: true, returnData })),
    }),
  );

describe('rounds that are kept', () => {
  it('are encoded as they are alone, and hold answers to the same calls against each other', () => {
    const codec = keepRounds(2);
    const ask = (round: readonly Call[], ...values: readonly Hex[]) => {
      expect(codec.encode(round)).toBe(encodeAggregate3(round));
      return codec.decode(round, answer(...values));
    };
    const first = ask(calls(1, 2), '0x0a', '0x0b');
    expect(ask(calls(3), '0x0a')).toEqual([{ ok: true, data: '0x0a' }]);
    const second = ask(calls(1, 2), '0x0a', '0x0c');
    expect(second).toEqual([
      { ok: true, data: '0x0a' },
      { ok: true, data: '0x0c' },
    ]);
    expect(second[0]).toBe(first[0]);
  });

  it('are forgotten where too many came since', () => {
    const codec = keepRounds(1);
    const [round, other] = [calls(1), calls(2)];
    codec.encode(round);
    const [first] = codec.decode(round, answer('0x0a'));
    codec.encode(other);
    expect(codec.decode(round, answer('0x0a'))).toEqual([first]);
    codec.encode(round);
    expect(codec.decode(round, answer('0x0b'))).toEqual([{ ok: true, data: '0x0b' }]);
  });
});
