import { keccak256 } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { flashbots, publicRpc } from '../../../src/adapters/relays/index.ts';
import { BlockBuilder } from '../../../src/devnet/market/blocks.ts';
import type { Relay, Submission } from '../../../src/ports/relay.ts';
import type { Signer } from '../../../src/ports/signer.ts';
import { throwAwaySigner } from '../../support/throwAwaySigner.ts';
import { fund, type RelayFixture, startRelayFixture } from './fixture.ts';

const GWEI = 10n ** 9n;

let fixture: RelayFixture;
let builder: BlockBuilder;
let keeper: Signer;

beforeEach(async () => {
  fixture = await startRelayFixture();
  builder = new BlockBuilder(fixture.node, { blockSeconds: 12, baseFeeWei: GWEI });
  builder.addPrivatePool(fixture.relay.pool);
  keeper = throwAwaySigner();
  await fund(fixture.node, keeper.address);
});

afterEach(() => fixture.stop());

function openFlashbots(mode: 'bundle' | 'privateTransaction'): Relay {
  const config = flashbots.config.parse({ url: fixture.relay.url, mode });
  return flashbots.open('dev', config, { identity: throwAwaySigner(), fetch });
}

async function submission(wish: { nonce?: number; to?: string; tipWei?: bigint } = {}): Promise<Submission> {
  const rawTransaction = await keeper.signTransaction({
    chainId: 31_337,
    nonce: wish.nonce ?? 0,
    to: (wish.to ?? keeper.address) as `0x${string}`,
    data: '0x',
    valueWei: 0n,
    gasLimit: 100_000n,
    maxFeePerGasWei: 10n * GWEI,
    maxPriorityFeePerGasWei: wish.tipWei ?? GWEI,
  });
  return { rawTransaction, transactionHash: keccak256(rawTransaction), firstBlock: 1n, lastBlock: 3n };
}

describe.each(['bundle', 'privateTransaction'] as const)('flashbots in mode %s, on the dev relay', (mode) => {
  it('is on this machine and private', () => {
    expect(openFlashbots(mode)).toMatchObject({ isLoopback: true, isPrivate: true });
  });

  it('lands in the next block, unseen, behind the market’s own transactions', async () => {
    const order = await submission();
    expect((await openFlashbots(mode).submit(order)).status).toBe('accepted');
    const marketMaker = privateKeyToAccount(`0x${'17'.repeat(32)}`);
    await fund(fixture.node, marketMaker.address);
    const marketRaw = await marketMaker.signTransaction({
      type: 'eip1559',
      chainId: 31_337,
      nonce: 0,
      to: marketMaker.address,
      gas: 21_000n,
      maxFeePerGas: 2n * GWEI,
      maxPriorityFeePerGas: 1n,
    });
    const block = await builder.build({}, async () => [marketRaw]);
    expect(block.transactionHashes).toEqual([keccak256(marketRaw), order.transactionHash]);
    expect(block.refused).toEqual([]);
    expect(await fixture.relay.sightings()).toEqual([]);
  });

  it('lands in a later block of its range when the base fee has come down', async () => {
    const order = await submission();
    await openFlashbots(mode).submit(order);
    expect((await builder.build({ baseFeeWei: 50n * GWEI })).transactionHashes).toEqual([]);
    expect((await builder.build()).transactionHashes).toEqual([order.transactionHash]);
  });

  it('does not land behind its last block', async () => {
    const order = await submission();
    await openFlashbots(mode).submit(order);
    for (let block = 0; block < 3; block += 1) await builder.build({ baseFeeWei: 50n * GWEI });
    expect((await builder.build()).transactionHashes).toEqual([]);
    expect(fixture.relay.status().storedTransactions).toBe(0);
  });

  it('answers accepted for the same bytes once more', async () => {
    const order = await submission();
    const relay = openFlashbots(mode);
    await relay.submit(order);
    expect((await relay.submit(order)).status).toBe('accepted');
    expect((await builder.build()).transactionHashes).toEqual([order.transactionHash]);
  });

  it('is refused where the replacement pays too little, and the first one lands', async () => {
    const first = await submission();
    const relay = openFlashbots(mode);
    await relay.submit(first);
    const answer = await relay.submit(await submission({ tipWei: GWEI + 1n }));
    expect(answer.status).toBe('refused');
    expect(answer.detail).toMatch(/^replacement transaction underpriced/);
    expect((await builder.build()).transactionHashes).toEqual([first.transactionHash]);
  });

  it('is unknown when the relay fails, and may land nevertheless', async () => {
    fixture.relay.misbehave({ kind: 'serverError', include: true });
    const order = await submission();
    expect((await openFlashbots(mode).submit(order)).status).toBe('unknown');
    expect((await builder.build()).transactionHashes).toEqual([order.transactionHash]);
  });

  it('is refused when its signature is taken for wrong', async () => {
    const config = flashbots.config.parse({ url: fixture.relay.url, mode });
    const liar: Signer = { ...throwAwaySigner(), address: keeper.address };
    const relay = flashbots.open('dev', config, { identity: liar, fetch });
    expect(await relay.submit(await submission())).toMatchObject({ status: 'refused' });
  });

  it('simulates: gas used, the reason of a revert, and what cannot be', async () => {
    const relay = openFlashbots(mode);
    expect(await relay.simulate?.(await submission())).toEqual({ status: 'succeeds', gasUsed: 21_000n });
    expect(await relay.simulate?.(await submission({ to: fixture.reverter }))).toEqual({
      status: 'reverts',
      detail: 'no',
    });
    expect(await relay.simulate?.(await submission({ nonce: 4 }))).toMatchObject({ status: 'impossible' });
  });
});

describe('publicRpc, on anvil', () => {
  const open = () =>
    publicRpc.open('public', publicRpc.config.parse({ url: fixture.rpcUrl, allowPublicMempool: true }), {
      identity: null,
      fetch,
    });

  it('puts the transaction where everybody sees it', async () => {
    const order = await submission();
    await openFlashbots('bundle').submit(order);
    expect((await open().submit(order)).status).toBe('accepted');
    expect((await fixture.relay.sightings()).map(({ transactionHash }) => transactionHash)).toEqual([
      order.transactionHash,
    ]);
  });

  it('does not take "already imported" or "nonce too low" for a refusal', async () => {
    const order = await submission();
    await open().submit(order);
    expect((await open().submit(order)).status).toBe('unknown');
    await builder.build();
    expect((await open().submit(order)).status).toBe('unknown');
  });

  it('is refused without gas money', async () => {
    await fixture.node.request('anvil_setBalance', [keeper.address, '0x0']);
    expect((await open().submit(await submission())).status).toBe('refused');
  });
});
