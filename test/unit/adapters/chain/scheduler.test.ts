import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadRefusedError, RpcError } from '../../../../src/adapters/chain/errors.ts';
import type { Answer } from '../../../../src/adapters/chain/round.ts';
import { runReads } from '../../../../src/adapters/chain/scheduler.ts';
import { BlockGoneError } from '../../../../src/core/errors.ts';
import { all, type Call, known, type Read } from '../../../../src/core/read.ts';
import type { Address, Hex } from '../../../../src/core/units.ts';

const target: Address = `0x${'11'.repeat(20)}`;
const callOf = (number: number): Call => ({ to: target, data: `0x${number.toString(16).padStart(8, '0')}` });

/** Answers every call with its own data, and keeps the rounds. */
function echo() {
  const rounds: (readonly Call[])[] = [];
  const ask = async (calls: readonly Call[]): Promise<readonly Answer[]> => {
    rounds.push(calls);
    return calls.map(({ data }) => ({ ok: true, data }));
  };
  return { rounds, ask };
}

/** Reads the given numbers one round after another and returns what came back. */
function* chain(...numbers: number[]): Read<readonly Hex[]> {
  const found: Hex[] = [];
  for (const number of numbers) {
    const [result] = yield [callOf(number)];
    found.push(result!.data);
  }
  return found;
}

const ignore = () => undefined;

describe('runReads', () => {
  it('gives every read its own answers, in as many rounds as the longest takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.nat(20), { maxLength: 5 }), { maxLength: 20 }), async (lists) => {
        const { rounds, ask } = echo();
        const outcomes = await runReads(
          lists.map((list) => chain(...list)),
          ask,
          ignore,
        );
        expect(outcomes).toEqual(
          lists.map((list) => ({ ok: true, value: list.map((number) => callOf(number).data) })),
        );
        expect(rounds.length).toBe(Math.max(0, ...lists.map((list) => list.length)));
        for (const calls of rounds) expect(new Set(calls.map(({ data }) => data)).size).toBe(calls.length);
      }),
    );
  });

  it('asks once for the same call of many reads, whatever the case of the address', async () => {
    const { rounds, ask } = echo();
    const upper = { ...callOf(1), to: '0xABcdEFABcdEFabcdEfAbCdefabcdeFABcDEFabCD' as Address };
    const lower = { ...upper, to: upper.to.toLowerCase() as Address };
    function* one(call: Call): Read<number> {
      return (yield [call]).length;
    }
    await runReads([one(upper), one(lower)], ask, ignore);
    expect(rounds.map((calls) => calls.length)).toEqual([1]);
  });

  it('isolates a read that throws, at the start or later', async () => {
    // biome-ignore lint/correctness/useYield: throws before its first round
    function* atOnce(): Read<never> {
      throw new TypeError('at once');
    }
    function* later(): Read<never> {
      yield [callOf(1)];
      throw new RangeError('later');
    }
    const outcomes = await runReads<unknown>([atOnce(), chain(1, 2), later()], echo().ask, ignore);
    expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, false]);
    expect(outcomes[0]).toMatchObject({ error: { code: 'READ_FAILED', message: 'a read failed: at once' } });
    expect(outcomes[2]).toMatchObject({ error: { code: 'READ_FAILED', message: 'a read failed: later' } });
  });

  it('fails only the reads that asked for a call that the node refuses', async () => {
    const refusal = new ReadRefusedError(
      target,
      '0x00000002',
      new RpcError('eth_call', -32000, 'out of gas', null),
    );
    const ask = async (calls: readonly Call[]): Promise<readonly Answer[]> =>
      calls.map(({ data }) => (data === callOf(2).data ? refusal : { ok: true, data }));
    const outcomes = await runReads<unknown>([chain(1), all([chain(1), chain(2)]), chain(3)], ask, ignore);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
    expect(outcomes[1]).toMatchObject({ error: refusal });
  });

  it('fails the reads of a round that fails as a whole, and keeps what was read before', async () => {
    let rounds = 0;
    const ask = async (calls: readonly Call[]): Promise<readonly Answer[]> => {
      if (++rounds === 2) throw new BlockGoneError('0xabc');
      return calls.map(({ data }) => ({ ok: true, data }));
    };
    const outcomes = await runReads([chain(1), chain(1, 2)], ask, ignore);
    expect(outcomes[0]).toEqual({ ok: true, value: [callOf(1).data] });
    expect(outcomes[1]).toMatchObject({ ok: false, error: { code: 'BLOCK_GONE' } });
  });

  it('asks nothing for reads without rounds', async () => {
    const { rounds, ask } = echo();
    expect(await runReads<unknown>([known(7), all([])], ask, ignore)).toEqual([
      { ok: true, value: 7 },
      { ok: true, value: [] },
    ]);
    expect(rounds).toEqual([]);
  });

  it('stops a read that would go on for ever', async () => {
    function* endless(): Read<never> {
      for (;;) yield [];
    }
    const [outcome] = await runReads([endless()], echo().ask, ignore);
    expect(outcome).toMatchObject({ ok: false, error: { code: 'READ_UNBOUNDED' } });
  });
});
