import { describe, expect, it } from 'vitest';
import { openChain } from '../../../src/adapters/chain/index.ts';
import { type TickResult, tickFleet } from '../../../src/engine/tick.ts';
import { type FaultProxy, type NodeFault, startFaultProxy } from '../../../src/runtime/rehearse/nodeProxy.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

let proxy: FaultProxy;
const get = useKeeper(async (url) => {
  proxy = await startFaultProxy(url);
  return proxy;
});

const faults: readonly NodeFault[] = ['refuses', 'hangs', 'serverError', 'garbage', 'truncated', 'nonsense'];
/** Faults that show that the node is away; the others could as well be a wrong answer. */
const away: ReadonlySet<NodeFault> = new Set(['refuses', 'hangs', 'serverError', 'garbage', 'truncated']);

/** A keeper with the configured chain, but without patience: no repeats, and a third of a second for an answer. */
async function impatient(keeper: KeeperOnDevnet) {
  const open = await keeper.world();
  const chain = await openChain({ url: proxy.url, chainId: 1, timeoutMs: 333, retries: 0 });
  const world = { ...open.world, chain };
  return async () => (await tickFleet(world, open.vaults))[0] as TickResult;
}

/**
 * Ticks once for every request of a healthy tick, the node failing from that request on. A tick that halts before it gets
 * there met a machine too busy to answer in time, and is repeated.
 */
async function breakAtEveryRequest(
  fault: NodeFault,
  tick: () => Promise<TickResult>,
  onBroken: (result: TickResult, after: number) => Promise<void>,
): Promise<number> {
  let after = 0;
  for (let attempt = 0; attempt < 60 && after < 40; attempt += 1) {
    proxy.breakAfter(after, fault);
    const result = await tick();
    const reached = proxy.requests > after;
    proxy.heal();
    if (!reached && result.decision.kind !== 'halt') return after;
    await onBroken(result, after);
    if (reached) after += 1;
  }
  throw new Error('a tick makes fewer requests than that');
}

describe('a node that fails in the middle of a tick', () => {
  it.each(faults)(
    '%s from any request on: halts, sends nothing, and hedges once when it is back',
    async (fault) => {
      const keeper = get();
      const tick = await impatient(keeper);
      const before = await keeper.traces();
      const requests = await breakAtEveryRequest(fault, tick, async ({ decision, order }, after) => {
        expect(decision.kind, `after ${after}`).toBe('halt');
        expect(away.has(fault) ? ['chainFault'] : ['chainFault', 'dataFault']).toContain(decision.code);
        expect(decision.why).not.toContain(proxy.url);
        expect(order).toBeNull();
        expect(await keeper.traces()).toEqual(before);
      });
      expect(requests).toBeGreaterThan(5);
      await keeper.expectHedgesOnce();
    },
  );

  it.each(faults)('%s while an order is being followed: books it once', async (fault) => {
    const keeper = get();
    const tick = await impatient(keeper);
    expect((await tick()).decision.kind).toBe('hedge');
    await keeper.devnet.mineBlock();
    const { nonce, sequence } = await keeper.traces();
    await breakAtEveryRequest(fault, tick, async ({ decision, order }) => {
      expect(decision.kind).toBe('halt');
      expect(order).toBeNull();
      expect(await keeper.traces()).toMatchObject({ nonce, sequence });
    });
    await keeper.settle();
    const [order] = await keeper.orders();
    expect(order?.events.filter(({ event }) => event.kind === 'filled').length).toBe(1);
    expect(await keeper.events()).toHaveLength(1);
    await keeper.expectBooked();
  });

  it('is asked again before it counts as gone, as configured', async () => {
    const keeper = get();
    await keeper.world();
    proxy.breakAfter(3, 'serverError');
    const healing = setTimeout(() => proxy.heal(), 100);
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    clearTimeout(healing);
    await keeper.expectHedgesOnce();
  });
});

describe('a node that lags behind or lies', () => {
  it('has no receipt for what was mined: the order stays unknown, and is booked when it has', async () => {
    const keeper = get();
    await keeper.tick();
    await keeper.devnet.mineBlock();
    const sent = await keeper.traces();
    proxy.answerInstead('eth_getTransactionReceipt', null);
    const { decision, settled, open } = await keeper.tick();
    expect(decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
    expect(settled).toEqual([]);
    expect(open).toHaveLength(1);
    expect(await keeper.traces()).toEqual(sent);
    proxy.heal();
    expect((await keeper.tick()).settled.map(({ event }) => event.kind)).toEqual(['filled']);
    expect(await keeper.events()).toHaveLength(1);
    await keeper.expectBooked();
  });

  it('has an old nonce: what was mined is not sent a second time, nor anything in its place', async () => {
    const keeper = get();
    await keeper.tick();
    await keeper.devnet.mineBlock();
    proxy.answerInstead('eth_getTransactionCount', '0x0');
    for (let block = 0; block < 6; block += 1) {
      const { order } = await keeper.tick();
      expect(order).toBeNull();
      await keeper.devnet.mineBlock();
    }
    proxy.heal();
    await keeper.expectBookedOnceSettled();
    expect(await keeper.events()).toHaveLength(1);
  });

  it('shows the receipt of another transaction: halts, books nothing', async () => {
    const keeper = get();
    await keeper.tick();
    const block = await keeper.devnet.mineBlock();
    const mined = block.transactionHashes.at(-1);
    const receipt = await keeper.devnet.node.request<object>('eth_getTransactionReceipt', [mined]);
    proxy.answerInstead('eth_getTransactionReceipt', { ...receipt, transactionHash: `0x${'ab'.repeat(32)}` });
    const { decision, settled } = await keeper.tick();
    expect(decision).toMatchObject({ kind: 'halt', code: 'dataFault' });
    expect(settled).toEqual([]);
    proxy.heal();
    await keeper.expectBookedOnceSettled();
    expect(await keeper.events()).toHaveLength(1);
  });

  it('is of another chain: refused when the keeper starts', async () => {
    const keeper = get();
    proxy.answerInstead('eth_chainId', '0xa');
    await expect(keeper.world()).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
    expect(keeper.relay.status().requests).toBe(0);
  });
});
