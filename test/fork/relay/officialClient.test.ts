import { createRequire } from 'node:module';
import type {
  FlashbotsBundleProvider as FlashbotsBundleProviderClass,
  FlashbotsBundleResolution as FlashbotsBundleResolutionEnum,
} from '@flashbots/ethers-provider-bundle';
import { JsonRpcProvider, keccak256, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RelayFixture, sign, startRelayFixture } from './fixture.ts';

const { FlashbotsBundleProvider, FlashbotsBundleResolution, FlashbotsTransactionResolution } = createRequire(
  import.meta.url,
)('@flashbots/ethers-provider-bundle') as {
  FlashbotsBundleProvider: typeof FlashbotsBundleProviderClass;
  FlashbotsBundleResolution: typeof FlashbotsBundleResolutionEnum;
  FlashbotsTransactionResolution: { TransactionIncluded: number; TransactionDropped: number };
};

let fixture: RelayFixture;
let provider: JsonRpcProvider;
let client: FlashbotsBundleProviderClass;

beforeAll(async () => {
  fixture = await startRelayFixture();
  provider = new JsonRpcProvider(fixture.rpcUrl, 31_337, { polling: true, cacheTimeout: -1 });
  provider.pollingInterval = 50;
  client = await FlashbotsBundleProvider.create(
    provider as never,
    Wallet.createRandom() as never,
    fixture.relay.url,
  );
});

afterAll(async () => {
  provider.destroy();
  await fixture.stop();
});

/** What the client gives back where the relay took the request. */
function taken<T extends object>(answer: T): Exclude<T, { error: unknown }> {
  if ('error' in answer) throw new Error(JSON.stringify(answer.error));
  return answer as Exclude<T, { error: unknown }>;
}

/** What the client finds out while the chain goes on; its polling misses a block that comes before its first look. */
async function whileBlocksPass<T>(resolution: Promise<T>): Promise<T> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  resolution.then(over, over);
  for (let block = 0; block < 50 && !isOver; block += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (!isOver) await fixture.relay.buildBlock();
  }
  return resolution;
}

const height = async () => (await provider.getBlock('latest'))?.number ?? 0;
const nonce = () => provider.getTransactionCount(fixture.keeper.address);
const poolSize = async () => {
  const status = await fixture.node.request<{ pending: string; queued: string }>('txpool_status');
  return Number(status.pending) + Number(status.queued);
};

