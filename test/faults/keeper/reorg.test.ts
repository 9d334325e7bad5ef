import { describe, expect, it } from 'vitest';
import { attemptOf, orderState } from '../../../src/engine/order/orderState.ts';
import type { OrderHistory } from '../../../src/ports/store.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

/** The newest blocks are replaced by empty ones; what was in them is in no block and no pool any more. */
const reorg = ({ devnet }: KeeperOnDevnet, depth: number) => devnet.node.request('anvil_reorg', [depth, []]);

const kindsOf = ({ events }: OrderHistory) =>
  events.map(({ event }) => event.kind).filter((kind) => kind !== 'answered');

/** A keeper whose first hedge is filled and booked. */
async function withFilledOrder(keeper: KeeperOnDevnet) {
  const start = await keeper.balances();
  await keeper.tick();
  await keeper.devnet.mineBlock();
  const { settled } = await keeper.tick();
  expect(settled.map(({ event }) => event.kind)).toEqual(['filled']);
  const [order] = await keeper.orders();
  const raw = attemptOf(orderState(order as OrderHistory))?.rawTransaction;
  return { start, after: await keeper.balances(), raw };
}

describe('a fill that a reorg takes back', () => {
  it('inside its window: unknown again, the same bytes go out again, one effect', async () => {
    const keeper = get();
    const { start, raw } = await withFilledOrder(keeper);
    const before = await keeper.traces();
    await reorg(keeper, 1);
    expect(await keeper.balances()).toEqual(start);
    expect((await keeper.traces()).sequence).toBe(0n);

    const { settled, decision, order, open } = await keeper.tick();
    expect(settled.map(({ event }) => event.kind)).toEqual(['reorged']);
    expect(decision).toMatchObject({ kind: 'hold', code: 'orderOpen' });
    expect(order).toBeNull();
    expect(open.map(({ state }) => attemptOf(state)?.rawTransaction)).toEqual([raw]);
    expect((await keeper.traces()).relayRequests).toBeGreaterThan(before.relayRequests);

    await keeper.expectHedgesOnce();
    const orders = await keeper.orders();
    expect(orders.map(kindsOf)).toEqual([['signed', 'filled', 'reorged', 'filled']]);
    expect(await keeper.events()).toHaveLength(1);
    expect((await keeper.balances())[0]).toBe(0n);
  });

  it('past its window: expires, and is decided again for the same sequence, one effect', async () => {
    const keeper = get();
    const { start } = await withFilledOrder(keeper);
    for (let block = 0; block < 4; block += 1) await keeper.devnet.mineBlock();
    await keeper.tick();
    await reorg(keeper, 5);
    const { timestampSeconds } = await keeper.devnet.node.head();
    await keeper.devnet.mineBlock({ timestampSeconds: timestampSeconds + 48 });
    expect(await keeper.balances()).toEqual(start);

    const { settled, order } = await keeper.tick();
    expect(settled.map(({ event }) => event.kind)).toEqual(['reorged', 'expired']);
    expect(order?.record).toMatchObject({ id: 'eth-strangle#0.2', order: { sequence: 0n } });
    await keeper.expectHedgesOnce();
    expect(await keeper.events()).toHaveLength(1);
    expect((await keeper.balances())[0]).toBe(0n);
  });

  it('seen only by the next process: the same, from the journal alone', async () => {
    const keeper = get();
    const { raw } = await withFilledOrder(keeper);
    await keeper.close();
    await reorg(keeper, 1);
    const { settled, open } = await keeper.tick();
    expect(settled.map(({ event }) => event.kind)).toEqual(['reorged']);
    expect(open.map(({ state }) => attemptOf(state)?.rawTransaction)).toEqual([raw]);
    await keeper.expectHedgesOnce();
    expect(await keeper.events()).toHaveLength(1);
  });

  it('and included again by the other branch in another block: rebooked there, by block hash', async () => {
    const keeper = get();
    const { raw } = await withFilledOrder(keeper);
    await reorg(keeper, 1);
    await keeper.devnet.mineBlock({ rawTransactions: [raw!] });
    const { settled, decision } = await keeper.tick();
    expect(settled.map(({ event }) => event.kind)).toEqual(['reorged', 'filled']);
    expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
    const head = await keeper.devnet.node.head();
    const [order] = await keeper.orders();
    const state = orderState(order as OrderHistory);
    expect(state.status === 'filled' && state.fill.blockHash).toBe(head.hash);
    await keeper.expectBooked();
  });
});

describe('an expiry that a reorg takes back', () => {
  it('does not let the old order and its replacement both execute', async () => {
    const keeper = get();
    keeper.relay.misbehave({ kind: 'drop' });
    const { order } = await keeper.tick();
    const raw = order && attemptOf(order.state)?.rawTransaction;
    for (let block = 0; block < 4; block += 1) await keeper.devnet.mineBlock();
    keeper.relay.behave();
    expect((await keeper.tick()).order?.record.id).toBe('eth-strangle#0.2');
    await reorg(keeper, 4);
    await keeper.devnet.mineBlock({ rawTransactions: [raw!] });
    await keeper.expectBookedOnceSettled();
    expect(await keeper.events()).toHaveLength(1);
    expect((await keeper.balances())[0]).toBe(0n);
  });
});
