import { describe, expect, it } from 'vitest';
import { pastOf } from '../../../../src/engine/order/history.ts';
import { newestOrdersOf } from '../../../../src/engine/order/newestOrders.ts';
import { paperHoldings, paperKey } from '../../../../src/engine/order/paper.ts';
import type { OrderEvent, Store } from '../../../../src/ports/store.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import {
  hashOf,
  recordOrder,
  sampleAttempt,
  sampleFill,
  sampleOrder,
  signerAddress,
} from '../../../support/journalSamples.ts';

const vault = 'eth-strangle';
const signed: OrderEvent = { kind: 'signed', attempt: sampleAttempt(3) };
const filled: OrderEvent = { kind: 'filled', fill: sampleFill(3, 101n) };
const final: OrderEvent = { kind: 'final', blockNumber: 101n };
const expired: OrderEvent = { kind: 'expired', why: 'deadline', atBlock: 106n, atBlockHash: hashOf(106) };
const paper: OrderEvent = { kind: 'paper', baseRaw: 10n, quoteRaw: 20n, blockNumber: 100n };
const reverted: OrderEvent = {
  kind: 'reverted',
  transactionHash: sampleAttempt(3).transactionHash,
  blockNumber: 101n,
  blockHash: hashOf(101),
  gasUsed: 1n,
  gasPaidWei: 1n,
};

/** A journal with one order per list of events, oldest first, each decided at the block at which the one before failed. */
async function journal(...orders: readonly (readonly OrderEvent[])[]): Promise<Store> {
  return journalFrom(101n, orders);
}

async function journalFrom(
  decidedAtBlock: bigint,
  orders: readonly (readonly OrderEvent[])[],
): Promise<Store> {
  const store = memoryStore();
  for (const [index, events] of orders.entries()) {
    const record = { ...sampleOrder(BigInt(index + 1)), decidedAtBlock };
    await recordOrder(store, record);
    for (const event of events) await store.appendEvent(record.id, event, 1);
  }
  return store;
}

describe('what a vault did before', () => {
  it('is nothing at first', async () => {
    expect(await pastOf(newestOrdersOf(await journal(), vault))).toEqual({
      lastHedge: null,
      consecutiveFailures: 0,
      inclusions: [],
    });
  });

  it('is the last fill, final or not, with the chain time of its decision', async () => {
    const lastHedge = {
      blockNumber: 101n,
      timestampSeconds: sampleOrder(1n).decidedAtSeconds,
      side: 'sell',
      baseRaw: sampleFill(3, 101n).baseRaw,
    };
    expect((await pastOf(newestOrdersOf(await journal([signed, filled]), vault))).lastHedge).toEqual(
      lastHedge,
    );
    expect((await pastOf(newestOrdersOf(await journal([signed, filled, final]), vault))).lastHedge).toEqual(
      lastHedge,
    );
  });

  it('counts no failures from before an order that eased margin and landed', async () => {
    const store = await journal([signed, reverted, final], [signed, reverted, final]);
    const record = sampleOrder(3n);
    await recordOrder(store, { ...record, order: { ...record.order, baseRaw: 0n } });
    await store.appendEvent(record.id, signed, 1);
    expect((await pastOf(newestOrdersOf(store, vault))).consecutiveFailures).toBe(2);
    await store.appendEvent(record.id, { kind: 'filled', fill: { ...sampleFill(3, 101n), baseRaw: 0n } }, 1);
    expect(await pastOf(newestOrdersOf(store, vault))).toMatchObject({
      lastHedge: null,
      consecutiveFailures: 0,
    });
  });

  it('counts reverts since the last hedge and nothing that cost nothing', async () => {
    const store = await journal(
      [signed, reverted],
      [signed, filled],
      [signed, reverted, final],
      [signed, expired],
      [],
    );
    expect((await pastOf(newestOrdersOf(store, vault))).consecutiveFailures).toBe(1);
  });

  it('counts what failed together once: what is decided on top of a fill fails with it in a reorg', async () => {
    const store = await journalFrom(100n, [
      [signed, reverted],
      [signed, reverted],
      [signed, reverted],
    ]);
    expect((await pastOf(newestOrdersOf(store, vault))).consecutiveFailures).toBe(1);
  });

  it('looks past any page of orders that no block took', async () => {
    const store = await journal([signed, filled], ...Array.from({ length: 40 }, () => [signed, expired]));
    expect((await pastOf(newestOrdersOf(store, vault))).lastHedge).not.toBeNull();
  });
});

describe('paper holdings', () => {
  const total = async (store: Store) => {
    const memory = await store.recall(vault, paperKey);
    const held = await paperHoldings(store, vault, [signerAddress], newestOrdersOf(store, vault), memory);
    return held.baseRaw;
  };

  it('are the same with and without what was remembered', async () => {
    const store = await journal(...Array.from({ length: 30 }, () => [paper]));
    expect(await total(store)).toBe(-300n);
    await recordOrder(store, sampleOrder(31n));
    await store.appendEvent(sampleOrder(31n).id, paper, 1);
    expect(await total(store)).toBe(-310n);
    await store.remember(vault, 'engine.paper', { nonsense: true });
    expect(await total(store)).toBe(-310n);
  });

  it('start over where the remembered order is not in this journal', async () => {
    const store = await journal([paper], [paper]);
    const elsewhere = { throughOrder: 'other#1.1', signer: signerAddress, baseRaw: '-999', quoteRaw: '0' };
    await store.remember(vault, 'engine.paper', elsewhere);
    expect(await total(store)).toBe(-20n);
  });

  it('do not take an order for settled that is still open below settled ones', async () => {
    const store = await journal([signed], ...Array.from({ length: 20 }, () => [paper]));
    expect(await total(store)).toBe(-200n);
    const answer = { status: 'withheld', detail: '' } as const;
    const { transactionHash } = sampleAttempt(3);
    await store.appendEvent(sampleOrder(1n).id, { kind: 'answered', transactionHash, relay: 'a', answer }, 2);
    await store.appendEvent(sampleOrder(1n).id, paper, 2);
    expect(await total(store)).toBe(-210n);
  });
});
