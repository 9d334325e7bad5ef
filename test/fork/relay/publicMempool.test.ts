import { keccak256 } from 'ethers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './ask.ts';
import { type RelayFixture, sign, startRelayFixture } from './fixture.ts';

let fixture: RelayFixture;

beforeEach(async () => {
  fixture = await startRelayFixture();
});

afterEach(() => fixture.stop());

const entrust = (tx: string) => ask(fixture.relay.url, 'eth_sendPrivateTransaction', [{ tx }]);
const leak = (raw: string) => fixture.node.request('eth_sendRawTransaction', [raw]);
const sightings = async () =>
  (await fixture.relay.sightings()).map((sighting) => [sighting.transactionHash, sighting.seenIn]);

describe('sightings in the public mempool', () => {
  it('are none when the relay’s builder includes the transaction', async () => {
    const raw = await sign(fixture.keeper);
    await entrust(raw);
    expect((await fixture.relay.buildBlock()).transactionHashes).toEqual([keccak256(raw)]);
    expect(await sightings()).toEqual([]);
    expect(fixture.relay.publicMempoolSightings).toBe(0);
  });

  it('count a transaction that somebody leaks, once', async () => {
    const raw = await sign(fixture.keeper);
    await entrust(raw);
    await leak(raw);
    expect(await sightings()).toEqual([[keccak256(raw), 'pool']]);
    await entrust(raw);
    await fixture.relay.buildBlock();
    expect(await sightings()).toHaveLength(1);
  });

  it('count one that is leaked and mined between two looks', async () => {
    const raw = await sign(fixture.keeper);
    await entrust(raw);
    await leak(raw);
    await fixture.node.request('evm_mine');
    expect(await sightings()).toEqual([[keccak256(raw), 'pool']]);
  });

  it('count one that was public before the relay was given it', async () => {
    const raw = await sign(fixture.keeper);
    await leak(raw);
    await fixture.relay.sightings();
    await entrust(raw);
    expect(await sightings()).toEqual([[keccak256(raw), 'pool']]);
  });

  it('count one that waits in the public queue behind a nonce gap', async () => {
    const raw = await sign(fixture.keeper, { nonce: 3 });
    await entrust(raw);
    await leak(raw);
    expect(await sightings()).toEqual([[keccak256(raw), 'pool']]);
  });

  it('count one that is in a block that the relay had no part in', async () => {
    const raw = await sign(fixture.keeper);
    await fixture.node.request('evm_mine');
    await fixture.relay.sightings();
    await entrust(raw);
    await fixture.node.request('anvil_reorg', [1, [[raw, 0]]]);
    expect(await sightings()).toEqual([[keccak256(raw), 'block']]);
  });

  it('do not count somebody else’s transactions', async () => {
    await leak(await sign(fixture.keeper));
    await fixture.relay.buildBlock();
    expect(await sightings()).toEqual([]);
  });

  it('are said to be possibly incomplete when the node could not be looked at', async () => {
    await fixture.relay.sightings();
    expect(fixture.relay.status().failedLooks).toBe(0);
    await fixture.stopNode();
    await fixture.relay.sightings();
    expect(fixture.relay.status().failedLooks).toBeGreaterThan(0);
  });

  it('take what was handed out and not mined out of the public pool again', async () => {
    const raw = await sign(fixture.keeper);
    await entrust(raw);
    const block = {
      number: 1n,
      timestampSeconds: 2_000_000_000,
      baseFeePerGasWei: 10n ** 9n,
      gasLimit: 30_000_000n,
    };
    const [handedOut] = await fixture.relay.pool.takeForBlock(block);
    await leak(String(handedOut));
    await fixture.relay.pool.onBlockMined({ number: 1n, transactionHashes: [] });
    expect(await fixture.node.request('txpool_content')).toEqual({ pending: {}, queued: {} });
    expect(await sightings()).toEqual([]);
    await leak(raw);
    expect(await sightings()).toEqual([[keccak256(raw), 'pool']]);
  });
});
