import type { Selectable } from 'kysely';
import type Database from 'libsql';
import type { ExecutionRecord } from '../../../core/execution/record.ts';
import { executionRow, memoryOf } from '../internal/rows.ts';
import type { MemoriesTable } from '../internal/schema.ts';

/** Under which versions 1 and 2 remembered each fill. */
const prefix = 'engine.execution.';

/**
 * Puts what versions 1 and 2 remembered of fills into their table, where nothing is overwritten. Of an order that is not in
 * the journal nothing is kept.
 *
 * @throws JournalCorruptError when one fails its checksum
 */
export function executionsFromMemories(database: Database.Database): void {
  const remembered = database
    .prepare(
      `SELECT memories.* FROM memories JOIN orders ON orders.id = substr(key, ?)
       WHERE key LIKE ? ORDER BY orders.number`,
    )
    .all([prefix.length + 1, `${prefix}%`]) as Selectable<MemoriesTable>[];
  const insert = database.prepare(
    'INSERT INTO executions (order_id, vault, body, checksum) VALUES (?, ?, ?, ?)',
  );
  for (const row of remembered) {
    const { order_id, vault, body, checksum } = executionRow(memoryOf(row) as ExecutionRecord);
    insert.run([order_id, vault, body, checksum]);
  }
  database.prepare('DELETE FROM memories WHERE key LIKE ?').run([`${prefix}%`]);
}
