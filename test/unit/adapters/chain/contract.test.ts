import { encodeErrorResult, parseAbi } from 'viem';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { call, callEach, tryCall } from '../../../../src/adapters/chain/contract.ts';
import { reasonOf } from '../../../../src/adapters/chain/reverts.ts';
import type { Address } from '../../../../src/core/units.ts';
import { TableChain } from '../../../support/tableChain.ts';

const abi = parseAbi([
  'function supply() view returns (uint256)',
  'function owner(uint256 id) view returns (address)',
  'function total(uint256[] ids) view returns (uint256)',
  'function idsOf(address owner) view returns (uint256[])',
  'error AnswerStale(address aggregator, uint256 updatedAt)',
  'error NothingFilled()',
]);
const contract: Address = `0x${'11'.repeat(20)}`;
const stale = encodeErrorResult({ abi, errorName: 'AnswerStale', args: [contract, 1_700_000_000n] });

describe('a view call as a read', () => {
  it('takes one round and gives the typed value', () => {
    const { value, rounds } = new TableChain()
      .set(abi, contract, 'supply', [], 5n)
      .run(call(abi, contract, 'supply', []));
    expectTypeOf(value).toEqualTypeOf<bigint>();
    expect({ value, rounds }).toEqual({ value: 5n, rounds: 1 });
  });

  it('tells a revert with its reason', () => {
    const chain = new TableChain().revert(abi, contract, 'supply', [], stale);
    expect(() => chain.run(call(abi, contract, 'supply', []))).toThrow(
      `supply of ${contract} reverted: answer stale: aggregator ${contract}, updatedAt 1700000000`,
    );
  });

  it('tells an address without such a contract', () => {
    const chain = new TableChain().setRaw({ to: contract, data: '0x047fc9aa' }, { ok: true, data: '0x' });
    expect(() => chain.run(call(abi, contract, 'supply', []))).toThrow(
      expect.objectContaining({ code: 'NO_CONTRACT' }),
    );
  });

  it('tells data of another shape', () => {
    const chain = new TableChain().setRaw({ to: contract, data: '0x047fc9aa' }, { ok: true, data: '0x1234' });
    expect(() => chain.run(call(abi, contract, 'supply', []))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });

  it('asks many at once, in one round and in their order, and none for nothing', () => {
    const other: Address = `0x${'22'.repeat(20)}`;
    const chain = new TableChain()
      .set(abi, contract, 'owner', [1n], contract)
      .set(abi, other, 'owner', [2n], other);
    const asked = [
      { to: other, args: [2n] as readonly [bigint] },
      { to: contract, args: [1n] as readonly [bigint] },
    ];
    expect(chain.run(callEach(abi, 'owner', asked))).toMatchObject({ value: [other, contract], rounds: 1 });
    const endings = chain.run(callEach(abi, 'owner', asked, (owner) => owner.slice(-2)));
    expect(endings.value).toEqual(['22', '11']);
    expect(chain.run(callEach(abi, 'owner', []))).toMatchObject({ value: [], rounds: 0 });
    chain.revert(abi, contract, 'owner', [1n]);
    expect(() => chain.run(callEach(abi, 'owner', asked))).toThrow(`owner of ${contract} reverted`);
  });

  it('is null where it is tried and reverts, and only there', () => {
    const chain = new TableChain()
      .set(abi, contract, 'owner', [1n], contract)
      .revert(abi, contract, 'owner', [2n]);
    expect(chain.run(tryCall(abi, contract, 'owner', [1n])).value).toBe(contract);
    expect(chain.run(tryCall(abi, contract, 'owner', [2n])).value).toBeNull();
    chain.setRaw({ to: contract, data: '0x047fc9aa' }, { ok: true, data: '0x' });
    expect(() => chain.run(tryCall(abi, contract, 'supply', []))).toThrow(
      expect.objectContaining({ code: 'NO_CONTRACT' }),
    );
  });

  it('is decoded once as long as its answer is the same object, tried or not', () => {
    const chain = new TableChain().set(abi, contract, 'idsOf', [contract], [1n, 2n]);
    const ids = chain.run(tryCall(abi, contract, 'idsOf', [contract])).value;
    expect(ids).toEqual([1n, 2n]);
    expect(chain.run(tryCall(abi, contract, 'idsOf', [contract])).value).toBe(ids);
    expect(chain.run(call(abi, contract, 'idsOf', [contract])).value).toBe(ids);
    chain.set(abi, contract, 'idsOf', [contract], [1n, 3n]);
    expect(chain.run(tryCall(abi, contract, 'idsOf', [contract])).value).toEqual([1n, 3n]);
  });
});

describe('a call that is asked again', () => {
  const other: Address = `0x${'22'.repeat(20)}`;
  const askedBy = (...[to, id]: [Address, bigint]) => call(abi, to, 'owner', [id]).next().value;
  const [first] = askedBy(contract, 7n) as readonly object[];

  it('is the very object that it was, so that rounds are cheap to compare', () => {
    expect((askedBy(contract, 7n) as readonly object[])[0]).toBe(first);
  });

  it('is another one of another contract or argument', () => {
    expect(askedBy(other, 7n)).toEqual([{ ...first, to: other }]);
    expect(askedBy(contract, 8n)).not.toEqual([first]);
  });

  it('is encoded each time where an argument is a list, which may change', () => {
    const ids = [1n];
    const [before] = call(abi, contract, 'total', [ids]).next().value as readonly object[];
    ids.push(2n);
    expect(call(abi, contract, 'total', [ids]).next().value).not.toEqual([before]);
  });
});

describe('a reason in words', () => {
  it.each([
    ['a custom error with arguments', stale, `answer stale: aggregator ${contract}, updatedAt 1700000000`],
    ['a custom error without', encodeErrorResult({ abi, errorName: 'NothingFilled' }), 'nothing filled'],
    ['a string', encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['STF'] }), 'STF'],
    ['a panic', encodeErrorResult({ abi: parseAbi(['error Panic(uint256)']), args: [17n] }), 'panic 17'],
    ['an error of another contract', '0xdeadbeef', 'unknown error 0xdeadbeef'],
    ['no data', '0x', 'without a reason'],
  ] as const)('is told for %s', (_, data, words) => {
    expect(reasonOf(data, [abi])).toBe(words);
  });

  it('is one short line, whatever the contract puts into it', () => {
    const args = [`\u001b[2Jowned\n${'a'.repeat(100_000)}`] as const;
    const data = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args });
    const reason = reasonOf(data, [abi]);
    expect(reason).toMatch(/^\[2Jowned a+…$/);
    expect(reason.length).toBeLessThan(300);
  });
});
