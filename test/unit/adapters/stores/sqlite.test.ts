import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqlite } from '../../../../src/adapters/stores/index.ts';
import { connect } from '../../../../src/adapters/stores/sqlite/connection.ts';
import { migrations } from '../../../../src/adapters/stores/sqlite/migrations.ts';
import { statementsOf } from '../../../../src/adapters/stores/sqlite/statements.ts';
import { JournalCorruptError, JournalError } from '../../../../src/core/errors.ts';
import type { Store } from '../../../../src/ports/store.ts';
import {
  recordOrder,
  sampleAttempt,
  sampleDecision,
  sampleExecution,
  sampleOrder,
  sampleSnapshot,
  signerAddress,
} from '../../../support/journalSamples.ts';

describe('sqlite journal', () => {
  let folder: string;
  let path: string;
  const opened: Store[] = [];

  const open = async (readOnly = false) => {
    const store = await sqlite.open({ path, readOnly });
    opened.push(store);
    return store;
  };

  /** Changes the file behind the journal's back, as a bad disk or a bad person would. */
  const tamper = (...statements: string[]) => {
    const database = new Database(path);
    for (const statement of statements) database.exec(statement);
    database.close();
  };

  const count = (table: string) => {
    const database = new Database(path);
    const row = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number };
    database.close();
    return row.rows;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-sqlite-'));
    path = join(folder, 'journal.sqlite');
  });

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close().catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['', '-wal', '-lock'])(
    'takes nothing more once its file journal.sqlite%s is not where it was opened',
    async (end) => {
      const store = await open();
      await store.remember('eth-strangle', 'before', true);
      const away = `${path}.away`;
      renameSync(path + end, away);
      const refusal = { code: 'JOURNAL', message: expect.stringMatching(/taken away or replaced/) };
      await expect(store.remember('eth-strangle', 'gone', true)).rejects.toMatchObject(refusal);
      await expect(store.recordDecision(sampleDecision(100n))).rejects.toMatchObject(refusal);
      writeFileSync(path + end, '');
      await expect(store.remember('eth-strangle', 'replaced', true)).rejects.toMatchObject(refusal);
      renameSync(away, path + end);
      await store.remember('eth-strangle', 'back', true);
      expect(await store.recall('eth-strangle', 'back')).toBe(true);
      expect(await store.recall('eth-strangle', 'gone')).toBeUndefined();
    },
  );

  it('stores what did not change from block to block once', async () => {
    const store = await open();
    await store.recordDecision({ ...sampleDecision(100n), snapshot: sampleSnapshot(100n) });
    const first = count('parts');
    await store.recordDecision({ ...sampleDecision(101n), snapshot: sampleSnapshot(101n) });
    expect(count('parts') - first).toBe(1);
    await store.recordDecision({ ...sampleDecision(102n), snapshot: sampleSnapshot(102n, (1n << 96n) + 5n) });
    expect(count('parts') - first).toBe(3);
  });

  it('outlives its process’s objects', async () => {
    const store = await open();
    const id = await store.recordDecision(sampleDecision(100n));
    await recordOrder(store, sampleOrder(7n));
    await store.close();
    const again = await open();
    expect(await again.decision(id)).toEqual({ ...sampleDecision(100n), id });
    expect((await again.order('eth-strangle#7.1'))?.record).toEqual(sampleOrder(7n));
  });

  it('has every commit on the disk before it is acknowledged', () => {
    const { database, close } = connect(path, false);
    expect(database.pragma('journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(database.pragma('synchronous')).toEqual([{ synchronous: 2 }]);
    close();
  });

  it('leaves no write after a decision with its order that does not wait for the disk, whether that was written or not', () => {
    const { database, close } = connect(path, false);
    const { togetherWithNext } = statementsOf(database);
    const mode = () => (database.pragma('synchronous') as { synchronous: number }[])[0]?.synchronous;
    expect([togetherWithNext(mode), mode()]).toEqual([1, 2]);
    const fails = () => {
      throw new Error('full');
    };
    expect(() => togetherWithNext(fails)).toThrow('full');
    expect([database.inTransaction, mode()]).toEqual([false, 2]);
    close();
  });

  it('is held by one keeper at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow(/another keeper has it open/);
    await first.close();
    await expect(open()).resolves.toBeDefined();
  });

  it('is held by one keeper at a time by whatever name it is reached', async () => {
    await open();
    symlinkSync(path, join(folder, 'link.sqlite'));
    const linked = sqlite.open({ path: join(folder, 'link.sqlite'), readOnly: false });
    await expect(linked).rejects.toThrow(/another keeper has it open/);
  });

  it('that cannot be locked says why, and nothing that it does not know', async () => {
    mkdirSync(`${path}-lock`);
    const refusal = await open().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(JournalError);
    expect((refusal as JournalError).message).toContain('cannot open');
    expect((refusal as JournalError).facts).toEqual({});
  });

  it('can be read while a keeper writes, by a reader that cannot write', async () => {
    const writer = await open();
    await writer.recordDecision(sampleDecision(100n));
    const reader = await open(true);
    expect(await reader.decisions('eth-strangle', 5)).toHaveLength(1);
    await writer.recordDecision(sampleDecision(101n));
    expect(await reader.decisions('eth-strangle', 5)).toHaveLength(2);
    await expect(recordOrder(reader, sampleOrder(7n))).rejects.toBeInstanceOf(JournalError);
  });

  it('does not make a journal for somebody who only wants to read one', async () => {
    await expect(open(true)).rejects.toThrow(/there is none/);
  });

  it('refuses changes to what is written, whoever asks', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    expect(() => tamper(`UPDATE orders SET vault = 'x'`)).toThrow(/append-only/);
    expect(() => tamper('DELETE FROM orders')).toThrow(/append-only/);
  });

  it.each([
    ['decisions', `UPDATE decisions SET decision = replace(decision, '0.31', '0.32')`],
    ['orders', `UPDATE orders SET body = replace(body, 'sell', 'buy')`],
    ['orders', `UPDATE orders SET checksum = ''`],
    ['parts', `UPDATE parts SET body = replace(body, '12000000000000000000', '13000000000000000000')`],
    ['parts', 'DELETE FROM parts'],
    ['order_events', 'UPDATE order_events SET recorded_at_seconds = recorded_at_seconds + 1'],
  ])('finds damage in %s: %s', async (table, damage) => {
    const store = await open();
    await store.recordDecision(sampleDecision(100n));
    await recordOrder(store, sampleOrder(7n));
    await store.appendEvent('eth-strangle#7.1', { kind: 'abandoned', why: 'stopped' }, 1);
    tamper(`DROP TRIGGER ${table}_no_update`, `DROP TRIGGER ${table}_no_delete`, damage);
    const reader = await open(true);
    const read = Promise.all([reader.decisions('eth-strangle', 5), reader.orders('eth-strangle', 5)]);
    await expect(read).rejects.toBeInstanceOf(JournalCorruptError);
  });

  it('refuses a journal in which an open order fell off the list', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    await store.close();
    tamper('DELETE FROM open_orders');
    await expect(open()).rejects.toBeInstanceOf(JournalCorruptError);
  });

  it('refuses a file that is no journal', async () => {
    writeFileSync(path, 'not a database '.repeat(1_000));
    await expect(open()).rejects.toBeInstanceOf(JournalCorruptError);
  });

  it('refuses a journal of a newer version and leaves it as it is', async () => {
    await (await open()).close();
    tamper('PRAGMA user_version = 99');
    await expect(open()).rejects.toThrow(/newer Ballast/);
    await expect(open(true)).rejects.toThrow(/newer Ballast/);
  });

  it('brings a journal of the first version up to date when the keeper opens it, with its open orders', async () => {
    for (const step of migrations[0] ?? []) if (typeof step === 'string') tamper(step);
    tamper('PRAGMA user_version = 1');
    await expect(open(true)).rejects.toThrow(/older Ballast/);
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    await store.appendEvent(sampleOrder(7n).id, { kind: 'signed', attempt: sampleAttempt(3) }, 1);
    await store.close();
    tamper(
      'DROP TABLE executions',
      'DROP TABLE filler_events',
      'DROP TABLE fillers',
      'PRAGMA user_version = 1',
    );
    const again = await open();
    const [order] = await again.unsettledOrders('eth-strangle');
    expect(order?.events.map(({ event }) => event)).toEqual([{ kind: 'signed', attempt: sampleAttempt(3) }]);
    const attempt = sampleAttempt(4);
    const filler = {
      id: 'f',
      chainId: 1,
      signer: signerAddress,
      why: 'gap',
      signedAtBlock: 1n,
      attempt,
    } as const;
    await again.recordFiller(filler);
    expect(await again.openFillers(1, signerAddress)).toEqual([{ record: filler, events: [] }]);
  });

  it('moves what a journal of the second version remembers of fills into their table', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    const orderId = sampleOrder(7n).id;
    const record = { ...sampleExecution(orderId), later: [] };
    await store.remember('eth-strangle', `engine.execution.${orderId}`, record);
    await store.remember('eth-strangle', 'engine.execution.eth-strangle#99.1', record);
    await store.remember('eth-strangle', 'policy', 5);
    await store.close();
    tamper('DROP TABLE executions', 'PRAGMA user_version = 2');
    const again = await open();
    expect(await again.executions([orderId, 'eth-strangle#99.1'])).toEqual([record, null]);
    expect(await again.recall('eth-strangle', 'policy')).toBe(5);
    expect(count('memories')).toBe(1);
    await expect(again.close()).resolves.toBeUndefined();
  });

  it('does not start from a fill of an older version that fails its checksum', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    const { id } = sampleOrder(7n);
    await store.remember('eth-strangle', `engine.execution.${id}`, sampleExecution(id));
    await store.close();
    const spoilt = `UPDATE memories SET checksum = ''`;
    tamper('DROP TABLE executions', spoilt, 'PRAGMA user_version = 2');
    await expect(open()).rejects.toBeInstanceOf(JournalCorruptError);
    expect(() => count('executions')).toThrow();
  });

  it('takes a decision and its order, or neither', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    const [decisions, parts] = [count('decisions'), count('parts')];
    const again = store.recordDecision(sampleDecision(101n), () => sampleOrder(7n));
    await expect(again).rejects.toBeInstanceOf(JournalError);
    expect([count('decisions'), count('parts')]).toEqual([decisions, parts]);
    const id = await store.recordDecision(sampleDecision(101n), (decisionId) => ({
      ...sampleOrder(8n),
      decisionId,
    }));
    expect((await store.order(sampleOrder(8n).id))?.record.decisionId).toBe(id);
    expect((await store.decision(id))?.snapshot).toEqual(sampleDecision(101n).snapshot);
  });

  it('has on the disk what it gives from what it keeps', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    const { id } = sampleOrder(7n);
    expect((await store.order(id))?.record).toEqual((await (await open(true)).order(id))?.record);
    await store.orders('eth-strangle', 5);
    await store.appendEvent(id, { kind: 'signed', attempt: sampleAttempt(3) }, 1);
    await store.remember('eth-strangle', 'policy', { at: 5n });
    await store.remember('eth-strangle', 'policy', { at: 6n });
    const reader = await open(true);
    expect(await store.order(id)).toEqual(await reader.order(id));
    expect(await store.unsettledOrders('eth-strangle')).toEqual(await reader.unsettledOrders('eth-strangle'));
    expect(await store.recall('eth-strangle', 'policy')).toEqual({ at: 6n });
    expect(await reader.recall('eth-strangle', 'policy')).toEqual({ at: 6n });
    await store.appendEvent(id, { kind: 'abandoned', why: 'stopped' }, 2);
    expect(await reader.order(id)).toEqual(await store.order(id));
  });

  it('names the open and the newest orders as they are after each write, whoever wrote', async () => {
    const store = await open();
    const newest = async (limit: number) =>
      (await store.orders('eth-strangle', limit)).map(({ record }) => record.order.sequence);
    const unsettled = async () =>
      (await store.unsettledOrders('eth-strangle')).map(({ record }) => record.order.sequence);
    await recordOrder(store, sampleOrder(7n));
    expect([await newest(1), await newest(100), await unsettled()]).toEqual([[7n], [7n], [7n]]);
    await recordOrder(store, sampleOrder(8n));
    expect([await newest(1), await newest(100), await unsettled()]).toEqual([[8n], [8n, 7n], [7n, 8n]]);
    await store.appendEvent(sampleOrder(7n).id, { kind: 'abandoned', why: 'stopped' }, 1);
    expect(await unsettled()).toEqual([8n]);
    tamper('DELETE FROM open_orders');
    expect(await unsettled()).toEqual([]);
  });

  it('writes what was made ready beforehand once, and as it would have been', async () => {
    const store = await open();
    const record = { ...sampleDecision(100n), snapshot: sampleSnapshot(100n) };
    await store.prepare?.(record.snapshot, record.decision);
    const parts = count('parts');
    expect(await store.decisions(record.vault, 1), 'nothing is decided by it').toEqual([]);
    const id = await store.recordDecision(record);
    expect(await store.decision(id)).toEqual({ id, ...record });
    const again = await store.recordDecision({ ...record, snapshot: sampleSnapshot(100n) });
    expect(await store.decision(again)).toEqual({ id: again, ...record });
    expect(count('parts'), 'written by the first').toBe(parts);
  });

  it('records another decision on what was made ready for one that did not stand', async () => {
    const store = await open();
    const record = { ...sampleDecision(100n), snapshot: sampleSnapshot(100n) };
    await store.prepare?.(record.snapshot, record.decision);
    const other = { ...record, decision: { ...record.decision, why: 'the order would fail' } };
    const id = await store.recordDecision(other);
    expect(await store.decision(id)).toEqual({ id, ...other });
  });

  it('writes all of a decision where making it ready failed', async () => {
    const store = await open();
    const record = { ...sampleDecision(100n), snapshot: sampleSnapshot(100n) };
    tamper(`CREATE TRIGGER full BEFORE INSERT ON parts BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    await expect(store.prepare?.(record.snapshot, record.decision)).rejects.toThrow('disk full');
    tamper('DROP TRIGGER full');
    const id = await store.recordDecision(record);
    expect(await store.decision(id)).toEqual({ id, ...record });
  });

  it('believes the disk after a write that failed', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    const { id } = sampleOrder(7n);
    await store.order(id);
    await store.remember('eth-strangle', 'policy', 1);
    tamper(
      `CREATE TRIGGER full_events BEFORE INSERT ON order_events BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
      `CREATE TRIGGER full_memories BEFORE INSERT ON memories BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    const event = { kind: 'abandoned', why: 'stopped' } as const;
    await expect(store.appendEvent(id, event, 1)).rejects.toBeInstanceOf(JournalError);
    await expect(store.remember('eth-strangle', 'policy', 2)).rejects.toBeInstanceOf(JournalError);
    expect((await store.order(id))?.events).toEqual([]);
    expect(await store.recall('eth-strangle', 'policy')).toBe(1);
  });

  it('never changes or forgets a filler', async () => {
    const store = await open();
    const attempt = sampleAttempt(4);
    await store.recordFiller({
      id: 'f',
      chainId: 1,
      signer: signerAddress,
      why: 'gap',
      signedAtBlock: 1n,
      attempt,
    });
    await store.close();
    expect(() => tamper(`DELETE FROM fillers`)).toThrow(/append-only/);
    expect(() => tamper(`UPDATE fillers SET body = '{}'`)).toThrow(/append-only/);
    tamper('DROP TRIGGER fillers_no_update', `UPDATE fillers SET chain_id = 1, body = '{}'`);
    await expect((await open()).openFillers(1, signerAddress)).rejects.toBeInstanceOf(JournalCorruptError);
  });

  it('is wholly old or wholly new after a migration that failed half way', async () => {
    tamper('CREATE TABLE memories (in_the_way TEXT)');
    await expect(open()).rejects.toBeInstanceOf(JournalError);
    const database = new Database(path);
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    database.close();
    expect(tables).toEqual([{ name: 'memories' }]);
    tamper('DROP TABLE memories');
    await expect(open()).resolves.toBeDefined();
  });

  it('says that it is closed', async () => {
    const store = await open();
    await store.close();
    await expect(store.vaults()).rejects.toThrow(/closed/);
  });
});
