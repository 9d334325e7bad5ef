import type { Statements } from './statements.ts';

/**
 * Tells whether another connection has written to the database since it was last asked: what was decoded before is then
 * read again, so that damage done beside a running keeper is noticed (SQLite: PRAGMA data_version).
 */
export function foreignWrites(statements: Statements): () => boolean {
  let seen: number | undefined;
  return () => {
    const version = statements.numberIn('PRAGMA data_version', 'data_version');
    const hasChanged = seen !== undefined && version !== seen;
    seen = version;
    return hasChanged;
  };
}