describe('the official Flashbots client against the dev relay', () => {
  it('simulates a bundle: gas, fees and the result of each transaction', async () => {
    const first = await sign(fixture.keeper, { nonce: await nonce() });
    const second = await sign(fixture.keeper, { nonce: (await nonce()) + 1 });
    const simulation = taken(await client.simulate([first, second], (await height()) + 1));
    expect(simulation.totalGasUsed).toBe(42_000);
    expect(simulation.firstRevert).toBeUndefined();
    expect(simulation.gasFees).toBe(42_000n * 1_000_000_000n);
    expect(simulation.results.map(({ txHash }) => txHash)).toEqual([keccak256(first), keccak256(second)]);
    expect(simulation.bundleHash).toBe(
      FlashbotsBundleProvider.generateBundleHash([keccak256(first), keccak256(second)]),
    );
  });

  it('is told which transaction of a simulated bundle reverts, and why', async () => {
    const raw = await sign(fixture.keeper, { nonce: await nonce(), to: fixture.reverter });
    const simulation = taken(await client.simulate([raw], (await height()) + 1));
    expect(simulation.firstRevert).toMatchObject({
      txHash: keccak256(raw),
      error: 'execution reverted',
      revert: 'no',
    });
  });

  it('is told that a simulated nonce is wrong, in the words that it looks for', async () => {
    const raw = await sign(fixture.keeper, { nonce: (await nonce()) + 7 });
    const answer = await client.simulate([raw], (await height()) + 1);
    expect('error' in answer && answer.error.message).toMatch(/^err: nonce too high/);
  });

  it('sends a bundle and waits until it is included in its target block', async () => {
    const raw = await sign(fixture.keeper, { nonce: await nonce() });
    const target = (await height()) + 1;
    const sent = taken(await client.sendRawBundle([raw], target));
    expect(await poolSize()).toBe(0);
    const resolution = sent.wait();
    const mined = await fixture.relay.buildBlock();
    expect(mined.transactionHashes).toEqual([keccak256(raw)]);
    expect(await whileBlocksPass(resolution)).toBe(FlashbotsBundleResolution.BundleIncluded);
    expect((await sent.receipts()).map((receipt) => receipt?.blockNumber)).toEqual([target]);
  });

  it('keeps the order of a bundle of several transactions', async () => {
    const start = await nonce();
    const raws = await Promise.all([0, 1, 2].map((step) => sign(fixture.keeper, { nonce: start + step })));
    taken(await client.sendRawBundle(raws, (await height()) + 1));
    const mined = await fixture.relay.buildBlock();
    expect(mined.transactionHashes).toEqual(raws.map((raw) => keccak256(raw)));
  });

  it('sees the block pass without a bundle that cannot pay for itself', async () => {
    const raw = await sign(Wallet.createRandom());
    const sent = taken(await client.sendRawBundle([raw], (await height()) + 1));
    const resolution = sent.wait();
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([]);
    expect(await whileBlocksPass(resolution)).toBe(FlashbotsBundleResolution.BlockPassedWithoutInclusion);
  });

  it('cancels a bundle by its replacement UUID', async () => {
    const replacementUuid = '2c9cf5d0-f13c-4b7a-b51d-f462fdb27b51';
    const raw = await sign(fixture.keeper, { nonce: await nonce() });
    const sent = taken(await client.sendRawBundle([raw], (await height()) + 1, { replacementUuid }));
    const cancelled = taken(await client.cancelBundles(replacementUuid));
    expect(cancelled.bundleHashes).toEqual([sent.bundleHash]);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([]);
  });

  it('sends a private transaction and waits until it is included', async () => {
    const signedTransaction = await sign(fixture.keeper, { nonce: await nonce() });
    const sent = taken(
      await client.sendPrivateTransaction({ signedTransaction }, { maxBlockNumber: (await height()) + 5 }),
    );
    expect(await poolSize()).toBe(0);
    const resolution = sent.wait();
    await fixture.relay.buildBlock();
    expect(await whileBlocksPass(resolution)).toBe(FlashbotsTransactionResolution.TransactionIncluded);
  });

  it('cancels a private transaction', async () => {
    const signedTransaction = await sign(fixture.keeper, { nonce: await nonce() });
    const sent = taken(await client.sendPrivateTransaction({ signedTransaction }));
    expect(await client.cancelPrivateTransaction(sent.transaction.hash)).toBe(true);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([]);
  });

  it('never showed any of it to the public', async () => {
    expect(await fixture.relay.sightings()).toEqual([]);
    expect(fixture.relay.status()).toMatchObject({
      publicMempoolSightings: 0,
      failedLooks: 0,
      wrongSignatures: 0,
    });
    expect(fixture.relay.status().includedTransactions).toBe(5);
  });
});

describe('the official client, where nobody drives the relay', () => {
  it('sees its bundle included by the relay’s own block builder', async () => {
    const own = await startRelayFixture({ buildEverySeconds: 0.4 });
    const reader = new JsonRpcProvider(own.rpcUrl, 31_337, { polling: true, cacheTimeout: -1 });
    reader.pollingInterval = 50;
    const sender = await FlashbotsBundleProvider.create(
      reader as never,
      Wallet.createRandom() as never,
      own.relay.url,
    );
    try {
      const raw = await sign(own.keeper);
      const newest = Number(await own.node.request<string>('eth_blockNumber'));
      const sent = taken(await sender.sendRawBundle([raw], newest + 2));
      expect(await sent.wait()).toBe(FlashbotsBundleResolution.BundleIncluded);
      expect(await own.relay.sightings()).toEqual([]);
    } finally {
      reader.destroy();
      await own.stop();
    }
  });
});
