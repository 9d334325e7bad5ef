import { describe, expect, it } from 'vitest';
import { orderState } from '../../../src/engine/order/orderState.ts';
import { tickFleet } from '../../../src/engine/tick.ts';
import { parseConfig } from '../../../src/runtime/config/load.ts';
import { openLive } from '../../../src/runtime/worlds/live.ts';
import { type KeeperOnDevnet, useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();

/** The same key somewhere else, over a journal of its own, with a price bound of its own: other bytes, the same nonce. */
async function secondKeeper({ configText, tools }: KeeperOnDevnet) {
  const text = configText
    .replace('journal.sqlite', 'second.sqlite')
    .replace('quoteToleranceBps: 100', 'quoteToleranceBps: 90');
  const { world, vaults, close } = await openLive(parseConfig('second.yaml', text, tools), tools);
  return {
    tick: async () => (await tickFleet(world, vaults))[0],
    orders: () => world.store.orders('eth-strangle', 100),
    close,
  };
}

describe('somebody else with the same key', () => {
  it('used the nonce: the order is given up with that reason, and decided again with the next nonce', async () => {
    const keeper = get();
    const { accounts, transact } = keeper.devnet;
    keeper.relay.misbehave({ kind: 'drop' });
    await keeper.tick();
    keeper.relay.behave();
    const to = accounts.user.address;
    await transact(accounts.keeper, [{ label: 'a transfer', to, data: '0x', valueWei: 1n }]);
    const { settled, order } = await keeper.tick();
    expect(settled.map(({ event }) => event)).toMatchObject([{ kind: 'expired', why: 'nonceUsed' }]);
    expect(order?.record).toMatchObject({ id: 'eth-strangle#0.2', order: { sequence: 0n } });
    expect(order?.state.status === 'submitted' && order.state.attempt.nonce).toBe(1);
    await keeper.expectHedgesOnce();
  });

  it('is a second keeper with a journal of its own: one effect, and each journal knows what became of its order', async () => {
    const keeper = get();
    const second = await secondKeeper(keeper);
    try {
      expect((await keeper.tick()).decision.kind).toBe('hedge');
      expect((await second.tick())?.decision.kind).toBe('hedge');
      await keeper.devnet.mineBlock();
      await keeper.expectBookedOnceSettled();
      for (let block = 0; block < 5; block += 1) await keeper.devnet.mineBlock();
      const last = await second.tick();
      expect(last?.decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
      expect(last?.open).toEqual([]);
      const states = [...(await keeper.orders()), ...(await second.orders())].map(orderState);
      expect(states.map(({ status }) => status).sort()).toEqual(['expired', 'filled']);
      expect(await keeper.events()).toHaveLength(1);
    } finally {
      await second.close();
    }
  });
});
