import type Database from 'libsql';
import type { JournalTables } from '../internal/schema.ts';
import { preparedOnce } from './preparedOnce.ts';

/** What SQLite takes as a parameter here. */
type Parameter = string | number | null;

/** Rows written by one statement at most. */
const ROWS_PER_STATEMENT = 16;

/** The statements that every tick runs: written out, compiled once, answered at once. */
export interface Statements {
  /** @returns the row's number */
  insert(table: keyof JournalTables, row: Readonly<Record<string, Parameter>>, conflict?: Conflict): number;
  /** Rows of one form, several to a statement. */
  insertAll(
    table: keyof JournalTables,
    rows: readonly Readonly<Record<string, Parameter>>[],
    conflict?: Conflict,
  ): void;
  /** Every row of a query. */
  all<R>(sql: string, ...parameters: readonly Parameter[]): readonly R[];
  /** A number in the only row of a query. */
  numberIn(sql: string, column: string): number;
  /** Runs writes as one transaction, durable when it returns; where one of them throws, none was made. */
  together<T>(work: () => T): T;
  /**
   * The same without waiting for the disk: it survives the process at once, and the power going away with the next write, which
   * waits for both.
   */
  togetherWithNext<T>(work: () => T): T;
}

/** What becomes of a row whose key is taken; an error unless given. */
export type Conflict = 'ignore' | 'replace';

/** Statements over an open journal. Nothing else may have a transaction under way on its connection. */
export function statementsOf(database: Database.Database): Statements {
  const { prepare } = preparedOnce(database);
  const texts = new Map<string, string>();
  const insertText = (
    table: string,
    columns: readonly string[],
    conflict: Conflict | undefined,
    count: number,
  ) => {
    const name = `${table} ${conflict} ${count} ${columns.join()}`;
    const known = texts.get(name);
    if (known !== undefined) return known;
    const verb = conflict === undefined ? 'INSERT' : `INSERT OR ${conflict.toUpperCase()}`;
    const places = `(${columns.map(() => '?').join(', ')})`;
    const values = Array.from({ length: count }, () => places).join(', ');
    const text = `${verb} INTO ${table} (${columns.join(', ')}) VALUES ${values}`;
    texts.set(name, text);
    return text;
  };
  const together = <T>(work: () => T): T => {
    prepare('BEGIN IMMEDIATE').run([]);
    try {
      const value = work();
      prepare('COMMIT').run([]);
      return value;
    } catch (thrown) {
      if (database.inTransaction) prepare('ROLLBACK').run([]);
      throw thrown;
    }
  };
  return {
    insert(table, row, conflict) {
      const text = insertText(table, Object.keys(row), conflict, 1);
      return Number(prepare(text).run(Object.values(row)).lastInsertRowid);
    },
    insertAll(table, rows, conflict) {
      for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
        const some = rows.slice(from, from + ROWS_PER_STATEMENT);
        const text = insertText(table, Object.keys(some[0] ?? {}), conflict, some.length);
        prepare(text).run(some.flatMap((row) => Object.values(row)));
      }
    },
    all: <R>(sql: string, ...parameters: readonly Parameter[]) => prepare(sql).all(parameters) as R[],
    // Asked for so, a row has notes of the driver's own beside its columns; it takes a quarter of the time.
    numberIn: (sql, column) => (prepare(sql).get([]) as Readonly<Record<string, number>>)[column] as number,
    together,
    togetherWithNext(work) {
      // A commit is then written to the log but not synced; syncing the log at the next one syncs all of it.
      database.exec('PRAGMA synchronous = NORMAL');
      try {
        return together(work);
      } finally {
        database.exec('PRAGMA synchronous = FULL');
      }
    },
  };
}
