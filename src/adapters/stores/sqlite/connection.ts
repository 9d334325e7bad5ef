import { existsSync } from 'node:fs';
import Database from 'libsql';
import { BallastError, JournalCorruptError, JournalError, messageOf } from '../../../core/errors.ts';
import { misplacedOrders } from '../internal/openOrders.ts';
import { filesInPlace } from './filesInPlace.ts';
import { lockOut } from './lock.ts';
import { migrations } from './migrations.ts';

/** How long to wait for a reader that is just copying its pages, milliseconds. */
const busyMilliseconds = 5_000;

/** An open journal file, with the lock that keeps other keepers out; readers hold none. */
export interface Connection {
  readonly database: Database.Database;
  /** Whether it holds the lock: nobody else writes meanwhile. */
  readonly isAlone: boolean;
  /** To be called before a write. @throws JournalError where the files are not where they were opened */
  requireInPlace(): void;
  close(): void;
}

const damaged = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB']);

/** A database driver's error in the journal's own words. */
export function journalErrorOf(what: string, thrown: unknown): BallastError {
  if (thrown instanceof BallastError) return thrown;
  const code = String((thrown as { code?: unknown }).code ?? '');
  if (damaged.has(code)) return new JournalCorruptError(`${what}: ${messageOf(thrown)}`, { cause: thrown });
  return new JournalError(`${what}: ${messageOf(thrown)}`, {
    cause: thrown,
    facts: code === '' ? {} : { code },
  });
}

function openDatabase(path: string, timeout: number): Database.Database {
  return new Database(path, { timeout });
}

function version(database: Database.Database): number {
  const [row] = database.pragma('user_version') as { user_version: number }[];
  return row?.user_version ?? 0;
}

/** Brings the file to the newest version in one transaction: a kill leaves it wholly old or wholly new. */
function migrate(database: Database.Database, path: string): void {
  refuseNewer(database, path);
  const from = version(database);
  if (from === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(from).flat()) {
      if (typeof step === 'string') database.exec(step);
      else step(database);
    }
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
}

function refuseNewer(database: Database.Database, path: string): void {
  const found = version(database);
  if (found <= migrations.length) return;
  throw new JournalError('it was written by a newer Ballast', {
    facts: { path, version: found, known: migrations.length },
    action: 'install that version again; an older one must not write here',
  });
}

/** The list of open orders is what settling starts from: an order that fell off it would never be settled. */
function refuseMisplaced(database: Database.Database): void {
  const { misplaced } = database.prepare(misplacedOrders).get() as { misplaced: number };
  if (misplaced === 0) return;
  throw new JournalCorruptError('its list of open orders does not match its orders', {
    facts: { misplaced },
  });
}

/** The driver has no read-only mode that holds, so the connection is told to refuse writes. */
function openReader(path: string): Connection {
  if (!existsSync(path)) {
    throw new JournalError('there is none', {
      facts: { path },
      action: 'run the keeper first, or check journal.path',
    });
  }
  const database = openDatabase(path, busyMilliseconds);
  database.pragma('query_only = ON');
  refuseNewer(database, path);
  if (version(database) !== migrations.length) {
    database.close();
    throw new JournalError('it is from an older Ballast', {
      facts: { path },
      action: 'start the keeper once: it brings the journal up to date',
    });
  }
  return { database, isAlone: false, requireInPlace: () => {}, close: () => database.close() };
}

/** The driver leaves commits in the file beside: after this the journal file alone is the journal, to copy and to keep. */
function intoOneFile(database: Database.Database): void {
  database.pragma('wal_checkpoint(TRUNCATE)');
}

function openWriter(path: string): Connection {
  const lock = lockOut(path);
  try {
    const database = openDatabase(path, busyMilliseconds);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    migrate(database, path);
    refuseMisplaced(database);
    return {
      database,
      isAlone: true,
      requireInPlace: filesInPlace(path),
      close: () => {
        try {
          intoOneFile(database);
        } finally {
          database.close();
          lock.close();
        }
      },
    };
  } catch (thrown) {
    lock.close();
    throw thrown;
  }
}

/**
 * Opens a journal file. A commit is on the disk when it returns (write-ahead log, full synchronisation), unless a write says that
 * it waits for the next.
 *
 * @throws JournalError when the file is held by another keeper, missing (reading) or newer than this version
 * @throws JournalCorruptError when it is no journal
 */
export function connect(path: string, readOnly: boolean): Connection {
  try {
    return readOnly ? openReader(path) : openWriter(path);
  } catch (thrown) {
    throw journalErrorOf(`cannot open ${path}`, thrown);
  }
}
