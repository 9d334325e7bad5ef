import { describe, expect, it } from 'vitest';
import { orderState } from '../../../src/engine/order/orderState.ts';
import { useKeeper } from '../../support/keeperOnDevnet.ts';

const get = useKeeper();
const gwei = 10n ** 9n;

describe('gas', () => {
  it('no gas money: halts, names the account, and hedges once it has some', async () => {
    const keeper = get();
    const { address } = keeper.devnet.accounts.keeper;
    await keeper.devnet.setEther(address, 0n);
    const halted = await keeper.expectNothingSent('halt', 'gasMoney', /has 0 wei for gas, .* send it some/);
    expect(halted.decision.why).toContain(address);
    expect(await keeper.orders()).toEqual([]);
    await keeper.devnet.setEther(address, 10n ** 18n);
    await keeper.expectHedgesOnce();
  });

  it('dear gas: holds until it is cheaper', async () => {
    const keeper = get();
    keeper.devnet.setBaseFee(180n * gwei);
    await keeper.devnet.mineBlock();
    await keeper.expectNothingSent('hold', 'gasCap', /gas would cost [\d,.]+ USDC, the cap is 100/);
    keeper.devnet.setBaseFee(1n * gwei);
    await keeper.devnet.mineBlock();
    await keeper.expectHedgesOnce();
  });

  it('a spike between decision and inclusion: left out, not lost, decided again for the same sequence', async () => {
    const keeper = get();
    const { devnet } = keeper;
    expect((await keeper.tick()).decision.kind).toBe('hedge');
    for (let block = 0; block < 3; block += 1) {
      await devnet.mineBlock({ baseFeeWei: 40n * gwei });
      expect(await keeper.tick()).toMatchObject({ order: null, settled: [] });
    }
    expect(keeper.relay.skips().length).toBeGreaterThan(0);
    await devnet.mineBlock();
    await keeper.expectHedgesOnce();
    const orders = await keeper.orders();
    expect(orders.map((order) => [order.record.id, orderState(order).status])).toEqual([
      ['eth-strangle#0.2', 'filled'],
      ['eth-strangle#0.1', 'expired'],
    ]);
    const nonces = orders.map(
      ({ events }) => events[0]?.event.kind === 'signed' && events[0].event.attempt.nonce,
    );
    expect(nonces[0]).toBe(nonces[1]);
  });

  it('included only after its deadline: reverts, trades nothing, is booked with its gas and decided again', async () => {
    const keeper = get();
    const { devnet } = keeper;
    const { order } = await keeper.tick();
    const attempt = order?.state.status === 'submitted' ? order.state.attempt : null;
    const balances = await keeper.balances();
    const { timestampSeconds } = await devnet.node.head();
    await devnet.mineBlock({
      rawTransactions: [attempt!.rawTransaction],
      timestampSeconds: timestampSeconds + 49,
    });
    expect(await keeper.events()).toEqual([]);
    expect(await keeper.balances()).toEqual(balances);
    const { settled, decision } = await keeper.tick();
    expect(settled.map(({ event }) => event)).toMatchObject([
      { kind: 'reverted', transactionHash: attempt!.transactionHash },
    ]);
    expect(settled[0]?.event.kind === 'reverted' && settled[0].event.gasPaidWei > 0n).toBe(true);
    expect(decision.kind).toBe('hedge');
    await keeper.expectHedgesOnce();
  });
});
