import { Kysely, PostgresDialect, sql } from 'kysely';
import type { ExecutionRecord } from '../../../core/execution/record.ts';
import type { Address } from '../../../core/units.ts';
import type { Memory } from '../../../ports/protocol.ts';
import type {
  CorruptHead,
  DecisionCount,
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
import { encodeJournaled } from '../internal/canonicalJson.ts';
import { numberOfDecision, readDecisions } from '../internal/decisions.ts';
import { readHeads } from '../internal/heads.ts';
import { PartShelf } from '../internal/partShelf.ts';
import {
  decisionRow,
  eventRow,
  executionOf,
  executionRow,
  fillerEventRow,
  fillerRow,
  memoryOf,
  memoryRow,
  orderRow,
} from '../internal/rows.ts';
import type { JournalTables } from '../internal/schema.ts';
import { postgresErrorOf } from './errors.ts';
import { migrate, requireReadable } from './migrations.ts';
import { fillersOf, openOrders, orderHistories } from './orders.ts';
import { type JournalPlace, Session } from './session.ts';

/**
 * The journal in a schema of a PostgreSQL database. Everything that is read comes from the server: after a connection was lost
 * nobody here knows better what was written.
 */
export class PostgresStore implements Store {
  readonly #database: Kysely<JournalTables>;
  readonly #parts = new PartShelf();

  private constructor(database: Kysely<JournalTables>) {
    this.#database = database;
  }

  /** @throws JournalError, JournalCorruptError */
  static async open(place: JournalPlace): Promise<PostgresStore> {
    const session = new Session(place);
    const database = new Kysely<JournalTables>({ dialect: new PostgresDialect({ pool: session }) });
    try {
      await (place.readOnly ? requireReadable : migrate)(database, place.schema);
      if (!place.readOnly) await session.hold();
      return new PostgresStore(database);
    } catch (thrown) {
      await database.destroy().catch(() => {});
      throw postgresErrorOf(`cannot open schema ${place.schema}`, thrown);
    }
  }

  recordDecision(record: DecisionRecord, orderOf?: (decisionId: string) => OrderRecord): Promise<string> {
    return run('a decision was not written', async () => {
      const parts = record.snapshot && this.#parts.prepare(record.snapshot);
      const row = decisionRow(record, parts?.manifest ?? null, encodeJournaled(record.decision));
      const fresh = parts === null ? [] : this.#parts.missing(parts);
      const id = await this.#database.transaction().execute(async (transaction) => {
        if (fresh.length > 0) {
          const insert = transaction.insertInto('parts').values(fresh);
          await insert.onConflict((conflict) => conflict.doNothing()).execute();
        }
        const decided = transaction.insertInto('decisions').values(row).returning('number');
        const written = `d-${(await decided.executeTakeFirstOrThrow()).number}`;
        if (orderOf !== undefined) {
          await transaction
            .insertInto('orders')
            .values(orderRow(orderOf(written)))
            .execute();
        }
        return written;
      });
      if (parts !== null) this.#parts.written(parts);
      return id;
    });
  }

  appendEvent(orderId: string, event: OrderEvent, recordedAtSeconds: number): Promise<void> {
    return run(`an event of order ${orderId} was not written`, async () => {
      const row = eventRow(orderId, event, recordedAtSeconds);
      await this.#database.insertInto('order_events').values(row).execute();
    });
  }

  unsettledOrders(vault: string): Promise<readonly OrderHistory[]> {
    return run('open orders were not read', () => openOrders(this.#database, { vault }));
  }

  unsettledOrdersOfSigner(chainId: number, signer: Address): Promise<readonly OrderHistory[]> {
    const of = { chain_id: chainId, signer: signer.toLowerCase() };
    return run('open orders were not read', () => openOrders(this.#database, of));
  }

  recordFiller(record: FillerRecord): Promise<void> {
    return run(`filler ${record.id} was not written`, async () => {
      await this.#database.insertInto('fillers').values(fillerRow(record)).execute();
    });
  }

  appendFillerEvent(fillerId: string, event: FillerEvent, recordedAtSeconds: number): Promise<void> {
    return run(`an event of filler ${fillerId} was not written`, async () => {
      const row = fillerEventRow(fillerId, event, recordedAtSeconds);
      await this.#database.insertInto('filler_events').values(row).execute();
    });
  }

  openFillers(chainId: number, signer: Address): Promise<readonly FillerHistory[]> {
    return run('fillers were not read', () => fillersOf(this.#database, chainId, signer.toLowerCase()));
  }

  orders(vault: string, limit: number): Promise<readonly OrderHistory[]> {
    return run('orders were not read', async () => {
      const newest = this.#database.selectFrom('orders').selectAll().where('vault', '=', vault);
      const rows = await newest.orderBy('number', 'desc').limit(limit).execute();
      return orderHistories(this.#database, rows);
    });
  }

  order(id: string): Promise<OrderHistory | null> {
    return run('an order was not read', async () => {
      const rows = await this.#database.selectFrom('orders').selectAll().where('id', '=', id).execute();
      return (await orderHistories(this.#database, rows))[0] ?? null;
    });
  }

  decisions(vault: string, limit: number): Promise<readonly StoredDecision[]> {
    return run('decisions were not read', async () => {
      const newest = this.#database.selectFrom('decisions').selectAll().where('vault', '=', vault);
      const rows = await newest.orderBy('number', 'desc').limit(limit).execute();
      return readDecisions(this.#database, rows);
    });
  }

  decision(id: string): Promise<StoredDecision | null> {
    return run('a decision was not read', async () => {
      const number = numberOfDecision(id);
      if (number === null) return null;
      const found = this.#database.selectFrom('decisions').selectAll().where('number', '=', number);
      return (await readDecisions(this.#database, await found.execute()))[0] ?? null;
    });
  }

  decisionCounts(vault: string): Promise<readonly DecisionCount[]> {
    return run('decisions were not counted', async () => {
      const { rows } = await sql<DecisionCount>`
        SELECT decision::json ->> 'kind' AS kind, decision::json ->> 'code' AS code, count(*) AS count
        FROM decisions WHERE vault = ${vault} GROUP BY 1, 2`.execute(this.#database);
      return rows;
    });
  }

  decisionHeads(vault: string, page: HeadPage): Promise<readonly (DecisionHead | CorruptHead)[]> {
    return run('decisions were not read', () => readHeads(this.#database, vault, page));
  }

  recordExecution(record: ExecutionRecord): Promise<void> {
    return run(`an execution of order ${record.orderId} was not written`, async () => {
      await this.#database.insertInto('executions').values(executionRow(record)).execute();
    });
  }

  executions(orderIds: readonly string[]): Promise<readonly (ExecutionRecord | null)[]> {
    return run('executions were not read', async () => {
      if (orderIds.length === 0) return [];
      const rows = await this.#database
        .selectFrom('executions')
        .selectAll()
        .distinctOn('order_id')
        .where('order_id', 'in', orderIds)
        .orderBy('order_id')
        .orderBy('number', 'desc')
        .execute();
      const newest = new Map(rows.map((row) => [row.order_id, executionOf(row)]));
      return orderIds.map((id) => newest.get(id) ?? null);
    });
  }

  async recall(vault: string, key: string): Promise<Memory> {
    return (await this.recallMany(vault, [key]))[0];
  }

  recallMany(vault: string, keys: readonly string[]): Promise<readonly Memory[]> {
    return run('memories were not read', async () => {
      if (keys.length === 0) return [];
      const found = this.#database.selectFrom('memories').selectAll().where('vault', '=', vault);
      const rows = await found.where('key', 'in', keys).execute();
      const memories = new Map(rows.map((row) => [row.key, memoryOf(row)]));
      return keys.map((key) => memories.get(key));
    });
  }

  remember(vault: string, key: string, memory: Memory): Promise<void> {
    return run('a memory was not written', async () => {
      const row = memoryRow(vault, key, memory);
      const { body, checksum } = row;
      await this.#database
        .insertInto('memories')
        .values(row)
        .onConflict((conflict) => conflict.columns(['vault', 'key']).doUpdateSet({ body, checksum }))
        .execute();
    });
  }

  vaults(): Promise<readonly string[]> {
    return run('vaults were not read', async () => {
      const rows = await this.#database.selectFrom('decisions').select('vault').distinct().execute();
      return rows.map(({ vault }) => vault).sort();
    });
  }

  close(): Promise<void> {
    return run('it did not close', () => this.#database.destroy());
  }
}

async function run<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw postgresErrorOf(what, thrown);
  }
}
