import fc from 'fast-check';
import { type Address, encodeFunctionData, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { multicall3Abi } from '../../../../abis/multicall3.ts';
import { encodeAggregate3, encodedBytes } from '../../../../src/adapters/chain/multicall.ts';

const bytes = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => `0x${Buffer.from(array).toString('hex')}` as Hex);
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((array) => `0x${Buffer.from(array).toString('hex')}` as Address);
const calls = fc.array(fc.record({ to: address, data: bytes }), { maxLength: 12 });

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
});
