import { Kysely, type Selectable, SqliteDialect } from 'kysely';
import { JournalCorruptError, JournalError } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Address } from '../../../core/units.ts';
import type { Memory } from '../../../ports/protocol.ts';
import type {
  CorruptHead,
  DecisionHead,
  DecisionRecord,
  FillerEvent,
  FillerHistory,
  FillerRecord,
  HeadPage,
  OrderEvent,
  OrderHistory,
  OrderRecord,
  Store,
  StoredDecision,
} from '../../../ports/store.ts';
import { decodeJournaled, encodeJournaled } from '../internal/canonicalJson.ts';
import { sha256 } from '../internal/checksum.ts';
import { hashesOf, joinSnapshot, type SnapshotManifest, splitSnapshot } from '../internal/snapshotParts.ts';
import { type Connection, journalErrorOf } from './connection.ts';
import { readHeads } from './heads.ts';
import { preparedOnce } from './preparedOnce.ts';
import {
  decisionOf,
  decisionRow,
  eventOf,
  eventRow,
  fillerEventOf,
  fillerEventRow,
  fillerOf,
  fillerRow,
  memoryOf,
  memoryRow,
  orderOf,
  orderRow,
} from './rows.ts';
import type { DecisionsTable, JournalTables, OrdersTable, PartsTable } from './schema.ts';

/** SQLite takes so many parameters in one statement for certain. */
const parametersPerStatement = 500;

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / parametersPerStatement);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * parametersPerStatement, (index + 1) * parametersPerStatement),
  );
}

