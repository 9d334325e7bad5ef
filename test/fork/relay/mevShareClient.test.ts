import { createRequire } from 'node:module';
import type mevShare from '@flashbots/mev-share-client';
import { keccak256, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fund, type RelayFixture, sign, startRelayFixture } from './fixture.ts';

const { default: MevShareClient } = createRequire(import.meta.url)('@flashbots/mev-share-client') as {
  default: typeof mevShare.default;
};

type MevShareClientClass = mevShare.default;

let fixture: RelayFixture;
let client: MevShareClientClass;
let searcher: Wallet;

beforeAll(async () => {
  fixture = await startRelayFixture();
  searcher = Wallet.createRandom() as unknown as Wallet;
  await fund(fixture.node, searcher.address);
  client = openClient(Wallet.createRandom() as unknown as Wallet);
});

afterAll(() => fixture.stop());

function openClient(auth: Wallet): MevShareClientClass {
  return new MevShareClient(auth as never, {
    streamUrl: fixture.relay.url,
    apiUrl: fixture.relay.url,
  });
}

const height = async () => Number(await fixture.node.request<string>('eth_blockNumber'));
const nonceOf = async ({ address }: Wallet) =>
  Number(await fixture.node.request<string>('eth_getTransactionCount', [address, 'latest']));
const fromKeeper = async (wish = {}) =>
  sign(fixture.keeper, { nonce: await nonceOf(fixture.keeper), ...wish });
const fromSearcher = async (wish = {}) => sign(searcher, { nonce: await nonceOf(searcher), ...wish });

describe('the official MEV-Share client against the dev relay', () => {
  it('sends a transaction with hints, which lands unseen', async () => {
    const raw = await fromKeeper();
    const hash = await client.sendTransaction(raw, {
      hints: { calldata: true, logs: true },
      builders: ['flashbots'],
      maxBlockNumber: (await height()) + 5,
    });
    expect(hash).toBe(keccak256(raw));
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([hash]);
  });

  it('sends a bundle, which lands within its range and in its order', async () => {
    const raws = [await fromKeeper(), await fromSearcher()];
    const block = (await height()) + 1;
    const { bundleHash } = await client.sendBundle({
      inclusion: { block, maxBlock: block + 3 },
      body: raws.map((tx) => ({ tx, canRevert: false })),
      privacy: { hints: { txHash: true }, builders: ['flashbots'] },
    });
    expect(bundleHash).toMatch(/^0x[0-9a-f]{64}$/);
    const mined = await fixture.relay.buildBlock();
    expect(mined.transactionHashes).toEqual(raws.map((raw) => keccak256(raw)));
  });

  it('puts a transaction behind one that it knows by its hash only', async () => {
    const target = await fromKeeper();
    const hash = await client.sendTransaction(target, { hints: { txHash: true } });
    const backrun = await fromSearcher({ tipCapWei: 3_000_000_000n });
    const block = (await height()) + 1;
    await client.sendBundle({
      inclusion: { block, maxBlock: block + 1 },
      body: [{ hash }, { tx: backrun, canRevert: false }],
    });
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([hash, keccak256(backrun)]);
  });

  it('drops a bundle whose transaction reverts, unless that was allowed', async () => {
    const raw = await fromKeeper({ to: fixture.reverter });
    const send = async (canRevert: boolean) =>
      client.sendBundle({
        inclusion: { block: (await height()) + 1 },
        body: [{ tx: raw, canRevert }],
      });
    await send(false);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([]);
    await send(true);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([keccak256(raw)]);
  });

  it('simulates a bundle: gas, profit, and the reason where it fails', async () => {
    const params = (tx: string, block: number) => ({
      inclusion: { block },
      body: [{ tx, canRevert: false }],
    });
    const newest = await height();
    const simulated = await client.simulateBundle(params(await fromKeeper(), newest + 1));
    expect(simulated).toMatchObject({ success: true, stateBlock: newest, gasUsed: 21_000n });
    expect(simulated.profit).toBe(21_000n * 1_000_000_000n);
    expect(simulated.mevGasPrice).toBe(1_000_000_000n);
    const reverting = await client.simulateBundle(
      params(await fromKeeper({ to: fixture.reverter }), newest + 1),
      {
        parentBlock: newest,
      },
    );
    expect(reverting.success).toBe(false);
    expect(reverting.error).toMatch(/execution reverted/);
    const early = await client.simulateBundle(params(await fromKeeper({ nonce: 99 }), newest + 1));
    expect(early).toMatchObject({ success: false });
    expect(early.error).toMatch(/nonce too high/);
  });

  it('is refused with a signature of somebody else', async () => {
    const auth = Wallet.createRandom() as unknown as Wallet;
    const liar = new Proxy(auth, {
      get: (target, name) =>
        name === 'address' ? fixture.keeper.address : Reflect.get(target, name, target),
    });
    const raw = await fromKeeper();
    await expect(openClient(liar).sendTransaction(raw)).rejects.toThrow(/403/);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([]);
    expect(fixture.relay.status().wrongSignatures).toBeGreaterThan(0);
  });

  it('never showed any of it to the public', async () => {
    expect(await fixture.relay.sightings()).toEqual([]);
  });
});
