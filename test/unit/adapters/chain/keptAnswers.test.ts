import { parseAbi } from 'viem';
import { describe, expect, it } from 'vitest';
import { call, callEach } from '../../../../src/adapters/chain/contract.ts';
import { ReadRefusedError, RpcError } from '../../../../src/adapters/chain/errors.ts';
import { keepAnswers } from '../../../../src/adapters/chain/keptAnswers.ts';
import type { Answer } from '../../../../src/adapters/chain/round.ts';
import { runReads } from '../../../../src/adapters/chain/scheduler.ts';
import type { Call } from '../../../../src/core/read.ts';
import type { Address, Hex } from '../../../../src/core/units.ts';

const contract: Address = `0x${'11'.repeat(20)}`;
const callOf = (number: number): Call => ({
  to: contract,
  data: `0x${number.toString(16).padStart(8, '0')}`,
});
const answered = (data: Hex, ok = true): Answer => ({ ok, data });

describe('kept answers', () => {
  it('are the same objects while they say the same, whatever else is asked beside them', () => {
    const kept = keepAnswers();
    const [first, second] = [answered('0x01'), answered('0x02')];
    expect(kept.unchanged([callOf(1), callOf(2)], [first, second])).toEqual([first, second]);
    const later = kept.unchanged(
      [callOf(3), callOf(2), callOf(1)],
      [answered('0x03'), answered('0x02'), answered('0x0a')],
    );
    expect(later).toEqual([answered('0x03'), answered('0x02'), answered('0x0a')]);
    expect(later[1]).toBe(second);
    expect(later[2]).not.toBe(first);
    expect(kept.changed()).toBe(4);
  });

  it('tell a revert from an answer of the same bytes', () => {
    const kept = keepAnswers();
    kept.unchanged([callOf(1)], [answered('0x01')]);
    expect(kept.unchanged([callOf(1)], [answered('0x01', false)])).toEqual([answered('0x01', false)]);
  });

  it('never stand in for a call that the node refuses', () => {
    const kept = keepAnswers();
    kept.unchanged([callOf(1)], [answered('0x01')]);
    const refused = new ReadRefusedError(
      contract,
      '0x00000001',
      new RpcError('eth_call', -32_000, 'no', null),
    );
    expect(kept.unchanged([callOf(1)], [refused])).toEqual([refused]);
  });

  it('are forgotten where there are too many', () => {
    const kept = keepAnswers(3);
    const calls = [1, 2, 3, 4].map(callOf);
    const answers = () => calls.map(({ data }) => answered(data));
    kept.unchanged(calls, answers());
    kept.unchanged(calls, answers());
    expect(kept.changed()).toBe(8);
  });
});

describe('what is made of an answer', () => {
  const abi = parseAbi(['function parts(uint256) view returns (uint256, address)']);
  const word = (value: bigint) => value.toString(16).padStart(64, '0');
  const parts = (value: bigint): Answer => ({ ok: true, data: `0x${word(value)}${word(7n)}` });

  it('is made again only where the answer is another, for every reader', async () => {
    const kept = keepAnswers();
    let made = 0;
    const double = ([value]: readonly [bigint, Address]) => {
      made += 1;
      return [2n * value];
    };
    const block = async (values: readonly bigint[]) => {
      const asked = values.map((_, index) => ({ to: contract, args: [BigInt(index)] as const }));
      const readers = [1, 2, 3].map(() => callEach(abi, 'parts', asked, double));
      const ask = async (calls: readonly Call[]) => kept.unchanged(calls, values.map(parts));
      return (await runReads(readers, ask, () => undefined)).flatMap((outcome) =>
        outcome.ok ? outcome.value : [],
      );
    };
    const first = await block([1n, 2n, 3n]);
    expect(first).toEqual([[2n], [4n], [6n], [2n], [4n], [6n], [2n], [4n], [6n]]);
    expect(made).toBe(3);
    const second = await block([1n, 5n, 3n]);
    expect(second.slice(0, 3)).toEqual([[2n], [10n], [6n]]);
    expect(second[0]).toBe(first[3]);
    expect(made).toBe(4);
  });

  it('is decoded once, and told apart by what is made of it', async () => {
    const kept = keepAnswers();
    const ask = async (calls: readonly Call[]) => kept.unchanged(calls, [parts(9n)]);
    const read = () => call(abi, contract, 'parts', [0n]);
    const value = async () => {
      const [outcome] = await runReads([read()], ask, () => undefined);
      return outcome?.ok ? outcome.value : null;
    };
    const before = await value();
    expect(before).toEqual([9n, `0x${'0'.repeat(39)}7`]);
    expect(await value()).toBe(before);
    const first = callEach(abi, 'parts', [{ to: contract, args: [0n] }], ([one]) => one);
    const [made] = await runReads([first], ask, () => undefined);
    expect(made).toEqual({ ok: true, value: [9n] });
    expect(await value()).toEqual(before);
  });

  it('is decoded as whoever asks for it takes it, where two interfaces share a selector', async () => {
    const kept = keepAnswers();
    const asNumber = parseAbi(['function decimals() view returns (uint8)']);
    const asBigint = parseAbi(['function decimals() view returns (uint256)']);
    const ask = async (calls: readonly Call[]) =>
      kept.unchanged(
        calls,
        calls.map(() => ({ ok: true, data: `0x${word(6n)}` })),
      );
    const read = async (one: ReturnType<typeof call>) => (await runReads([one], ask, () => undefined))[0];
    for (let block = 0; block < 2; block += 1) {
      expect(await read(call(asNumber, contract, 'decimals', []))).toEqual({ ok: true, value: 6 });
      expect(await read(call(asBigint, contract, 'decimals', []))).toEqual({ ok: true, value: 6n });
    }
  });
});
