import { keccak256, parseTransaction } from 'viem';
import { describe, expect, it } from 'vitest';
import { describeBundle } from '../../../../src/devnet/relay/callBundle.ts';
import { mevBundleHash, readMevBundle } from '../../../../src/devnet/relay/mevBundle.ts';
import { signedBy } from '../../../../src/devnet/relay/signature.ts';
import { readSendBundle } from '../../../../src/devnet/relay/submissions.ts';
import { bundleHash } from '../../../../src/devnet/relay/transaction.ts';
import type { SignedTransaction } from '../../../../src/devnet/relay/types.ts';
import { hasSharedData, sharedJson } from '../../../support/sharedData.ts';

type Hex = `0x${string}`;

interface Vectors {
  readonly xFlashbotsSignature: readonly { body: string; address: string; signature: string; by: string }[];
  readonly TestEthSendBundleArgsValidate: readonly {
    payload: { txs?: readonly Hex[] };
    ExpectedHash: string;
  }[];
  readonly TestMevSendBundleArgsValidate: readonly { payload: object; ExpectedHash: string }[];
  readonly lmittmannGoldenRpc: Readonly<Record<string, string>>;
}

const vectors: Vectors = hasSharedData
  ? sharedJson<Vectors>('data/relay/flashbots_vectors.json')
  : {
      xFlashbotsSignature: [],
      TestEthSendBundleArgsValidate: [],
      TestMevSendBundleArgsValidate: [],
      lmittmannGoldenRpc: {},
    };

describe.skipIf(!hasSharedData)('recorded vectors of the Flashbots formats', () => {
  it('has as many as were recorded', () => {
    expect(vectors.xFlashbotsSignature).toHaveLength(3);
    expect(vectors.TestEthSendBundleArgsValidate).toHaveLength(13);
  });

  it.each(vectors.xFlashbotsSignature)(
    'accepts the signature made by $by',
    async ({ body, address, signature }) => {
      const bytes = new TextEncoder().encode(body);
      expect(await signedBy(bytes, `${address}:${signature}`)).toBe(address);
      expect(await signedBy(new TextEncoder().encode(`${body}!`), `${address}:${signature}`)).toBeNull();
    },
  );

  it.each(vectors.TestEthSendBundleArgsValidate)('hashes bundle %#', ({ payload, ExpectedHash }) => {
    const hashes = (payload.txs ?? []).map((raw) => keccak256(raw));
    expect(bundleHash(hashes)).toBe(ExpectedHash);
  });

  it.each(vectors.TestEthSendBundleArgsValidate.filter(({ payload }) => (payload.txs ?? []).length > 0))(
    'reads eth_sendBundle %# and answers its hash',
    async ({ payload, ExpectedHash }) => {
      const chainId = parseTransaction(payload.txs?.[0] as Hex).chainId ?? 1;
      const context = { identity: `0x${'01'.repeat(20)}` as const, chainId, height: 9n };
      const { result, entry } = await readSendBundle([{ ...payload, blockNumber: '0xa' }], context);
      expect(result).toEqual({ bundleHash: ExpectedHash });
      expect(entry.transactions.map(({ raw }) => raw)).toEqual(payload.txs);
    },
  );

  it('has the MEV-Share bundles, too', () => {
    expect(vectors.TestMevSendBundleArgsValidate.length).toBeGreaterThan(0);
  });

  it.each(vectors.TestMevSendBundleArgsValidate)('reads and hashes MEV-Share bundle %#', (vector) => {
    const { metadata: _, ...payload } = vector.payload as { metadata?: unknown };
    const bundle = readMevBundle({ value: payload, path: 'params[0]' });
    expect(mevBundleHash(bundle.body)).toBe(vector.ExpectedHash);
  });

  it('describes a simulated bundle as the relay does', () => {
    const answer = (vectors.lmittmannGoldenRpc['call_bundle.golden'] ?? '').split('\n< ')[1] ?? '';
    const golden = JSON.parse(answer) as {
      result: {
        stateBlockNumber: number;
        results: readonly Record<'fromAddress' | 'toAddress' | 'txHash', Hex>[];
      };
    };
    const transactions = golden.result.results.map(
      ({ fromAddress, toAddress, txHash }): SignedTransaction => ({
        raw: '0x',
        hash: txHash,
        sender: fromAddress,
        nonce: 0,
        to: toAddress,
        data: '0x',
        valueWei: 0n,
        gasLimit: 21_000n,
        feeCapWei: 3n,
        tipCapWei: 3n,
        accessList: [],
      }),
    );
    const simulated = transactions.map(() => ({
      succeeded: true,
      gasUsed: 21_000n,
      returnData: '0x' as const,
      sentToProducerWei: 10_000_000_000_000_000n,
    }));
    const described = describeBundle(transactions, simulated, 0n, BigInt(golden.result.stateBlockNumber));
    expect(described).toEqual(golden.result);
  });
});
