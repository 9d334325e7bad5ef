import { type Kysely, sql, type Transaction } from 'kysely';
import { JournalCorruptError, JournalError } from '../../../core/errors.ts';
import { closingKindsSql, misplacedOrders } from '../internal/openOrders.ts';
import type { JournalTables } from '../internal/schema.ts';

const number = 'number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY';

const appendOnly = (tables: readonly string[]) =>
  tables.map(
    (table) => `CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`,
  );

/**
 * Steps that lead from one version to the next: entry 0 from nothing to version 1. A version that was released is never
 * edited; a change is one more entry.
 */
const migrations: readonly (readonly string[])[] = [
  [
    `CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$`,
    'CREATE TABLE parts (hash TEXT PRIMARY KEY, body TEXT NOT NULL)',
    `CREATE TABLE decisions (
      ${number}, vault TEXT NOT NULL, policy TEXT NOT NULL, recorded_at_seconds DOUBLE PRECISION NOT NULL,
      block_number TEXT NOT NULL, snapshot TEXT, decision TEXT NOT NULL, checksum TEXT NOT NULL)`,
    'CREATE INDEX decisions_of_vault ON decisions (vault, number)',
    `CREATE TABLE orders (
      ${number}, id TEXT NOT NULL UNIQUE, vault TEXT NOT NULL, chain_id BIGINT NOT NULL, signer TEXT NOT NULL,
      body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    'CREATE INDEX orders_of_vault ON orders (vault, number)',
    'CREATE INDEX orders_of_signer ON orders (chain_id, signer, number)',
    `CREATE TABLE order_events (
      ${number}, order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL,
      recorded_at_seconds DOUBLE PRECISION NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    'CREATE INDEX events_of_order ON order_events (order_id, number)',
    'CREATE TABLE open_orders (id TEXT PRIMARY KEY REFERENCES orders (id))',
    `CREATE FUNCTION open_order() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO open_orders (id) VALUES (NEW.id); RETURN NULL; END $$`,
    `CREATE FUNCTION close_order() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN DELETE FROM open_orders WHERE id = NEW.order_id; RETURN NULL; END $$`,
    'CREATE TRIGGER orders_open AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION open_order()',
    `CREATE TRIGGER orders_close AFTER INSERT ON order_events FOR EACH ROW
      WHEN (NEW.kind IN (${closingKindsSql})) EXECUTE FUNCTION close_order()`,
    `CREATE TABLE memories (
      vault TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (vault, key))`,
    `CREATE TABLE fillers (
      ${number}, id TEXT NOT NULL UNIQUE, chain_id BIGINT NOT NULL, signer TEXT NOT NULL, body TEXT NOT NULL,
      checksum TEXT NOT NULL)`,
    'CREATE INDEX fillers_of_signer ON fillers (chain_id, signer, number)',
    `CREATE TABLE filler_events (
      ${number}, filler_id TEXT NOT NULL REFERENCES fillers (id), kind TEXT NOT NULL,
      recorded_at_seconds DOUBLE PRECISION NOT NULL, body TEXT NOT NULL, checksum TEXT NOT NULL)`,
    'CREATE INDEX events_of_filler ON filler_events (filler_id, number)',
    `CREATE TABLE executions (
      ${number}, order_id TEXT NOT NULL REFERENCES orders (id), vault TEXT NOT NULL, body TEXT NOT NULL,
      checksum TEXT NOT NULL)`,
    'CREATE INDEX executions_of_order ON executions (order_id, number)',
    'CREATE INDEX executions_of_vault ON executions (vault, number)',
    ...appendOnly(['parts', 'decisions', 'orders', 'order_events', 'fillers', 'filler_events', 'executions']),
  ],
  ['CREATE TABLE holder (is_only BOOLEAN PRIMARY KEY DEFAULT true CHECK (is_only), keeper TEXT NOT NULL)'],
];

/** What this build writes. */
export const newestVersion = migrations.length;

type Database = Kysely<JournalTables>;

/** The version of the journal in a schema; 0 where there is none. */
async function versionOf(database: Database): Promise<number> {
  const there = await sql<{ found: boolean }>`
    SELECT to_regclass('journal_version') IS NOT NULL AS found`.execute(database);
  if (there.rows[0]?.found !== true) return 0;
  const { rows } = await sql<{ version: number }>`SELECT version FROM journal_version`.execute(database);
  return rows[0]?.version ?? 0;
}

async function hasSchema(database: Database, schema: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT to_regnamespace(${schema}) IS NOT NULL AS found`.execute(database);
  return rows[0]?.found === true;
}

function refuseNewer(version: number, schema: string): void {
  if (version <= newestVersion) return;
  throw new JournalError('it was written by a newer Ballast', {
    facts: { schema, version, known: newestVersion },
    action: 'install that version again; an older one must not write here',
  });
}

/**
 * Brings a schema to the newest version in one transaction: a cut leaves it wholly old or wholly new.
 *
 * @throws JournalError where it is of a newer version
 * @throws JournalCorruptError where its list of open orders does not match its orders
 */
export async function migrate(database: Database, schema: string): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    // Asking to make one that is there takes the right to make any.
    if (!(await hasSchema(transaction, schema))) {
      await sql`CREATE SCHEMA ${sql.id(schema)}`.execute(transaction);
    }
    const from = await versionOf(transaction);
    refuseNewer(from, schema);
    if (from < newestVersion) await write(transaction, from);
    const { rows } = await sql.raw<{ misplaced: number }>(misplacedOrders).execute(transaction);
    if (rows[0]?.misplaced !== 0) {
      throw new JournalCorruptError('its list of open orders does not match its orders', {
        facts: { schema },
      });
    }
  });
}

async function write(transaction: Transaction<JournalTables>, from: number): Promise<void> {
  for (const step of migrations.slice(from).flat()) await sql.raw(step).execute(transaction);
  await sql`CREATE TABLE IF NOT EXISTS journal_version (version INTEGER NOT NULL)`.execute(transaction);
  await sql`DELETE FROM journal_version`.execute(transaction);
  await sql`INSERT INTO journal_version (version) VALUES (${newestVersion})`.execute(transaction);
}

/** Refuses a schema that holds no journal, or one of another version. @throws JournalError */
export async function requireReadable(database: Database, schema: string): Promise<void> {
  const version = await versionOf(database);
  refuseNewer(version, schema);
  if (version === newestVersion) return;
  throw new JournalError(version === 0 ? 'there is none' : 'it is from an older Ballast', {
    facts: { schema },
    action:
      version === 0
        ? 'run the keeper first, or check journal.url and journal.schema'
        : 'start the keeper once: it brings the journal up to date',
  });
}
