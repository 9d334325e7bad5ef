import { describe, expect, it } from 'vitest';
import type { OrderRecord, SignedAttempt } from '../../../src/ports/store.ts';
import { randomStream } from '../../../src/sim/random.ts';
import { recordOrder } from '../../support/journalSamples.ts';
import { type CallFate, SimulatedProcess } from './simulatedProcess.ts';
import { SimulatedDisk, simulatedStore } from './store.ts';
import { Timeline } from './timeline.ts';

const hash = `0x${'a'.repeat(64)}` as const;
const attempt = { transactionHash: hash, nonce: 0 } as SignedAttempt;
const record = { id: 'v#1.1', vault: 'v', chainId: 1, signer: '0x01' } as unknown as OrderRecord;

/** A store whose appended events meet a fate of their own; everything else goes through at once. */
function storeWith(fate: CallFate | null) {
  const timeline = new Timeline(0, randomStream(1, 'ties'));
  const disk = new SimulatedDisk();
  const process = new SimulatedProcess(
    timeline,
    (port) => (port === 'store.appendEvent' ? fate : null),
    () => disk.crash(() => 0),
  );
  return { timeline, disk, process, store: simulatedStore(disk, process, () => {}) };
}

describe('a simulated disk', () => {
  it('may lose a decision with its order as long as nothing was written after it', async () => {
    const { store, disk, process } = storeWith(null);
    await recordOrder(store, record);
    process.kill();
    expect(disk.histories()).toEqual([]);
  });

  it('keeps for good what it has acknowledged, and everything before, whatever dies', async () => {
    const { store, disk, process } = storeWith(null);
    await recordOrder(store, record);
    await store.remember('v', 'anything', 1);
    process.kill();
    expect(disk.histories().map((history) => history.record.id)).toEqual(['v#1.1']);
  });

  it('may lose a write whose answer is still on its way', async () => {
    const fate = { kind: 'delayed', effectSeconds: 1, answerSeconds: 5 } as const;
    const { store, disk, process, timeline } = storeWith(fate);
    await recordOrder(store, record);
    await store.remember('v', 'anything', 1);
    void store.appendEvent('v#1.1', { kind: 'signed', attempt }, 0);
    timeline.step();
    expect(disk.order('v#1.1')?.events).toHaveLength(1);
    expect(disk.holdsForGood(hash)).toBe(false);
    process.kill();
    expect(disk.order('v#1.1')?.events).toEqual([]);
  });

  it('holds signed bytes for good once their write is acknowledged', async () => {
    const fate = { kind: 'delayed', effectSeconds: 1, answerSeconds: 5 } as const;
    const { store, disk, process, timeline } = storeWith(fate);
    await recordOrder(store, record);
    void store.appendEvent('v#1.1', { kind: 'signed', attempt }, 0);
    timeline.step();
    timeline.step();
    process.kill();
    expect(disk.holdsForGood(hash)).toBe(true);
    expect(disk.order('v#1.1')?.events).toHaveLength(1);
  });

  it('has a write whose answer was lost, or has not where the question was', async () => {
    for (const [what, events] of [
      ['answer', 1],
      ['question', 0],
    ] as const) {
      const { store, disk, timeline } = storeWith({ kind: 'lost', what, seconds: 1 });
      await recordOrder(store, record);
      const written = store.appendEvent('v#1.1', { kind: 'signed', attempt }, 0);
      timeline.step();
      await expect(written).rejects.toThrow('journal');
      expect(disk.order('v#1.1')?.events).toHaveLength(events);
      expect(disk.holdsForGood(hash)).toBe(events === 1);
    }
  });
});
