import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { postgres } from '../../src/adapters/stores/index.ts';
import { JournalCorruptError, JournalError } from '../../src/core/errors.ts';
import type { Store } from '../../src/ports/store.ts';
import { createRedactor } from '../../src/runtime/log/redact.ts';
import { fuse } from '../support/fuse.ts';
import {
  recordOrder,
  sampleAttempt,
  sampleDecision,
  sampleExecution,
  sampleOrder,
  sampleSnapshot,
} from '../support/journalSamples.ts';
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts';
import { SimulatedFleet } from '../support/simulatedFleet.ts';

const ether = 10n ** 18n;

describe('a journal in PostgreSQL', () => {
  let server: PostgresServer;
  let schema: string;
  const opened: Store[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());
  beforeEach(() => {
    schema = `journal_${randomUUID().replaceAll('-', '')}`;
  });
  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close().catch(() => {});
  });

  const open = async (readOnly = false) => {
    const store = await postgres.open({ url: server.url, schema, readOnly });
    opened.push(store);
    return store;
  };

  /** Speaks to the server behind the journal's back, as an administrator may. */
  const administer = async <R extends pg.QueryResultRow>(...statements: string[]): Promise<readonly R[]> => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query(`SET search_path TO ${schema}`);
      let rows: readonly R[] = [];
      for (const statement of statements) rows = (await client.query<R>(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  };
  const count = async (table: string) =>
    Number((await administer<{ rows: string }>(`SELECT count(*) AS rows FROM ${table}`))[0]?.rows);
  /** Cuts the connection of the keeper that writes this journal. */
  const cutConnection = () =>
    administer(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ballast journal ${schema}'`,
    );
  const failure = (promise: Promise<unknown>): Promise<JournalError> =>
    promise.then(
      () => {
        throw new Error('it did not fail');
      },
      (thrown: JournalError) => thrown,
    );

  it('stores what did not change from block to block once', async () => {
    const store = await open();
    await store.recordDecision({ ...sampleDecision(100n), snapshot: sampleSnapshot(100n) });
    const first = await count('parts');
    await store.recordDecision({ ...sampleDecision(101n), snapshot: sampleSnapshot(101n) });
    expect((await count('parts')) - first).toBe(1);
  });

  it('is held by one keeper at a time, and free as soon as its connection is gone', async () => {
    const first = await open();
    const refused = await failure(open());
    expect(refused).toBeInstanceOf(JournalError);
    expect(refused.message).toMatch(/another keeper has it open/);
    await first.close();
    await expect(open()).resolves.toBeDefined();
  });

  it('is another journal in another schema', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    schema = `${schema.slice(0, 40)}_b`;
    const other = await open();
    expect(await other.order(sampleOrder(7n).id)).toBeNull();
  });

  it('needs no more rights than a schema of its own', async () => {
    const role = `role_${schema}`;
    await administer(
      `CREATE ROLE ${role} LOGIN PASSWORD 'of-its-own'`,
      `CREATE SCHEMA ${schema} AUTHORIZATION ${role}`,
    );
    const url = server.url.replace(/\/\/[^@]+@/, `//${role}:of-its-own@`);
    const store = await postgres.open({ url, schema, readOnly: false });
    opened.push(store);
    await recordOrder(store, sampleOrder(7n));
    expect(await store.unsettledOrders('eth-strangle')).toHaveLength(1);
    const elsewhere = await failure(
      postgres.open({ url, schema: `${schema.slice(0, 40)}_c`, readOnly: false }),
    );
    expect(elsewhere).toMatchObject({ code: 'JOURNAL', retryable: false });
    expect(elsewhere.message).toMatch(/permission denied/);
  });

  it('can be read while a keeper writes, by a reader that cannot write', async () => {
    const writer = await open();
    await writer.recordDecision(sampleDecision(100n));
    const reader = await open(true);
    expect(await reader.decisions('eth-strangle', 5)).toHaveLength(1);
    await writer.recordDecision(sampleDecision(101n));
    expect(await reader.decisions('eth-strangle', 5)).toHaveLength(2);
    await expect(recordOrder(reader, sampleOrder(7n))).rejects.toBeInstanceOf(JournalError);
    expect(await count('orders')).toBe(0);
  });

  it('does not make a journal for somebody who only wants to read one', async () => {
    await expect(open(true)).rejects.toThrow(/there is none/);
    const schemas = await administer(
      `SELECT schema_name FROM information_schema.schemata WHERE schema_name = '${schema}'`,
    );
    expect(schemas).toEqual([]);
  });

  it('refuses changes to what is written, whoever asks', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    await store.recordExecution(sampleExecution(sampleOrder(7n).id));
    for (const table of ['orders', 'executions', 'decisions', 'parts']) {
      await expect(administer(`DELETE FROM ${table}`), table).rejects.toThrow(/append-only/);
      await expect(administer(`TRUNCATE ${table} CASCADE`), table).rejects.toThrow(/append-only/);
    }
    await expect(administer(`UPDATE orders SET vault = 'x'`)).rejects.toThrow(/append-only/);
  });

  it.each([
    ['decisions', `UPDATE decisions SET decision = replace(decision, '0.31', '0.32')`],
    ['orders', `UPDATE orders SET body = replace(body, 'sell', 'buy')`],
    ['parts', `UPDATE parts SET body = replace(body, '12000000000000000000', '13000000000000000000')`],
    ['parts', 'DELETE FROM parts'],
    ['order_events', 'UPDATE order_events SET recorded_at_seconds = recorded_at_seconds + 1'],
  ])('finds damage in %s: %s', async (table, damage) => {
    const store = await open();
    await store.recordDecision(sampleDecision(100n));
    await recordOrder(store, sampleOrder(7n));
    await store.appendEvent('eth-strangle#7.1', { kind: 'abandoned', why: 'stopped' }, 1);
    await administer(`ALTER TABLE ${table} DISABLE TRIGGER ${table}_append_only`, damage);
    const read = Promise.all([store.decisions('eth-strangle', 5), store.orders('eth-strangle', 5)]);
    await expect(read).rejects.toBeInstanceOf(JournalCorruptError);
  });

  it('refuses a journal in which an open order fell off the list, and one of a newer version', async () => {
    const store = await open();
    await recordOrder(store, sampleOrder(7n));
    await store.close();
    await administer('DELETE FROM open_orders');
    await expect(open()).rejects.toBeInstanceOf(JournalCorruptError);
    await administer('UPDATE journal_version SET version = 99');
    await expect(open()).rejects.toThrow(/newer Ballast/);
    await expect(open(true)).rejects.toThrow(/newer Ballast/);
  });

  it('waits for the server’s disk before it acknowledges, whatever the role’s own setting', async () => {
    const [role] = await administer<{ name: string }>('SELECT current_user AS name');
    await administer(`ALTER ROLE ${role?.name} SET synchronous_commit = off`);
    try {
      const store = await open();
      // A trigger runs in the journal's own session and can say what that runs with.
      await administer(
        `CREATE TABLE heard (setting TEXT)`,
        `CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN INSERT INTO heard VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$`,
        `CREATE TRIGGER memories_hear AFTER INSERT ON memories FOR EACH ROW EXECUTE FUNCTION hear()`,
      );
      await store.remember('a', 'k', 1);
      expect(await administer('SELECT setting FROM heard')).toEqual([{ setting: 'on' }]);
    } finally {
      await administer(`ALTER ROLE ${role?.name} RESET synchronous_commit`);
    }
  });

  it('never shows its password', async () => {
    const { text } = createRedactor();
    const refused = await failure(
      postgres.open({ url: server.url.replace('4711', '4712'), schema, readOnly: false }),
    );
    const password = new URL(server.url).password;
    for (const shown of [text(`journal ${server.url}`), text(`x=${server.url};`), text(refused.message)]) {
      expect(shown).not.toContain(password.slice(0, -2));
    }
    expect(text(server.url)).toBe(`postgres://127.0.0.1:${server.port}/…`);
  });

  describe('whose connection is lost in the middle of a transaction', () => {
    /** Lets a decision be written up to its order, and stops it there until `meanwhile` is done. */
    async function heldAtItsOrder(store: Store, meanwhile: () => Promise<void>): Promise<JournalError> {
      const holder = new pg.Client({ connectionString: server.url });
      holder.on('error', () => {});
      await holder.connect();
      await holder.query(`BEGIN; LOCK TABLE ${schema}.orders IN EXCLUSIVE MODE`);
      const record = { ...sampleDecision(101n), snapshot: sampleSnapshot(101n) };
      const failed = failure(store.recordDecision(record, () => sampleOrder(2n)));
      const waiting = `SELECT 1 FROM pg_stat_activity
        WHERE application_name = 'ballast journal ${schema}' AND wait_event_type = 'Lock'`;
      await vi.waitUntil(async () => (await administer(waiting)).length === 1, { timeout: 8_000 });
      await meanwhile();
      await holder.end().catch(() => {});
      return failed;
    }
    const rows = () => Promise.all(['parts', 'decisions', 'orders', 'open_orders'].map(count));
    const record = { ...sampleDecision(102n), snapshot: sampleSnapshot(102n) };

    it('holds nothing of it when the connection is cut, says that a retry helps, and goes on', async () => {
      const store = await open();
      await recordOrder(store, sampleOrder(1n));
      const before = await rows();
      const error = await heldAtItsOrder(store, async () => {
        await cutConnection();
      });
      expect(error).toMatchObject({ code: 'JOURNAL', retryable: true });
      expect(error.message).toMatch(/a decision was not written/);
      expect(await rows()).toEqual(before);
      const id = await store.recordDecision(record, () => sampleOrder(3n));
      expect(await store.decision(id)).toEqual({ ...record, id });
      await expect(failure(open())).resolves.toMatchObject({ code: 'JOURNAL' });
    });

    it('holds nothing of it when the server crashes, and all that it had acknowledged', async () => {
      const store = await open();
      await recordOrder(store, sampleOrder(1n));
      await store.appendEvent(sampleOrder(1n).id, { kind: 'signed', attempt: sampleAttempt(1) }, 5);
      const before = await rows();
      const error = await heldAtItsOrder(store, () => server.crash());
      expect(error).toMatchObject({ code: 'JOURNAL', retryable: true });
      const down = await failure(store.decisions('eth-strangle', 1));
      expect(down).toMatchObject({ code: 'JOURNAL', retryable: true });
      expect(down.action).toMatch(/check that the PostgreSQL server runs/);
      await server.start();
      expect(await rows()).toEqual(before);
      expect(await store.unsettledOrders('eth-strangle')).toMatchObject([
        { record: { id: sampleOrder(1n).id }, events: [{ event: { kind: 'signed' } }] },
      ]);
      const id = await store.recordDecision(record, () => sampleOrder(3n));
      expect(await store.decision(id)).toEqual({ ...record, id });
    });

    it('writes nothing more where another keeper took the journal over meanwhile', async () => {
      const first = await open();
      await cutConnection();
      const second = await open();
      const refused = await failure(first.remember('a', 'k', 1));
      expect(refused.message).toMatch(/another keeper has it open|a memory was not written/);
      expect((await failure(first.remember('a', 'k', 1))).message).toMatch(/another keeper has it open/);
      await second.remember('a', 'k', 2);
      expect(await second.recall('a', 'k')).toBe(2);
    });

    it('writes nothing more where another keeper had the journal meanwhile and is gone again', async () => {
      const first = await open();
      await cutConnection();
      const second = await open();
      await second.remember('a', 'k', 2);
      await second.close();
      await failure(first.remember('a', 'k', 1)).catch(() => {});
      for (let turn = 0; turn < 2; turn += 1) {
        const refused = await failure(first.remember('a', 'k', 1));
        expect(refused.message).toMatch(/another keeper has had it since/);
      }
      expect(await (await open()).recall('a', 'k')).toBe(2);
    });
  });

  it('halts a keeper while it is away, which goes on when it is back', async () => {
    const fleet = new SimulatedFleet({}, await open());
    fleet.ledger.mine({ drift: { north: 20n * ether } });
    await server.crash();
    const [halted] = await fleet.tick();
    expect(halted?.decision).toMatchObject({ kind: 'halt', code: 'journalFault' });
    expect(fleet.released.size).toBe(0);
    await server.start();
    expect((await fleet.tick())[0]?.decision.kind).toBe('hedge');
    await fleet.heal();
    await fleet.expectEverythingBooked();
  });

  it('lets a keeper recover from a death at any call of a tick', async () => {
    for (let atCall = 1; atCall <= 45; atCall += 20) {
      schema = `journal_${randomUUID().replaceAll('-', '')}`;
      const journal = await open();
      const fleet = new SimulatedFleet({}, journal);
      fleet.ledger.mine({ drift: { north: 20n * ether, south: -20n * ether } });
      await fleet.tick(fuse(atCall, atCall === 21 ? 'before' : 'after'));
      await fleet.heal();
      await fleet.expectEverythingBooked();
      await journal.close();
    }
  });
});
