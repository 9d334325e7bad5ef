import { describe, expect, it } from 'vitest';
import { fuseWatch, type JournalWrite, watched } from '../../../../src/runtime/rehearse/journalWrites.ts';
import { emptyStore } from '../../../../src/runtime/worlds/look.ts';
import { recordOrder, sampleAttempt, sampleOrder } from '../../../support/journalSamples.ts';

describe('a journal that tells of its writes', () => {
  it('tells before a write and once it is durable, under the name of what is written', async () => {
    const told: string[] = [];
    const store = watched(emptyStore, (write) => {
      told.push(`before ${write}`);
      return () => told.push(`after ${write}`);
    });
    const attempt = sampleAttempt(1);
    await recordOrder(store, sampleOrder(1n));
    await store.appendEvent('v#1.1', { kind: 'signed', attempt }, 1);
    await store.appendEvent('v#1.1', { kind: 'signed', attempt: { ...attempt, rung: 1 } }, 1);
    await store.appendFillerEvent('1:0x:0.1', { kind: 'closed', blockNumber: 1n }, 1);
    await store.remember('#1:0x', 'engine.foreign', true);
    await store.remember('v', 'engine.executions', []);
    await store.remember('v', 'policy', true);
    const writes: JournalWrite[] = [
      'order',
      'signed',
      'signedAgain',
      'fillerClosed',
      'lane',
      'execution',
      'memory',
    ];
    expect(told).toEqual(writes.flatMap((write) => [`before ${write}`, `after ${write}`]));
  });

  it('says nothing of what fails after it was begun', async () => {
    const told: string[] = [];
    const failing = { ...emptyStore, recordDecision: () => Promise.reject(new Error('full')) };
    const store = watched(failing, () => () => told.push('after'));
    await expect(recordOrder(store, sampleOrder(1n))).rejects.toThrow('full');
    expect(told).toEqual([]);
  });
});

describe('a fuse', () => {
  const blowsAt = (when: 'before' | 'after', writes: readonly JournalWrite[]) => {
    const blown: number[] = [];
    const on = fuseWatch({ write: 'filled', when, nth: 2 }, () => blown.push(step));
    let step = 0;
    const ends: (() => void)[] = [];
    for (const write of writes) {
      step += 1;
      ends.push(on(write));
    }
    for (const end of ends) {
      step += 1;
      end();
    }
    return blown;
  };

  it('blows once, before the write that it stands for', () => {
    expect(blowsAt('before', ['signed', 'filled', 'signed', 'filled', 'filled'])).toEqual([4]);
  });

  it('blows once that write is durable, also where others were begun meanwhile', () => {
    expect(blowsAt('after', ['filled', 'filled', 'filled'])).toEqual([5]);
  });

  it('does not blow where the write does not come', () => {
    expect(blowsAt('after', ['filled', 'signed'])).toEqual([]);
  });
});
