import { Kysely, type Selectable, SqliteDialect } from 'kysely';
import type { Decision } from '../../../core/decision.ts';
import { JournalError } from '../../../core/errors.ts';
import type { ExecutionRecord } from '../../../core/execution/record.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
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
import { PartShelf, type PreparedParts } from '../internal/partShelf.ts';
import { decisionRow, executionOf, executionRow } from '../internal/rows.ts';
import type { ExecutionsTable, JournalTables } from '../internal/schema.ts';
import { type Connection, journalErrorOf } from './connection.ts';
import { countDecisions } from './counts.ts';
import { FillerShelf } from './fillerShelf.ts';
import { MemoryShelf } from './memoryShelf.ts';
import { OrderShelf } from './orderShelf.ts';
import { preparedOnce } from './preparedOnce.ts';
import { type Statements, statementsOf } from './statements.ts';

const newestExecution = 'SELECT * FROM executions WHERE order_id = ? ORDER BY number DESC LIMIT 1';

/**
 * The journal in one SQLite file. Statements of every tick are written out and answered at once; what is asked for now and
 * then is put together by kysely. Nothing waits between the parts of a transaction.
 */
export class SqliteStore implements Store {
  readonly #connection: Connection;
  readonly #database: Kysely<JournalTables>;
  readonly #statements: Statements;
  readonly #orders: OrderShelf;
  readonly #fillers: FillerShelf;
  readonly #memories: MemoryShelf;
  readonly #parts = new PartShelf();
  /** Text of decisions that were prepared. */
  readonly #decisionTexts = new WeakMap<Decision, string>();

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#database = new Kysely({
      dialect: new SqliteDialect({ database: preparedOnce(connection.database) }),
    });
    this.#statements = statementsOf(connection.database);
    this.#orders = new OrderShelf(this.#statements, connection.isAlone);
    this.#fillers = new FillerShelf(this.#statements, connection.isAlone);
    this.#memories = new MemoryShelf(this.#statements, connection.isAlone);
  }

  recordDecision(record: DecisionRecord, orderOf?: (decisionId: string) => OrderRecord): Promise<string> {
    return this.#write('a decision was not written', async () => {
      const parts = record.snapshot && this.#parts.prepare(record.snapshot);
      const row = decisionRow(record, parts?.manifest ?? null, this.#textOf(record.decision));
      const { together, togetherWithNext } = this.#statements;
      const write = orderOf === undefined ? together : togetherWithNext;
      const { id, order } = write(() => {
        if (parts !== null) this.#writeParts(parts);
        const written = `d-${this.#statements.insert('decisions', row)}`;
        const placed = orderOf?.(written) ?? null;
        if (placed !== null) this.#orders.add(placed);
        return { id: written, order: placed };
      });
      if (parts !== null) this.#parts.written(parts);
      if (order !== null) this.#orders.written(order);
      return id;
    });
  }

  prepare(snapshot: Snapshot, decision: Decision): Promise<void> {
    return this.#write('a snapshot was not written', async () => {
      const parts = this.#parts.prepare(snapshot);
      this.#statements.togetherWithNext(() => this.#writeParts(parts));
      this.#parts.written(parts);
      this.#decisionTexts.set(decision, encodeJournaled(decision));
    });
  }

  #writeParts(parts: PreparedParts): void {
    this.#statements.insertAll('parts', this.#parts.missing(parts), 'ignore');
  }

  #textOf(decision: Decision): string {
    return this.#decisionTexts.get(decision) ?? encodeJournaled(decision);
  }

  appendEvent(orderId: string, event: OrderEvent, recordedAtSeconds: number): Promise<void> {
    return this.#write(`an event of order ${orderId} was not written`, async () =>
      this.#orders.append(orderId, event, recordedAtSeconds),
    );
  }

  unsettledOrders(vault: string): Promise<readonly OrderHistory[]> {
    return this.#run('open orders were not read', async () =>
      this.#orders.open((place) => place.vault === vault),
    );
  }

  unsettledOrdersOfSigner(chainId: number, signer: Address): Promise<readonly OrderHistory[]> {
    const key = signer.toLowerCase();
    return this.#run('open orders were not read', async () =>
      this.#orders.open((place) => place.chain_id === chainId && place.signer === key),
    );
  }

  recordFiller(record: FillerRecord): Promise<void> {
    return this.#write(`filler ${record.id} was not written`, async () => this.#fillers.add(record));
  }

  appendFillerEvent(fillerId: string, event: FillerEvent, recordedAtSeconds: number): Promise<void> {
    return this.#write(`an event of filler ${fillerId} was not written`, async () =>
      this.#fillers.append(fillerId, event, recordedAtSeconds),
    );
  }

  openFillers(chainId: number, signer: Address): Promise<readonly FillerHistory[]> {
    return this.#run('fillers were not read', async () => this.#fillers.open(chainId, signer));
  }

  orders(vault: string, limit: number): Promise<readonly OrderHistory[]> {
    return this.#run('orders were not read', async () => this.#orders.newest(vault, limit));
  }

  order(id: string): Promise<OrderHistory | null> {
    return this.#run('an order was not read', async () => this.#orders.find(id));
  }

  decisions(vault: string, limit: number): Promise<readonly StoredDecision[]> {
    return this.#run('decisions were not read', async () => {
      const newest = this.#database.selectFrom('decisions').selectAll().where('vault', '=', vault);
      return readDecisions(this.#database, await newest.orderBy('number', 'desc').limit(limit).execute());
    });
  }

  decision(id: string): Promise<StoredDecision | null> {
    return this.#run('a decision was not read', async () => {
      const number = numberOfDecision(id);
      if (number === null) return null;
      const found = this.#database.selectFrom('decisions').selectAll().where('number', '=', number);
      return (await readDecisions(this.#database, await found.execute()))[0] ?? null;
    });
  }

  decisionCounts(vault: string): Promise<readonly DecisionCount[]> {
    return this.#run('decisions were not counted', () => countDecisions(this.#database, vault));
  }

  decisionHeads(vault: string, page: HeadPage): Promise<readonly (DecisionHead | CorruptHead)[]> {
    return this.#run('decisions were not read', () => readHeads(this.#database, vault, page));
  }

  recordExecution(record: ExecutionRecord): Promise<void> {
    return this.#write(`an execution of order ${record.orderId} was not written`, async () => {
      this.#statements.insert('executions', executionRow(record));
    });
  }

  executions(orderIds: readonly string[]): Promise<readonly (ExecutionRecord | null)[]> {
    return this.#run('executions were not read', async () =>
      orderIds.map((id) => {
        const [row] = this.#statements.all<Selectable<ExecutionsTable>>(newestExecution, id);
        return row === undefined ? null : executionOf(row);
      }),
    );
  }

  recall(vault: string, key: string): Promise<Memory> {
    return this.#run('a memory was not read', async () => this.#memories.recall(vault, [key])[0]);
  }

  recallMany(vault: string, keys: readonly string[]): Promise<readonly Memory[]> {
    return this.#run('memories were not read', async () => this.#memories.recall(vault, keys));
  }

  remember(vault: string, key: string, memory: Memory): Promise<void> {
    return this.#write('a memory was not written', async () => this.#memories.remember(vault, key, memory));
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

  #write<T>(what: string, work: () => Promise<T>): Promise<T> {
    return this.#run(what, async () => {
      this.#connection.requireInPlace();
      return work();
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
