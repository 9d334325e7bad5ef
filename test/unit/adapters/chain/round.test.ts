import fc from 'fast-check';
import { decodeFunctionData, encodeFunctionResult, type Hex } from 'viem';
import { describe, expect, it } from 'vitest';
import { multicall3Abi } from '../../../../abis/multicall3.ts';
import type { Endpoint } from '../../../../src/adapters/chain/endpoint.ts';
import { MulticallMissingError, RpcError } from '../../../../src/adapters/chain/errors.ts';
import { JsonText } from '../../../../src/adapters/chain/jsonRpc.ts';
import { encodedBytes, MULTICALL3 } from '../../../../src/adapters/chain/multicall.ts';
import { askRound, cut, type RoundContext } from '../../../../src/adapters/chain/round.ts';
import { keepRounds } from '../../../../src/adapters/chain/roundCodec.ts';
import { BlockGoneError, ChainUnavailableError } from '../../../../src/core/errors.ts';
import type { Call, CallResult } from '../../../../src/core/read.ts';
import type { BlockFacts } from '../../../../src/core/snapshot.ts';
import type { Address } from '../../../../src/core/units.ts';

const at: BlockFacts = {
  number: 7n,
  hash: `0x${'77'.repeat(32)}`,
  parentHash: `0x${'66'.repeat(32)}`,
  timestampSeconds: 1_700_000_000,
  baseFeePerGasWei: 1n,
};
const target: Address = `0x${'11'.repeat(20)}`;
const callsOf = (count: number): Call[] =>
  Array.from({ length: count }, (_, index) => ({
    to: target,
    data: `0x${index.toString(16).padStart(8, '0')}`,
  }));

/** How the simulated node takes the calls of one `eth_call`; throws what it refuses. */
type Node = (calls: readonly Call[], alone: boolean) => readonly CallResult[];

interface Simulated {
  readonly context: RoundContext;
  readonly sizes: number[];
}

/** A node of which only `eth_call` and the block at a height are simulated. */
function simulated(node: Node, limits = { calls: 100, bytes: 1e6 }, hashNow: Hex = at.hash): Simulated {
  const sizes: number[] = [];
  const endpoint: Endpoint = {
    requests: () => sizes.length,
    async request(method) {
      expect(method).toBe('eth_getBlockByNumber');
      return {
        number: '0x7',
        hash: hashNow,
        parentHash: at.parentHash,
        timestamp: '0x1',
        baseFeePerGas: '0x1',
      };
    },
    async requestHex(method, params) {
      expect(method).toBe('eth_call');
      const plain = params instanceof JsonText ? JSON.parse(params.text) : params;
      const [{ to, data }, pin] = plain as [Call, unknown];
      expect(pin).toEqual({ blockHash: at.hash, requireCanonical: true });
      const alone = to !== MULTICALL3;
      const calls = alone ? [{ to, data }] : aggregated(data);
      sizes.push(calls.length);
      const results = node(calls, alone);
      if (!alone) return Buffer.from(answerOf(results));
      const [only] = results;
      if (only!.ok) return Buffer.from(only!.data);
      throw new RpcError(method, 3, 'execution reverted', only!.data);
    },
  };
  return { context: { endpoint, multicall: MULTICALL3, limits, at, codec: keepRounds(1) }, sizes };
}

function aggregated(data: Hex): readonly Call[] {
  const [tuples] = decodeFunctionData({ abi: multicall3Abi, data }).args;
  return tuples.map(({ target: to, callData }) => ({ to, data: callData }));
}

function answerOf(results: readonly CallResult[]): Hex {
  const result = results.map(({ ok, data }) => ({ success: ok, returnData: data }));
  return encodeFunctionResult({ abi: multicall3Abi, functionName: 'aggregate3', result });
}

const echoes: Node = (calls) => calls.map(({ data }) => ({ ok: true, data }));
const echoed = (calls: readonly Call[]) => calls.map(({ data }) => ({ ok: true, data }));

