import { describe, expect, it } from 'vitest';
import type { LendingSteps, WithdrawalStep } from '../../../../src/core/decision.ts';
import { newestOrdersOf } from '../../../../src/engine/order/newestOrders.ts';
import { paperHoldings, paperKey } from '../../../../src/engine/order/paper.ts';
import type { OrderEvent, Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { recordOrder, sampleOrder, signerAddress } from '../../../support/journalSamples.ts';

const vault = 'eth-strangle';
const pool = '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2';
const steps = (before: LendingSteps['before'], after: LendingSteps['after'] = []): LendingSteps => ({
  before,
  after,
});

interface OnPaper {
  readonly side: 'sell' | 'buy';
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  readonly lending?: LendingSteps;
  readonly withdrawals?: readonly WithdrawalStep[];
}

/** Borrowed and sold; bought and repaid in part; collateral added without a trade. */
const orders: readonly OnPaper[] = [
  {
    side: 'sell',
    baseRaw: 10n,
    quoteRaw: 300n,
    lending: steps([{ kind: 'borrow', asset: 'base', amountRaw: 8n, pool }]),
  },
  {
    side: 'buy',
    baseRaw: 4n,
    quoteRaw: 100n,
    lending: steps([], [{ kind: 'repay', asset: 'base', amountRaw: 3n, pool }]),
  },
  {
    side: 'sell',
    baseRaw: 0n,
    quoteRaw: 0n,
    lending: steps([{ kind: 'supply', asset: 'quote', amountRaw: 50n, pool }]),
  },
];

async function write(
  store: Store,
  sequence: number,
  { side, baseRaw, quoteRaw, lending, withdrawals }: OnPaper,
) {
  const record = sampleOrder(BigInt(sequence));
  const order = {
    ...record.order,
    side,
    baseRaw,
    ...(lending === undefined ? {} : { lending }),
    ...(withdrawals === undefined ? {} : { withdrawals }),
  };
  await recordOrder(store, { ...record, order });
  const event: OrderEvent = { kind: 'paper', baseRaw, quoteRaw, blockNumber: 100n };
  await store.appendEvent(record.id, event, 1);
}

const holdings = async (store: Store) =>
  paperHoldings(
    store,
    vault,
    [signerAddress],
    newestOrdersOf(store, vault),
    await store.recall(vault, paperKey),
  );

const together = {
  baseRaw: -6n,
  quoteRaw: 200n,
  lending: { baseSuppliedRaw: 0n, baseDebtRaw: 5n, quoteSuppliedRaw: 50n, quoteDebtRaw: 0n },
};

describe('fills on paper', () => {
  it('keep what was lent and borrowed apart from what was traded', async () => {
    const store = memoryStore();
    for (const [index, order] of orders.entries()) await write(store, index + 1, order);
    expect(await holdings(store)).toEqual(together);
  });

  it('say nothing of lending once all of it is repaid and withdrawn', async () => {
    const store = memoryStore();
    const back = steps(
      [{ kind: 'withdraw', asset: 'quote', amountRaw: 50n, pool }],
      [{ kind: 'repay', asset: 'base', amountRaw: 5n, pool }],
    );
    const all = [...orders, { side: 'buy' as const, baseRaw: 6n, quoteRaw: 200n, lending: back }];
    for (const [index, order] of all.entries()) await write(store, index + 1, order);
    expect(await holdings(store)).toEqual({ baseRaw: 0n, quoteRaw: 0n });
  });

  it('count what withdrawn liquidity brought, and keep which was withdrawn over the running total', async () => {
    const store = memoryStore();
    const withdrawal = (tokenId: bigint, liquidity: bigint): WithdrawalStep => ({
      label: `uniswap v3 #${tokenId}`,
      manager: pool,
      tokenId,
      liquidity,
      baseRaw: 3n,
      quoteRaw: 40n,
    });
    const nothing = { side: 'sell', baseRaw: 0n, quoteRaw: 0n } as const;
    for (let sequence = 1; sequence <= 12; sequence += 1) {
      await write(store, sequence, { ...nothing, withdrawals: [withdrawal(BigInt(sequence % 2), 5n)] });
      await holdings(store);
    }
    expect(await store.recall(vault, paperKey)).toMatchObject({
      withdrawn: [{ tokenId: expect.any(String) }, { liquidity: expect.any(String) }],
    });
    const { withdrawn, ...brought } = await holdings(store);
    expect(brought).toEqual({ baseRaw: 36n, quoteRaw: 480n });
    expect(withdrawn).toHaveLength(2);
    expect(withdrawn).toContainEqual({ tokenId: 0n, liquidity: 30n });
    expect(withdrawn).toContainEqual({ tokenId: 1n, liquidity: 30n });
  });

  it('are added up from where the running total stands, lending with them', async () => {
    const store = memoryStore();
    for (let round = 0; round < 5; round += 1) {
      for (const [index, order] of orders.entries()) await write(store, 3 * round + index + 1, order);
      await holdings(store);
    }
    expect(await store.recall(vault, paperKey)).toMatchObject({
      lending: { baseDebtRaw: expect.any(String) },
    });
    expect(await holdings(store)).toEqual({
      baseRaw: -30n,
      quoteRaw: 1_000n,
      lending: { baseSuppliedRaw: 0n, baseDebtRaw: 25n, quoteSuppliedRaw: 250n, quoteDebtRaw: 0n },
    });
  });
});
