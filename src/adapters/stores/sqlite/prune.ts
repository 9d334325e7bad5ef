import { statSync } from 'node:fs';
import type Database from 'libsql';
import { decodeJournaled } from '../internal/canonicalJson.ts';
import { hashesOf, type SnapshotManifest } from '../internal/snapshotParts.ts';
import type { Pruned } from '../internal/upkeepFacts.ts';
import { connect, journalErrorOf } from './connection.ts';

const ROWS_AT_A_TIME = 500;
/** Decisions older than the moment that an order stands on, or that a vault has nothing newer than. */
const KEPT = `(SELECT CAST(substr(json_extract(body, '$.decisionId'), 3) AS INTEGER) FROM orders
  UNION SELECT max(number) FROM decisions GROUP BY vault)`;

/**
 * Removes decisions older than a moment with the parts of snapshots that nothing else needs. Orders stay, open or not, with all
 * that happened to them and the decisions that they came of; so do memories, and the newest decision of every vault. Numbers
 * are never given out again. One transaction: a kill leaves all of it or none.
 *
 * @param beforeSeconds Unix seconds
 * @param isTrial whether it is only counted
 * @throws JournalError where a keeper holds the journal
 * @throws JournalCorruptError where a decision that stays cannot be read: then nothing is removed
 */
export function pruneJournal(path: string, beforeSeconds: number, isTrial: boolean): Pruned {
  const { database, close } = connect(path, false);
  try {
    const bytesBefore = statSync(path).size;
    const counted = together(database, isTrial, () => remove(database, beforeSeconds));
    if (!isTrial && counted.decisions > 0) {
      database.exec('VACUUM');
      database.pragma('wal_checkpoint(TRUNCATE)');
    }
    return { ...counted, bytesBefore, bytesAfter: statSync(path).size };
  } catch (thrown) {
    throw journalErrorOf('it was not pruned', thrown);
  } finally {
    close();
  }
}

function together<T>(database: Database.Database, isTrial: boolean, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec(isTrial ? 'ROLLBACK' : 'COMMIT');
    return value;
  } catch (thrown) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

function remove(database: Database.Database, beforeSeconds: number) {
  const changes = (sql: string, parameters: readonly (string | number)[] = []) =>
    Number(database.prepare(sql).run([...parameters]).changes);
  const restore = withoutGuards(database, ['decisions', 'parts']);
  const old = database
    .prepare('SELECT count(*) AS count FROM decisions WHERE recorded_at_seconds < ?')
    .get([beforeSeconds]) as { count: number };
  const decisions = changes(`DELETE FROM decisions WHERE recorded_at_seconds < ? AND number NOT IN ${KEPT}`, [
    beforeSeconds,
  ]);
  const snapshotParts = decisions === 0 ? 0 : removeParts(database, changes);
  restore();
  return { decisions, snapshotParts, kept: old.count - decisions };
}

/** Parts are shared: one goes only where no decision that is left names it. */
function removeParts(database: Database.Database, changes: (sql: string) => number): number {
  database.exec('CREATE TEMP TABLE needed (hash TEXT PRIMARY KEY) WITHOUT ROWID');
  const note = database.prepare('INSERT OR IGNORE INTO needed (hash) VALUES (?)');
  const page = database.prepare(
    'SELECT number, snapshot FROM decisions WHERE number > ? AND snapshot IS NOT NULL ORDER BY number LIMIT ?',
  );
  let after = 0;
  for (;;) {
    const rows = page.all([after, ROWS_AT_A_TIME]) as { number: number; snapshot: string }[];
    for (const { snapshot } of rows)
      for (const hash of hashesOf(decodeJournaled(snapshot) as SnapshotManifest)) note.run([hash]);
    after = rows.at(-1)?.number ?? after;
    if (rows.length < ROWS_AT_A_TIME) break;
  }
  const removed = changes('DELETE FROM parts WHERE hash NOT IN (SELECT hash FROM needed)');
  database.exec('DROP TABLE needed');
  return removed;
}

/** Takes away, for this transaction, what keeps the tables append-only; gives what puts it back as it was. */
function withoutGuards(database: Database.Database, tables: readonly string[]): () => void {
  const names = tables.map((table) => `${table}_no_delete`);
  const guards = names.map(
    (name) =>
      database
        .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name = ?")
        .get([name]) as {
        name: string;
        sql: string;
      },
  );
  for (const { name } of guards) database.exec(`DROP TRIGGER ${name}`);
  return () => {
    for (const { sql } of guards) database.exec(sql);
  };
}