describe('cut', () => {
  it('keeps every call in order, within the limits wherever a batch has more than one', () => {
    const list = fc.array(
      fc.nat(300).map((length): Call => ({ to: target, data: `0x${'ab'.repeat(length)}` })),
    );
    fc.assert(
      fc.property(
        list,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 2_000 }),
        (calls, most, bytes) => {
          const batches = cut(calls, { calls: most, bytes });
          expect(batches.flat()).toEqual(calls);
          for (const batch of batches) {
            expect(batch.length).toBeGreaterThan(0);
            expect(batch.length).toBeLessThanOrEqual(most);
            const size = batch.reduce((sum, call) => sum + encodedBytes(call), 0);
            if (batch.length > 1) expect(size).toBeLessThanOrEqual(bytes);
          }
        },
      ),
    );
  });
});

describe('askRound', () => {
  it('asks in batches within the limits and puts the answers in order', async () => {
    const { context, sizes } = simulated(echoes, { calls: 30, bytes: 1e6 });
    const calls = callsOf(100);
    expect(await askRound(context, calls)).toEqual(echoed(calls));
    expect(sizes).toEqual([30, 30, 30, 10]);
  });

  it('halves what the node refuses as too much until it is taken', async () => {
    const { context, sizes } = simulated((calls, alone) => {
      if (calls.length > 10) throw new RpcError('eth_call', -32600, 'Invalid request', null);
      return echoes(calls, alone);
    });
    const calls = callsOf(64);
    expect(await askRound(context, calls)).toEqual(echoed(calls));
    expect(sizes.sort((a, b) => b - a)).toEqual([64, 32, 32, 16, 16, 16, 16, 8, 8, 8, 8, 8, 8, 8, 8]);
  });

  it('gives one call that is refused even alone an error of its own', async () => {
    const calls = callsOf(8);
    const { context } = simulated((asked, alone) => {
      if (asked.some(({ data }) => data === calls[5]!.data))
        throw new RpcError('eth_call', -32000, 'out of gas', null);
      return echoes(asked, alone);
    });
    const answers = await askRound(context, calls);
    expect(answers[5]).toMatchObject({ code: 'READ_REFUSED' });
    expect(answers.filter((answer) => 'ok' in answer && answer.ok).length).toBe(7);
  });

  it('does not believe a failure without data that a neighbour may have caused', async () => {
    const calls = callsOf(9);
    const { context } = simulated((asked, alone) =>
      asked.map(({ data }, index) =>
        !alone && asked.length > 4 && index > 6 ? { ok: false, data: '0x' } : { ok: true, data },
      ),
    );
    expect(await askRound(context, calls)).toEqual(echoed(calls));
  });

  it('believes it once the call fails alone', async () => {
    const calls = callsOf(5);
    const { context } = simulated((asked) =>
      asked.map(({ data }) => (data === calls[2]!.data ? { ok: false, data: '0x' } : { ok: true, data })),
    );
    const answers = await askRound(context, calls);
    expect(answers.map((answer) => 'ok' in answer && answer.ok)).toEqual([true, true, false, true, true]);
  });

  it('believes a revert with data at once', async () => {
    const calls = callsOf(3);
    const { context, sizes } = simulated((asked) => asked.map(() => ({ ok: false, data: '0x08c379a0' })));
    expect(await askRound(context, calls)).toEqual(calls.map(() => ({ ok: false, data: '0x08c379a0' })));
    expect(sizes).toEqual([3]);
  });

  it('says that the block is gone when the chain holds another at its height', async () => {
    const refuse: Node = () => {
      throw new RpcError('eth_call', -32000, 'header not found', null);
    };
    const { context } = simulated(refuse, undefined, `0x${'99'.repeat(32)}`);
    await expect(askRound(context, callsOf(3))).rejects.toThrow(BlockGoneError);
  });

  it('says that the node is behind when the block is canonical and it has no state', async () => {
    const { context } = simulated(() => {
      throw new RpcError('eth_call', -32001, 'Resource not found', null);
    });
    await expect(askRound(context, callsOf(3))).rejects.toThrow(ChainUnavailableError);
  });

  it('says that Multicall3 is missing when nothing answers at its address', async () => {
    const { context } = simulated(echoes);
    const silent: RoundContext = {
      ...context,
      endpoint: { ...context.endpoint, requestHex: async () => Buffer.from('0x') },
    };
    await expect(askRound(silent, callsOf(2))).rejects.toThrow(MulticallMissingError);
  });
});
