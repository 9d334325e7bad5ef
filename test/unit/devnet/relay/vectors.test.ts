import { keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { describeBundle } from '../../../../src/devnet/relay/callBundle.ts';
import { signedBy } from '../../../../src/devnet/relay/signature.ts';
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
  readonly lmittmannGoldenRpc: Readonly<Record<string, string>>;
}

const vectors: Vectors = hasSharedData
  ? sharedJson<Vectors>('data/relay/flashbots_vectors.json')
  : { xFlashbotsSignature: [], TestEthSendBundleArgsValidate: [], lmittmannGoldenRpc: {} };

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
