import type Database from 'libsql';
import type { JournalTables } from '../internal/schema.ts';
import { preparedOnce } from './preparedOnce.ts';

/** What SQLite takes as a parameter here. */
type Parameter = string | number | null;

/** The statements that every tick runs: written out, compiled once, answered at once. */
export interface Statements {
  /** @returns the row's number */
  insert(table: keyof JournalTables, row: Readonly<Record<string, Parameter>>, conflict?: Conflict): number;
  /** Every row of a query. */
  all<R>(sql: string, ...parameters: readonly Parameter[]): readonly R[];
  /** Runs writes as one transaction, durable when it returns; where one of them throws, none was made. */
  together<T>(work: () => T): T;
}

/** What becomes of a row whose key is taken; an error unless given. */
export type Conflict = 'ignore' | 'replace';

/** Statements over an open journal. Nothing else may have a transaction under way on its connection. */
export function statementsOf(database: Database.Database): Statements {
  const { prepare } = preparedOnce(database);
  const texts = new Map<string, string>();
  const insertText = (table: string, columns: readonly string[], conflict: Conflict | undefined) => {
    const name = `${table} ${conflict} ${columns.join()}`;
    const known = texts.get(name);
    if (known !== undefined) return known;
    const verb = conflict === undefined ? 'INSERT' : `INSERT OR ${conflict.toUpperCase()}`;
    const places = columns.map(() => '?').join(', ');
    const text = `${verb} INTO ${table} (${columns.join(', ')}) VALUES (${places})`;
    texts.set(name, text);
    return text;
  };
  return {
    insert(table, row, conflict) {
      const text = insertText(table, Object.keys(row), conflict);
      return Number(prepare(text).run(Object.values(row)).lastInsertRowid);
    },
    all: <R>(sql: string, ...parameters: readonly Parameter[]) => prepare(sql).all(parameters) as R[],
    together(work) {
      prepare('BEGIN IMMEDIATE').run([]);
      try {
        const value = work();
        prepare('COMMIT').run([]);
        return value;
      } catch (thrown) {
        if (database.inTransaction) prepare('ROLLBACK').run([]);
        throw thrown;
      }
    },
  };
}
