import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/adapters/stores/index.ts';
import { searchDecisions } from '../../../src/dashboard/history/search.ts';
import { seriesOf } from '../../../src/dashboard/history/series.ts';
import { VaultHistory } from '../../../src/dashboard/history/vaultHistory.ts';
import type { PagedStore } from '../../../src/dashboard/source.ts';
import { keeperState } from '../../../src/dashboard/views/state.ts';
import { ownFolder } from '../../support/dashboard.ts';
import { writeLongJournal } from '../../support/longJournal.ts';

const DECISIONS = 1_300;
const DAMAGED = 700;
const folder = ownFolder();
const path = `${folder.path}/journal.sqlite`;
const pause = () => Promise.resolve();

let store: PagedStore;
let history: VaultHistory;

beforeAll(async () => {
  await writeLongJournal({ path, decisions: DECISIONS, haltEvery: 500 });
  const database = new Database(path);
  database.exec('DROP TRIGGER decisions_no_update');
  database.exec(
    `UPDATE decisions SET decision = replace(decision, 'insideBand', 'outsideBnd') WHERE number = ${DAMAGED}`,
  );
  database.close();
  store = (await sqlite.open({ path, readOnly: true })) as PagedStore;
  history = new VaultHistory(store, 'eth-calls');
  await history.start();
});

afterAll(async () => {
  await store.close();
  folder.remove();
});

describe('what the dashboard keeps of a journal', () => {
  it('begins with the newest and is complete in the end, in order', async () => {
    expect(history.isComplete).toBe(false);
    expect(history.columns.range?.newest).toBe(DECISIONS);
    await history.complete(pause, new AbortController().signal);
    expect(history.isComplete).toBe(true);
    const numbers = [...history.columns.column('number')];
    expect(numbers).toEqual(Array.from({ length: DECISIONS }, (_, index) => index + 1));
    const times = history.columns.column('atSeconds');
    expect(times.every((at, index) => index === 0 || at >= times[index - 1]!)).toBe(true);
  });

  it('keeps a damaged row in its place, marked, with none of its numbers', () => {
    const { rows } = searchDecisions([history], { kind: 'corrupt' }, 0, 10);
    expect(rows.map(({ id }) => id)).toEqual([`d-${DAMAGED}`]);
    expect(rows[0]).toMatchObject({ code: 'corrupt', netDelta: null, spot: null });
  });

  it('finds words of what was decided, in any order and case, with the signs of a keyboard', async () => {
    const count = (text: string) => searchDecisions([history], { text }, 0, 1).total;
    const { decision } = (await store.decisions('eth-calls', 1))[0]!;
    const words = decision.why
      .replace(/\u2212/g, '-')
      .toUpperCase()
      .split(' ');
    expect(count(words.toReversed().join('  '))).toBeGreaterThanOrEqual(1);
    expect(count(`${decision.why} and more`)).toBe(0);
    expect(count(' ')).toBe(DECISIONS);
    const halts = searchDecisions([history], { kind: 'halt' }, 0, 10).rows;
    const [halted] = halts;
    const { decision: first } = (await store.decision(halted!.id))!;
    const found = searchDecisions([history], { text: first.why }, 0, 10).rows.map(({ id }) => id);
    expect(found).toContain(halted!.id);
    expect(found.length).toBeLessThanOrEqual(halts.length);
  });

  it('finds by kind, reason and time, newest first, and pages by the newest that counts', () => {
    const halts = searchDecisions([history], { kind: 'halt' }, 0, 100);
    expect(halts.rows.map(({ id }) => id)).toEqual(['d-1000', 'd-500']);
    expect(halts.rows.every(({ code }) => code === 'oracleStale')).toBe(true);
    const all = searchDecisions([history], {}, 0, 5);
    expect(all.total).toBe(DECISIONS);
    const next = searchDecisions([history], { upTo: all.upTo }, 5, 5);
    expect(next.rows[0]!.id).toBe(`d-${DECISIONS - 5}`);
    const earlier = searchDecisions([history], { upTo: 100 }, 0, 5);
    expect(earlier).toMatchObject({ total: 100 });
    const from = history.columns.column('atSeconds')[200]!;
    const to = history.columns.column('atSeconds')[299]!;
    expect(searchDecisions([history], { fromSeconds: from, toSeconds: to }, 0, 1).total).toBe(100);
    expect(searchDecisions([history], { code: 'nothing of the kind' }, 0, 1).total).toBe(0);
  });

  it('keeps every breach when it thins, and says of how many decisions', () => {
    const all = seriesOf(history.columns, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 20);
    expect(all.of).toBe(DECISIONS);
    expect(all.atSeconds.length).toBeLessThan(DECISIONS / 4);
    const known = (values: ArrayLike<number | null>) =>
      Array.from(values).filter((value): value is number => value !== null && !Number.isNaN(value));
    const whole = known(history.columns.column('netDelta'));
    expect(Math.max(...known(all.columns.netDelta))).toBe(Math.max(...whole));
    expect(Math.min(...known(all.columns.netDelta))).toBe(Math.min(...whole));
    expect(all.halts).toHaveLength(2);
  });

  it('books every hedge of the journal once, at the price it was decided at', async () => {
    const hedges = await history.hedges(pause);
    const orders = await store.orders('eth-calls', 10_000);
    expect(hedges.map(({ orderId }) => orderId)).toEqual(orders.map(({ record }) => record.id).toReversed());
    for (const hedge of hedges) {
      const decided = await store.decision(hedge.decisionId);
      expect(hedge.fairPrice).toBe(decided?.decision.numbers.spot);
      expect(hedge.feeQuote + hedge.impactQuote).toBeGreaterThan(0);
    }
  });
});

describe('how the keeper is', () => {
  const note = { mode: 'live', pid: 1, version: '1', startedAtSeconds: 1_000, endedAtSeconds: null } as const;

  it('is silent after three turns without a decision, never while it has just begun', () => {
    expect(keeperState(note, 1_000, 12, 1_036)).toBe('running');
    expect(keeperState(note, 1_000, 12, 1_043)).toBe('silent');
    expect(keeperState(note, 100, 12, 1_020)).toBe('running');
    expect(keeperState(note, 1_000, 600, 2_700)).toBe('running');
    expect(keeperState(note, 1_000, 600, 2_900)).toBe('silent');
  });

  it('is stopped where it said so, and never started where nothing is known', () => {
    expect(keeperState({ ...note, endedAtSeconds: 1_010 }, 1_000, 12, 9_000)).toBe('stopped');
    expect(keeperState(null, null, 12, 9_000)).toBe('never');
    expect(keeperState(null, 8_990, null, 9_000)).toBe('running');
  });
});
