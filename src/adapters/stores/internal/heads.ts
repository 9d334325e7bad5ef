import type { Kysely, Selectable } from 'kysely';
import { JournalCorruptError, messageOf } from '../../../core/errors.ts';
import type { NativeFacts, ObservedFacts, Snapshot } from '../../../core/snapshot.ts';
import type { CorruptHead, DecisionHead, HeadPage } from '../../../ports/store.ts';
import { decodeJournaled } from './canonicalJson.ts';
import { sha256 } from './checksum.ts';
import { bareDecisionOf, decisionOf } from './rows.ts';
import type { DecisionsTable, JournalTables } from './schema.ts';
import type { SnapshotManifest } from './snapshotParts.ts';

/** Parts asked for in one statement. */
const HASHES_PER_STATEMENT = 500;

type Row = ReturnType<typeof decisionOf>;

/** A page of decisions, with the three small parts of their snapshots on request; a damaged row stands in it as such. */
export async function readHeads(
  database: Kysely<JournalTables>,
  vault: string,
  { before, after, limit, withFacts = false }: HeadPage,
): Promise<readonly (DecisionHead | CorruptHead)[]> {
  let query = database.selectFrom('decisions').selectAll().where('vault', '=', vault).limit(limit);
  if (before !== undefined) query = query.where('number', '<', before);
  if (after !== undefined) query = query.where('number', '>', after);
  const found = await query.orderBy('number', after === undefined ? 'desc' : 'asc').execute();
  if (!withFacts) return found.map((row) => orCorrupt(row, () => ({ ...bareDecisionOf(row), facts: null })));
  const rows = found.map((row) => orCorrupt<Row>(row, () => decisionOf(row)));
  const parts = await readParts(
    database,
    rows.flatMap((row) => ('corrupt' in row || row.manifest === null ? [] : smallHashes(row.manifest))),
  );
  return rows.map((row) => ('corrupt' in row ? row : headOf(row, parts)));
}

function orCorrupt<T>({ number }: Selectable<DecisionsTable>, read: () => T): T | CorruptHead {
  try {
    return read();
  } catch (error) {
    return { id: `d-${number}`, corrupt: messageOf(error) };
  }
}

const smallHashes = ({ block, observed, native }: SnapshotManifest) => [block, observed, native];

async function readParts(
  database: Kysely<JournalTables>,
  hashes: readonly string[],
): Promise<ReadonlyMap<string, unknown>> {
  const wanted = [...new Set(hashes)];
  const parts = new Map<string, unknown>();
  for (let from = 0; from < wanted.length; from += HASHES_PER_STATEMENT) {
    const chunk = wanted.slice(from, from + HASHES_PER_STATEMENT);
    const query = database.selectFrom('parts').selectAll().where('hash', 'in', chunk);
    for (const { hash, body } of await query.execute()) {
      if (sha256(body) === hash) parts.set(hash, decodeJournaled(body));
    }
  }
  return parts;
}

function headOf({ manifest, ...row }: Row, parts: ReadonlyMap<string, unknown>): DecisionHead | CorruptHead {
  if (manifest === null) return { ...row, facts: null };
  const part = <T>(hash: string): T => {
    const found = parts.get(hash);
    if (found === undefined) throw new JournalCorruptError('a part of a snapshot is missing or damaged');
    return found as T;
  };
  try {
    const { volatility } = part<ObservedFacts>(manifest.observed);
    return {
      ...row,
      facts: {
        block: part<Snapshot['chain']['block']>(manifest.block),
        volatility,
        nativePriceQuote: part<NativeFacts>(manifest.native).priceQuote,
      },
    };
  } catch (error) {
    return { id: row.id, corrupt: messageOf(error) };
  }
}
