import { type Kysely, sql } from 'kysely';
import type { DecisionCount } from '../../../ports/store.ts';
import type { JournalTables } from '../internal/schema.ts';

/** How many decisions of a vault there are, by kind and reason: counted by the database, nothing of them is decoded. */
export async function countDecisions(
  database: Kysely<JournalTables>,
  vault: string,
): Promise<readonly DecisionCount[]> {
  const { rows } = await sql<DecisionCount>`
    SELECT json_extract(decision, '$.kind') AS kind, json_extract(decision, '$.code') AS code, count(*) AS count
    FROM decisions WHERE vault = ${vault} GROUP BY 1, 2`.execute(database);
  return rows;
}
