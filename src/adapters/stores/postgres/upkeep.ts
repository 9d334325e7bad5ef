import { type ControlledTransaction, Kysely, PostgresDialect, sql } from 'kysely';
import { decodeJournaled } from '../internal/canonicalJson.ts';
import type { JournalTables } from '../internal/schema.ts';
import { hashesOf, type SnapshotManifest } from '../internal/snapshotParts.ts';
import type { JournalInfo, Pruned } from '../internal/upkeepFacts.ts';
import { postgresErrorOf } from './errors.ts';
import { newestVersion, requireReadable } from './migrations.ts';
import { type JournalPlace, Session } from './session.ts';

type Database = Kysely<JournalTables>;

/** Removing the decisions of years takes its time. */
const STATEMENT_TIMEOUT_MS = 600_000;
const ROWS_AT_A_TIME = 500;

/** Looks at a journal without changing it, also beside the keeper that writes it. @throws JournalError */
export function journalInfo({ url, schema }: Omit<JournalPlace, 'readOnly'>): Promise<JournalInfo> {
  return connected({ url, schema, readOnly: true }, async (database) => {
    const { rows } = await sql<Omit<JournalInfo, 'version' | 'newestVersion' | 'bytes'>>`
      SELECT (SELECT count(*) FROM decisions) AS decisions, (SELECT count(*) FROM orders) AS orders,
        (SELECT count(*) FROM open_orders) AS "openOrders", (SELECT count(*) FROM parts) AS "snapshotParts",
        (SELECT min(recorded_at_seconds) FROM decisions) AS "firstDecisionSeconds",
        (SELECT max(recorded_at_seconds) FROM decisions) AS "lastDecisionSeconds",
        EXISTS (SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
          WHERE locktype = 'advisory' AND granted AND datname = current_database()
          AND classid = hashtext('ballast journal')::oid AND objid = hashtext(${schema})::oid) AS "isHeld"`.execute(
      database,
    );
    const [counted] = rows as [(typeof rows)[0]];
    // A journal of any other version was refused.
    return { version: newestVersion, newestVersion, bytes: await bytesOf(database), ...counted };
  });
}

/**
 * Removes decisions older than a moment with the parts of snapshots that nothing else needs, and gives their space back. What
 * stays is what stays of a journal in a file. One transaction, under the lock of the keeper: none runs meanwhile, and one that
 * had lost its connection has to be started anew.
 *
 * @param beforeSeconds Unix seconds
 * @param isTrial whether it is only counted
 * @throws JournalError where a keeper holds the journal, or it is not this user's to change
 * @throws JournalCorruptError where a decision that stays cannot be read: then nothing is removed
 */
export function pruneJournal(
  { url, schema }: Omit<JournalPlace, 'readOnly'>,
  beforeSeconds: number,
  isTrial: boolean,
): Promise<Pruned> {
  return connected({ url, schema, readOnly: false }, async (database, session) => {
    await session.hold();
    const bytesBefore = await bytesOf(database);
    const transaction = await database.startTransaction().execute();
    let counted: Pick<Pruned, 'decisions' | 'snapshotParts' | 'kept'>;
    try {
      counted = await remove(transaction, beforeSeconds);
      await (isTrial ? transaction.rollback() : transaction.commit()).execute();
    } catch (thrown) {
      if (!transaction.isCommitted && !transaction.isRolledBack) {
        await transaction
          .rollback()
          .execute()
          .catch(() => {});
      }
      throw thrown;
    }
    if (!isTrial && counted.decisions > 0) await giveBack(database);
    return { ...counted, bytesBefore, bytesAfter: await bytesOf(database) };
  });
}

async function remove(transaction: ControlledTransaction<JournalTables>, beforeSeconds: number) {
  // What keeps the tables append-only, for everybody but this transaction.
  const guards = async (verb: 'DISABLE' | 'ENABLE') => {
    for (const table of ['decisions', 'parts']) {
      await sql.raw(`ALTER TABLE ${table} ${verb} TRIGGER ${table}_append_only`).execute(transaction);
    }
  };
  await guards('DISABLE');
  const { rows } = await sql<{ old: number }>`
    SELECT count(*) AS old FROM decisions WHERE recorded_at_seconds < ${beforeSeconds}`.execute(transaction);
  const { numAffectedRows } = await sql`
    DELETE FROM decisions WHERE recorded_at_seconds < ${beforeSeconds} AND number NOT IN (
      SELECT CAST(substr(body::json ->> 'decisionId', 3) AS BIGINT) FROM orders
      UNION SELECT max(number) FROM decisions GROUP BY vault)`.execute(transaction);
  const decisions = Number(numAffectedRows ?? 0);
  const snapshotParts = decisions === 0 ? 0 : await removeParts(transaction);
  await guards('ENABLE');
  return { decisions, snapshotParts, kept: (rows[0]?.old ?? 0) - decisions };
}

/** Parts are shared: one goes only where no decision that is left names it. */
async function removeParts(transaction: ControlledTransaction<JournalTables>): Promise<number> {
  await sql`CREATE TEMPORARY TABLE needed (hash TEXT PRIMARY KEY) ON COMMIT DROP`.execute(transaction);
  let after = 0;
  for (;;) {
    const rows = await transaction
      .selectFrom('decisions')
      .select(['number', 'snapshot'])
      .where('number', '>', after)
      .where('snapshot', 'is not', null)
      .orderBy('number')
      .limit(ROWS_AT_A_TIME)
      .execute();
    const hashes = rows.flatMap(({ snapshot }) =>
      hashesOf(decodeJournaled(String(snapshot)) as SnapshotManifest),
    );
    await sql`INSERT INTO needed SELECT unnest(${hashes}::text[]) ON CONFLICT DO NOTHING`.execute(
      transaction,
    );
    after = rows.at(-1)?.number ?? after;
    if (rows.length < ROWS_AT_A_TIME) break;
  }
  const removed = await sql`
    DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM needed WHERE needed.hash = parts.hash)`.execute(
    transaction,
  );
  return Number(removed.numAffectedRows ?? 0);
}

async function giveBack(database: Database): Promise<void> {
  try {
    await sql`VACUUM (FULL) decisions, parts`.execute(database);
  } catch (thrown) {
    throw postgresErrorOf('it was pruned, but its space was not given back', thrown);
  }
}

async function bytesOf(database: Database): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    SELECT sum(pg_total_relation_size(oid))::bigint AS bytes FROM pg_class
    WHERE relnamespace = to_regnamespace(current_schema()::text) AND relkind = 'r'`.execute(database);
  return rows[0]?.bytes ?? 0;
}

/** A connection of its own to a journal of this build's version, for as long as the work takes. */
async function connected<T>(
  place: JournalPlace,
  work: (database: Database, session: Session) => Promise<T>,
): Promise<T> {
  const session = new Session(place, STATEMENT_TIMEOUT_MS);
  const database = new Kysely<JournalTables>({ dialect: new PostgresDialect({ pool: session }) });
  try {
    await requireReadable(database, place.schema);
    return await work(database, session);
  } catch (thrown) {
    throw postgresErrorOf(`schema ${place.schema}`, thrown);
  } finally {
    await database.destroy().catch(() => {});
  }
}
