import { describe, expect, it } from 'vitest';
import type { Band, Decision } from '../../../src/core/decision.ts';
import { shareOfLevel, vaultStatus } from '../../../src/runtime/status.ts';
import { memoryStore } from '../../../src/sim/memoryStore.ts';
import { recordOrder, sampleAttempt, sampleOrder } from '../../support/journalSamples.ts';

/** Where a vault stands that holds back at a net delta although its policy has such a band. */
async function statusAt(netDelta: number, band: Band) {
  const store = memoryStore();
  const numbers = { spot: 3_000, exposure: null, netDelta, band, cost: null };
  const decision: Decision = { kind: 'hold', code: 'inventory', why: 'held', warnings: [], numbers };
  const recorded = { vault: 'north', policy: 'optimalBand', recordedAtSeconds: 1, blockNumber: 1n };
  await store.recordDecision({ ...recorded, snapshot: null, decision });
  return vaultStatus(store, 'north');
}

describe('where a vault stands', () => {
  const around = { sell: { act: 4, target: 1 }, buy: { act: -2, target: -1 } };
  const below = { sell: { act: -2, target: -5 }, buy: { act: -10, target: -7 } };

  it('is measured against the level on its side', async () => {
    expect(await statusAt(2, around)).toMatchObject({ state: 'ok', shareOfAct: 0.5 });
    expect(await statusAt(-3, around)).toMatchObject({ state: 'beyond', shareOfAct: 1.5 });
  });

  it('is measured from the middle of a band that carry shifted off zero', async () => {
    expect(await statusAt(-6, below)).toMatchObject({ state: 'ok', shareOfAct: 0 });
    expect(await statusAt(-1, below)).toMatchObject({ state: 'beyond', shareOfAct: 1.25 });
    expect(await statusAt(1, below)).toMatchObject({ state: 'beyond', shareOfAct: 1.75 });
    expect(await statusAt(-11, below)).toMatchObject({ state: 'beyond', shareOfAct: 1.25 });
  });

  it('names an open order by where it is in its life: one that every relay turned down as refused', async () => {
    const store = memoryStore();
    const order = sampleOrder(1n, 1, 'north');
    await recordOrder(store, order);
    const attempt = sampleAttempt(1);
    const { transactionHash } = attempt;
    await store.appendEvent(order.id, { kind: 'signed', attempt }, 2);
    expect((await vaultStatus(store, 'north')).openOrders).toEqual([{ id: order.id, status: 'signed' }]);
    const answer = { status: 'refused', detail: 'nonce' } as const;
    await store.appendEvent(order.id, { kind: 'answered', transactionHash, relay: 'a', answer }, 3);
    expect((await vaultStatus(store, 'north')).openOrders).toEqual([{ id: order.id, status: 'refused' }]);
  });

  it('is no share of a level that is the middle of the band itself', () => {
    const point = { act: 0, target: 0 };
    expect(shareOfLevel({ sell: point, buy: point }, 1)).toBeNull();
  });
});
