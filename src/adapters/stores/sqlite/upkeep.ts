import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import Database from 'libsql';
import { JournalCorruptError, JournalError } from '../../../core/errors.ts';
import type { JournalInfo } from '../internal/upkeepFacts.ts';
import { connect, journalErrorOf } from './connection.ts';
import { lockOut } from './lock.ts';
import { migrations } from './migrations.ts';

/** How long to wait for a writer that is just committing, milliseconds. */
const BUSY_MILLISECONDS = 5_000;

/** What each version of the journal brought, oldest first. */
export const versionWords: readonly string[] = [
  'decisions, snapshots by their parts, orders with their events, memories',
  'transactions that only use a nonce up',
  'fills in a table of their own, taken over from the memories',
];

/** Looks at a journal without changing it, also beside the keeper that writes it. @throws JournalError, JournalCorruptError */
export function journalInfo(path: string): JournalInfo {
  return reading(path, (database) => infoOf(database, path));
}

function infoOf(database: Database.Database, path: string): JournalInfo {
  const one = <T>(sql: string) => database.prepare(sql).get([]) as T;
  const count = (table: string) => one<{ count: number }>(`SELECT count(*) AS count FROM ${table}`).count;
  const span = one<{ first: number | null; last: number | null }>(
    'SELECT min(recorded_at_seconds) AS first, max(recorded_at_seconds) AS last FROM decisions',
  );
  return {
    version: versionOf(database),
    newestVersion: migrations.length,
    bytes: bytesOf(path),
    isHeld: isHeld(path),
    decisions: count('decisions'),
    orders: count('orders'),
    openOrders: count('open_orders'),
    snapshotParts: count('parts'),
    firstDecisionSeconds: span.first,
    lastDecisionSeconds: span.last,
  };
}

/**
 * Copies a journal into one new file, as it is at one moment, while the keeper goes on writing; the copy is checked page by page
 * and is on the disk when this returns.
 *
 * @throws JournalError where the copy is there already, or nothing can be read or written
 * @throws JournalCorruptError where the journal or its copy is damaged
 */
export function backUpJournal(path: string, to: string): JournalInfo {
  if (existsSync(to)) {
    throw new JournalError('the backup is there already', {
      facts: { path: to },
      action: 'name another file: a backup is never overwritten',
    });
  }
  try {
    reading(path, (database) => database.prepare('VACUUM INTO ?').run([to]));
    toDisk(to);
    return checkedInfo(to);
  } catch (thrown) {
    rmSync(to, { force: true });
    throw thrown;
  }
}

/** What restoring did. */
export interface Restored {
  readonly info: JournalInfo;
  /** Where the journal that was there is now; null where there was none. */
  readonly setAside: string | null;
}

/**
 * Puts a backup in the place of a journal that no keeper holds; what was there is set aside, not deleted.
 *
 * @param mayReplace whether a journal may be there already
 * @param stamp tells what was set aside from what was before
 * @throws JournalError where a keeper holds the journal, one is there and may not be replaced, or the backup is newer than this build
 * @throws JournalCorruptError where the backup is damaged
 */
export function restoreJournal(backup: string, path: string, mayReplace: boolean, stamp: string): Restored {
  const info = checkedInfo(backup);
  if (info.version > info.newestVersion) {
    throw new JournalError('the backup was written by a newer Ballast', {
      facts: { path: backup, version: info.version, known: info.newestVersion },
      action: 'install that version again; an older one must not write there',
    });
  }
  const lock = lockOut(path);
  try {
    if (existsSync(path) && !mayReplace) {
      throw new JournalError('a journal is there already', {
        facts: { path },
        action: 'restore with --force: what is there is set aside, not deleted',
      });
    }
    const fresh = `${path}.restoring`;
    copyFileSync(backup, fresh);
    toDisk(fresh);
    const setAside = existsSync(path) ? `${path}.before-restore-${stamp}` : null;
    // What a crash left beside the old file belongs to it, and would spoil the new one.
    for (const suffix of ['', '-wal', '-shm']) {
      if (setAside !== null && existsSync(path + suffix)) renameSync(path + suffix, setAside + suffix);
      else rmSync(path + suffix, { force: true });
    }
    renameSync(fresh, path);
    return { info, setAside };
  } finally {
    lock.close();
  }
}

/** What bringing a journal up to date did. */
export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** What each step brought, oldest first; empty where it was up to date. */
  readonly steps: readonly string[];
  /** The copy that was made before; null where nothing was to be done. */
  readonly backup: string | null;
}

/**
 * Brings a journal to the version of this build; a copy of it as it was is made first.
 *
 * @throws JournalError where a keeper holds it, or it is newer than this build
 */
export function migrateJournal(path: string): Migrated {
  const from = reading(path, versionOf);
  const to = migrations.length;
  if (from >= to) {
    connect(path, false).close();
    return { from, to: from, steps: [], backup: null };
  }
  const backup = `${path}.version-${from}`;
  if (!existsSync(backup)) backUpJournal(path, backup);
  connect(path, false).close();
  const steps = versionWords.slice(from).map((words, index) => `version ${from + index + 1}: ${words}`);
  return { from, to, steps, backup };
}

function isHeld(path: string): boolean {
  if (!existsSync(`${path}-lock`)) return false;
  try {
    lockOut(path).close();
    return false;
  } catch {
    return true;
  }
}

/** Of the file and of those that a keeper has beside it. */
function bytesOf(path: string): number {
  const files = [path, `${path}-wal`, `${path}-shm`].filter(existsSync);
  return files.reduce((sum, file) => sum + statSync(file).size, 0);
}

function versionOf(database: Database.Database): number {
  const [row] = database.pragma('user_version') as { user_version: number }[];
  return row?.user_version ?? 0;
}

function checkedInfo(path: string): JournalInfo {
  return reading(path, (database) => {
    const [row] = database.pragma('integrity_check') as { integrity_check: string }[];
    if (row?.integrity_check !== 'ok') {
      throw new JournalCorruptError('it is damaged', { facts: { path, found: row?.integrity_check } });
    }
    return infoOf(database, path);
  });
}

function reading<T>(path: string, work: (database: Database.Database) => T): T {
  if (!existsSync(path)) {
    throw new JournalError('there is none', { facts: { path }, action: 'check the path, or journal.path' });
  }
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: BUSY_MILLISECONDS });
    return work(database);
  } catch (thrown) {
    throw journalErrorOf(`cannot read ${path}`, thrown);
  } finally {
    database?.close();
  }
}

function toDisk(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
