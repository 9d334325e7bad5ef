import type Database from 'libsql';

/** Statements kept at most: a journal has some dozens, lists of keys of every length a few more. */
const MOST_STATEMENTS = 200;

/** What of a database a query builder asks for. */
interface Preparing {
  prepare(sql: string): Database.Statement;
  close(): void;
}

/**
 * A database that compiles each statement once and hands the same one out again: compiling takes longer than most of a
 * journal's statements run. The oldest make room for new ones.
 */
export function preparedOnce(database: Database.Database): Preparing {
  const statements = new Map<string, Database.Statement>();
  return {
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      const [oldest] = statements.keys();
      if (statements.size >= MOST_STATEMENTS && oldest !== undefined) statements.delete(oldest);
      statements.set(sql, statement);
      return statement;
    },
    close: () => database.close(),
  };
}