/** The journal in one SQLite file. */
export class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #database: Kysely<JournalTables>;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#database = new Kysely({
      dialect: new SqliteDialect({ database: preparedOnce(connection.database) }),
    });
  }

  recordDecision(record: DecisionRecord): Promise<string> {
    return this.#run('a decision was not written', async () => {
      const parts = new Map<string, PartsTable>();
      const put = (part: unknown) => {
        const body = encodeJournaled(part);
        const hash = sha256(body);
        parts.set(hash, { hash, body });
        return hash;
      };
      const manifest = record.snapshot && splitSnapshot(record.snapshot, put);
      return this.#database.transaction().execute(async (transaction) => {
        for (const part of parts.values()) {
          await transaction
            .insertInto('parts')
            .values(part)
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        const { insertId } = await transaction
          .insertInto('decisions')
          .values(decisionRow(record, manifest))
          .executeTakeFirstOrThrow();
        return `d-${insertId}`;
      });
    });
  }

  recordOrder(record: OrderRecord): Promise<void> {
    return this.#run(`order ${record.id} was not written`, async () => {
      await this.#database.insertInto('orders').values(orderRow(record)).execute();
    });
  }

  appendEvent(orderId: string, event: OrderEvent, recordedAtSeconds: number): Promise<void> {
    return this.#run(`an event of order ${orderId} was not written`, async () => {
      await this.#database
        .insertInto('order_events')
        .values(eventRow(orderId, event, recordedAtSeconds))
        .execute();
    });
  }

  unsettledOrders(vault: string): Promise<readonly OrderHistory[]> {
    return this.#run('open orders were not read', async () =>
      this.#histories((await this.#openOrders()).filter((row) => row.vault === vault)),
    );
  }

  unsettledOrdersOfSigner(chainId: number, signer: Address): Promise<readonly OrderHistory[]> {
    return this.#run('open orders were not read', async () => {
      const open = await this.#openOrders();
      return this.#histories(
        open.filter((row) => row.chain_id === chainId && row.signer === signer.toLowerCase()),
      );
    });
  }

  recordFiller(record: FillerRecord): Promise<void> {
    return this.#run(`filler ${record.id} was not written`, async () => {
      await this.#database.insertInto('fillers').values(fillerRow(record)).execute();
    });
  }

  appendFillerEvent(fillerId: string, event: FillerEvent, recordedAtSeconds: number): Promise<void> {
    return this.#run(`an event of filler ${fillerId} was not written`, async () => {
      const row = fillerEventRow(fillerId, event, recordedAtSeconds);
      await this.#database.insertInto('filler_events').values(row).execute();
    });
  }

  openFillers(chainId: number, signer: Address): Promise<readonly FillerHistory[]> {
    return this.#run('fillers were not read', async () => {
      const closed = this.#database
        .selectFrom('filler_events')
        .select('filler_id')
        .where('kind', '=', 'closed');
      const rows = await this.#database
        .selectFrom('fillers')
        .selectAll()
        .where('chain_id', '=', chainId)
        .where('signer', '=', signer.toLowerCase())
        .where('id', 'not in', closed)
        .orderBy('number')
        .execute();
      return Promise.all(
        rows.map(async (row) => {
          const events = this.#database
            .selectFrom('filler_events')
            .selectAll()
            .where('filler_id', '=', row.id);
          return {
            record: fillerOf(row),
            events: (await events.orderBy('number').execute()).map(fillerEventOf),
          };
        }),
      );
    });
  }

  orders(vault: string, limit: number): Promise<readonly OrderHistory[]> {
    return this.#run('orders were not read', async () => {
      const newest = this.#database.selectFrom('orders').selectAll().where('vault', '=', vault);
      return this.#histories(await newest.orderBy('number', 'desc').limit(limit).execute());
    });
  }

  order(id: string): Promise<OrderHistory | null> {
    return this.#run('an order was not read', async () => {
      const rows = await this.#database.selectFrom('orders').selectAll().where('id', '=', id).execute();
      return (await this.#histories(rows))[0] ?? null;
    });
  }

  decisions(vault: string, limit: number): Promise<readonly StoredDecision[]> {
    return this.#run('decisions were not read', async () => {
      const newest = this.#database.selectFrom('decisions').selectAll().where('vault', '=', vault);
      return this.#decisions(await newest.orderBy('number', 'desc').limit(limit).execute());
    });
  }

  decision(id: string): Promise<StoredDecision | null> {
    return this.#run('a decision was not read', async () => {
      const number = /^d-(\d{1,15})$/.exec(id)?.[1];
      if (number === undefined) return null;
      const found = this.#database.selectFrom('decisions').selectAll().where('number', '=', Number(number));
      return (await this.#decisions(await found.execute()))[0] ?? null;
    });
  }

  decisionHeads(vault: string, page: HeadPage): Promise<readonly (DecisionHead | CorruptHead)[]> {
    return this.#run('decisions were not read', () => readHeads(this.#database, vault, page));
  }

  recall(vault: string, key: string): Promise<Memory> {
    return this.#run('a memory was not read', async () => {
      const found = this.#database.selectFrom('memories').selectAll().where('vault', '=', vault);
      const row = await found.where('key', '=', key).executeTakeFirst();
      return row === undefined ? undefined : memoryOf(row);
    });
  }

  remember(vault: string, key: string, memory: Memory): Promise<void> {
    return this.#run('a memory was not written', async () => {
      await this.#database
        .replaceInto('memories')
        .values(memoryRow(vault, key, memory))
        .execute();
    });
  }

  vaults(): Promise<readonly string[]> {
    return this.#run('vaults were not read', async () => {
      const rows = await this.#database
        .selectFrom('decisions')
        .select('vault')
        .distinct()
        .orderBy('vault')
        .execute();
      return rows.map(({ vault }) => vault);
    });
  }

  close(): Promise<void> {
    return this.#run('it did not close', async () => this.#connection.close());
  }

  /** Oldest first. */
  async #openOrders(): Promise<readonly Selectable<OrdersTable>[]> {
    const open = await this.#database.selectFrom('open_orders').select('id').execute();
    const rows: Selectable<OrdersTable>[] = [];
    for (const ids of chunks(open.map(({ id }) => id))) {
      rows.push(...(await this.#database.selectFrom('orders').selectAll().where('id', 'in', ids).execute()));
    }
    if (rows.length !== open.length) {
      throw new JournalCorruptError('its list of open orders names one that is not there', {
        facts: { listed: open.length, found: rows.length },
      });
    }
    return rows.sort((a, b) => a.number - b.number);
  }

  async #histories(rows: readonly Selectable<OrdersTable>[]): Promise<readonly OrderHistory[]> {
    const events = new Map<string, OrderHistory['events'][number][]>(rows.map(({ id }) => [id, []]));
    for (const ids of chunks(rows.map(({ id }) => id))) {
      const query = this.#database.selectFrom('order_events').selectAll().where('order_id', 'in', ids);
      for (const row of await query.orderBy('number').execute()) events.get(row.order_id)?.push(eventOf(row));
    }
    return rows.map((row) => ({ record: orderOf(row), events: events.get(row.id) ?? [] }));
  }

  async #decisions(rows: readonly Selectable<DecisionsTable>[]): Promise<readonly StoredDecision[]> {
    const decisions: StoredDecision[] = [];
    for (const row of rows) {
      const { manifest, ...decision } = decisionOf(row);
      decisions.push({ ...decision, snapshot: manifest && (await this.#snapshot(manifest)) });
    }
    return decisions;
  }

  async #snapshot(manifest: SnapshotManifest): Promise<Snapshot> {
    const bodies = new Map<string, string>();
    for (const hashes of chunks([...new Set(hashesOf(manifest))])) {
      const query = this.#database.selectFrom('parts').selectAll().where('hash', 'in', hashes);
      for (const { hash, body } of await query.execute()) bodies.set(hash, body);
    }
    return joinSnapshot(manifest, (hash) => {
      const body = bodies.get(hash);
      if (body !== undefined && sha256(body) === hash) return decodeJournaled(body);
      const what = body === undefined ? 'is missing' : 'does not match its hash';
      throw new JournalCorruptError(`a part of a snapshot ${what}`, { facts: { part: hash } });
    });
  }

  async #run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (!this.#connection.database.open) throw new JournalError('it is closed');
    try {
      return await work();
    } catch (thrown) {
      throw journalErrorOf(what, thrown);
    }
  }
}
