import type { Selectable } from 'kysely';
import { JournalCorruptError } from '../../../core/errors.ts';
import type { ExecutionRecord } from '../../../core/execution/record.ts';
import type {
  DecisionRecord,
  FillerEvent,
  FillerRecord,
  OrderEvent,
  OrderRecord,
  StoredFillerEvent,
  StoredOrderEvent,
} from '../../../ports/store.ts';
import { decodeJournaled, encodeJournaled } from './canonicalJson.ts';
import { checksumOf } from './checksum.ts';
import type {
  DecisionsTable,
  ExecutionsTable,
  FillerEventsTable,
  FillersTable,
  MemoriesTable,
  OrderEventsTable,
  OrdersTable,
} from './schema.ts';
import type { SnapshotManifest } from './snapshotParts.ts';

type Columns = Readonly<Record<string, unknown>>;

function sealed<C extends Columns>(columns: C): C & { readonly checksum: string } {
  return { ...columns, checksum: checksumOf(columns) };
}

/** Checks a row against its checksum. @throws JournalCorruptError */
function checked<R extends Columns & { readonly checksum: string }>(table: string, row: R): R {
  const { checksum, number, ...columns } = row as R & { readonly number?: unknown };
  if (checksumOf(columns) !== checksum) {
    throw new JournalCorruptError(`a row of ${table} does not match its checksum`, {
      facts: { table, row: String(number ?? columns.key) },
    });
  }
  return row;
}

/**
 * A decision as a row.
 *
 * @param snapshot text of the snapshot's manifest
 * @param decision text of the decision itself
 */
export function decisionRow(record: DecisionRecord, snapshot: string | null, decision: string) {
  return sealed({
    vault: record.vault,
    policy: record.policy,
    recorded_at_seconds: record.recordedAtSeconds,
    block_number: record.blockNumber.toString(),
    snapshot,
    decision,
  });
}

/** A row's decision without its snapshot. @throws JournalCorruptError */
export function bareDecisionOf(
  found: Selectable<DecisionsTable>,
): Omit<DecisionRecord, 'snapshot'> & { readonly id: string } {
  const row = checked('decisions', { ...found });
  return {
    id: `d-${row.number}`,
    vault: row.vault,
    policy: row.policy,
    recordedAtSeconds: row.recorded_at_seconds,
    blockNumber: BigInt(row.block_number),
    decision: decodeJournaled(row.decision) as DecisionRecord['decision'],
  };
}

/** A row's decision, the snapshot still in parts. @throws JournalCorruptError */
export function decisionOf(
  found: Selectable<DecisionsTable>,
): ReturnType<typeof bareDecisionOf> & { readonly manifest: SnapshotManifest | null } {
  const { snapshot } = found;
  return {
    ...bareDecisionOf(found),
    manifest: snapshot === null ? null : (decodeJournaled(snapshot) as SnapshotManifest),
  };
}

/** An order as a row; the signer in lower case, so that it can be found. */
export function orderRow(record: OrderRecord) {
  return sealed({
    id: record.id,
    vault: record.vault,
    chain_id: record.chainId,
    signer: record.signer.toLowerCase(),
    body: encodeJournaled(record),
  });
}

/** A row's order. @throws JournalCorruptError */
export function orderOf(row: Selectable<OrdersTable>): OrderRecord {
  return decodeJournaled(checked('orders', { ...row }).body) as OrderRecord;
}

/** An event as a row. */
export function eventRow(orderId: string, event: OrderEvent, recordedAtSeconds: number) {
  return sealed({
    order_id: orderId,
    kind: event.kind,
    recorded_at_seconds: recordedAtSeconds,
    body: encodeJournaled(event),
  });
}

/** A row's event. @throws JournalCorruptError */
export function eventOf(found: Selectable<OrderEventsTable>): StoredOrderEvent {
  const row = checked('order_events', { ...found });
  return { event: decodeJournaled(row.body) as OrderEvent, recordedAtSeconds: row.recorded_at_seconds };
}

/** A filler as a row; the signer in lower case, so that it can be found. */
export function fillerRow(record: FillerRecord) {
  return sealed({
    id: record.id,
    chain_id: record.chainId,
    signer: record.signer.toLowerCase(),
    body: encodeJournaled(record),
  });
}

/** A row's filler. @throws JournalCorruptError */
export function fillerOf(row: Selectable<FillersTable>): FillerRecord {
  return decodeJournaled(checked('fillers', { ...row }).body) as FillerRecord;
}

/** An event of a filler as a row. */
export function fillerEventRow(fillerId: string, event: FillerEvent, recordedAtSeconds: number) {
  return sealed({
    filler_id: fillerId,
    kind: event.kind,
    recorded_at_seconds: recordedAtSeconds,
    body: encodeJournaled(event),
  });
}

/** A row's event of a filler. @throws JournalCorruptError */
export function fillerEventOf(found: Selectable<FillerEventsTable>): StoredFillerEvent {
  const row = checked('filler_events', { ...found });
  return { event: decodeJournaled(row.body) as FillerEvent, recordedAtSeconds: row.recorded_at_seconds };
}

/** What is kept of a fill as a row. */
export function executionRow(record: ExecutionRecord) {
  return sealed({ order_id: record.orderId, vault: record.vault, body: encodeJournaled(record) });
}

/** A row's fill. @throws JournalCorruptError */
export function executionOf(row: Selectable<ExecutionsTable>): ExecutionRecord {
  return decodeJournaled(checked('executions', { ...row }).body) as ExecutionRecord;
}

/** A memory as a row. */
export function memoryRow(vault: string, key: string, memory: unknown) {
  return sealed({ vault, key, body: encodeJournaled(memory) });
}

/** A row's memory. @throws JournalCorruptError */
export function memoryOf(row: Selectable<MemoriesTable>): unknown {
  return decodeJournaled(checked('memories', { ...row }).body);
}
