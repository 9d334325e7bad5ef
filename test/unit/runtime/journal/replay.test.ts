import { describe, expect, it } from 'vitest';
import { replayLines } from '../../../../src/cli/output/replay.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { decide } from '../../../../src/core/decide.ts';
import type { Decision } from '../../../../src/core/decision.ts';
import { bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { replayJournal } from '../../../../src/runtime/journal/replay.ts';
import { memoryStore } from '../../../../src/sim/memoryStore.ts';
import { nowSeconds, snapshotWith, spotBase } from '../../../support/snapshot.ts';

const band = (base: number) => bindPolicy('fixedBand', fixedBand, { halfWidth: { base }, tradeTo: 'centre' });
const limits = { ...defaultLimits, maxGasQuote: 10_000 };
const vault = snapshotWith().vault.name;

/** A vault that is long so much base, a block later each time. */
const at = (block: number, base: number): Snapshot => {
  const snapshot = snapshotWith({ positions: [spotBase(base)] });
  const timestampSeconds = nowSeconds + 12 * block;
  return { ...snapshot, chain: { ...snapshot.chain, block: { ...snapshot.chain.block, timestampSeconds } } };
};
const snapshots = [0.2, 0.8, 1.5, 3].map((base, block) => at(block, base));

async function journalOf(records: readonly { snapshot: Snapshot | null; decision: Decision }[]) {
  const store = memoryStore();
  for (const [index, { snapshot, decision }] of records.entries()) {
    const recordedAtSeconds = nowSeconds + 12 * index;
    const record = { policy: 'fixedBand', recordedAtSeconds, blockNumber: BigInt(index), snapshot, decision };
    await store.recordDecision({ vault, ...record });
    await store.recordDecision({ vault: 'another', ...record });
  }
  return store;
}

const decided = (base: number) =>
  snapshots.map((snapshot) => ({ snapshot, decision: decide(snapshot, band(base), limits) }));

describe('a journal that is decided again', () => {
  it('comes out the same, to the byte, with the same policy', async () => {
    const store = await journalOf(decided(1));
    const result = await replayJournal(store, { vault, policy: band(1), limits });
    expect(result).toEqual({
      vault,
      policy: 'fixedBand',
      same: 4,
      identical: 4,
      heldByEngine: 0,
      changed: [],
      unread: 0,
    });
  });

  it('lists what another policy does otherwise, and what that costs; another reason to wait is no change', async () => {
    const store = await journalOf(decided(1));
    const { same, identical, changed } = await replayJournal(store, { vault, policy: band(2), limits });
    expect(changed.map(({ then, now }) => [then.kind, now.kind])).toEqual([['hedge', 'hold']]);
    expect(changed[0]!.costDifferenceQuote).toBe(-changed[0]!.then.numbers.cost!.totalQuote);
    expect([same, identical]).toEqual([3, 0]);
  });

  it('leaves the last word to the engine where it had it', async () => {
    const [, , third] = decided(1);
    const open: Decision = { ...third!.decision, kind: 'hold', code: 'orderOpen', why: 'an order is open' };
    const store = await journalOf([{ snapshot: third!.snapshot, decision: open }]);
    const result = await replayJournal(store, { vault, policy: band(1), limits });
    expect(result).toMatchObject({ same: 1, heldByEngine: 1, changed: [] });
  });

  it('counts what was never read apart', async () => {
    const halt: Decision = { ...decided(1)[0]!.decision, kind: 'halt', code: 'chainFault' };
    const store = await journalOf([{ snapshot: null, decision: halt }]);
    expect(await replayJournal(store, { vault, policy: band(1), limits })).toMatchObject({
      same: 0,
      unread: 1,
    });
  });

  it('looks at the time that is asked for only', async () => {
    const store = await journalOf(decided(1));
    const window = { fromSeconds: nowSeconds + 12, toSeconds: nowSeconds + 36 };
    expect(await replayJournal(store, { vault, policy: band(1), limits, ...window })).toMatchObject({
      same: 2,
    });
  });

  it('is shown with what changed only', async () => {
    const store = await journalOf(decided(1));
    const lines = replayLines(await replayJournal(store, { vault, policy: band(2), limits }), plainStyle);
    const text = lines.join('\n');
    expect(text).toMatch(/same 3 \| changed 1 {3}fixedBand/);
    expect(text).toMatch(/d-5 +2026-02-02 02:40:24Z +sell 1\.5000 +hold +−\d+\.\d\d/);
    expect(text).toMatch(/inside the band/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
