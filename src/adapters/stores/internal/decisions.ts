import type { Kysely, Selectable } from 'kysely';
import { JournalCorruptError } from '../../../core/errors.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { StoredDecision } from '../../../ports/store.ts';
import { decodeJournaled } from './canonicalJson.ts';
import { sha256 } from './checksum.ts';
import { decisionOf } from './rows.ts';
import type { DecisionsTable, JournalTables } from './schema.ts';
import { hashesOf, joinSnapshot, type SnapshotManifest } from './snapshotParts.ts';

/** Every database takes so many parameters in one statement for certain. */
const parametersPerStatement = 500;

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / parametersPerStatement);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * parametersPerStatement, (index + 1) * parametersPerStatement),
  );
}

/** The number in a decision's id, `d-17`; null where it is no such id. */
export function numberOfDecision(id: string): number | null {
  const number = /^d-(\d{1,15})$/.exec(id)?.[1];
  return number === undefined ? null : Number(number);
}

/**
 * Rows as decisions, with all that they looked at.
 *
 * @throws JournalCorruptError where a row or a part of a snapshot does not match its checksum, or a part is missing
 */
export async function readDecisions(
  database: Kysely<JournalTables>,
  rows: readonly Selectable<DecisionsTable>[],
): Promise<readonly StoredDecision[]> {
  const decisions: StoredDecision[] = [];
  for (const row of rows) {
    const { manifest, ...decision } = decisionOf(row);
    decisions.push({ ...decision, snapshot: manifest && (await readSnapshot(database, manifest)) });
  }
  return decisions;
}

async function readSnapshot(database: Kysely<JournalTables>, manifest: SnapshotManifest): Promise<Snapshot> {
  const bodies = new Map<string, string>();
  for (const hashes of chunks([...new Set(hashesOf(manifest))])) {
    const query = database.selectFrom('parts').selectAll().where('hash', 'in', hashes);
    for (const { hash, body } of await query.execute()) bodies.set(hash, body);
  }
  return joinSnapshot(manifest, (hash) => {
    const body = bodies.get(hash);
    if (body !== undefined && sha256(body) === hash) return decodeJournaled(body);
    const what = body === undefined ? 'is missing' : 'does not match its hash';
    throw new JournalCorruptError(`a part of a snapshot ${what}`, { facts: { part: hash } });
  });
}
