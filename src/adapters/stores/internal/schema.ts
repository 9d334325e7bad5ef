import type { Generated } from 'kysely';

/** A piece of snapshots, under the hash of its text. */
export interface PartsTable {
  readonly hash: string;
  readonly body: string;
}

/** One decision; `snapshot` is the manifest of its parts. */
export interface DecisionsTable {
  readonly number: Generated<number>;
  readonly vault: string;
  readonly policy: string;
  readonly recorded_at_seconds: number;
  readonly block_number: string;
  readonly snapshot: string | null;
  readonly decision: string;
  readonly checksum: string;
}

/** One order as it was decided; `body` is the whole record, the other columns are for finding it. */
export interface OrdersTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly vault: string;
  readonly chain_id: number;
  readonly signer: string;
  readonly body: string;
  readonly checksum: string;
}

/** One event of an order. */
export interface OrderEventsTable {
  readonly number: Generated<number>;
  readonly order_id: string;
  readonly kind: string;
  readonly recorded_at_seconds: number;
  readonly body: string;
  readonly checksum: string;
}

/** What a plug-in remembered last: the one table that is overwritten. */
export interface MemoriesTable {
  readonly vault: string;
  readonly key: string;
  readonly body: string;
  readonly checksum: string;
}

/** Orders without a closing event: kept by triggers, so that finding them does not take reading all that ever were. */
export interface OpenOrdersTable {
  readonly id: string;
}

/** One filler; `body` is the whole record, the other columns are for finding it. */
export interface FillersTable {
  readonly number: Generated<number>;
  readonly id: string;
  readonly chain_id: number;
  readonly signer: string;
  readonly body: string;
  readonly checksum: string;
}

/** One event of a filler. */
export interface FillerEventsTable {
  readonly number: Generated<number>;
  readonly filler_id: string;
  readonly kind: string;
  readonly recorded_at_seconds: number;
  readonly body: string;
  readonly checksum: string;
}

/** What was known of a fill when it was looked back on; the newest row of an order counts. */
export interface ExecutionsTable {
  readonly number: Generated<number>;
  readonly order_id: string;
  readonly vault: string;
  readonly body: string;
  readonly checksum: string;
}

/** The journal's tables. */
export interface JournalTables {
  readonly parts: PartsTable;
  readonly decisions: DecisionsTable;
  readonly orders: OrdersTable;
  readonly order_events: OrderEventsTable;
  readonly open_orders: OpenOrdersTable;
  readonly fillers: FillersTable;
  readonly filler_events: FillerEventsTable;
  readonly executions: ExecutionsTable;
  readonly memories: MemoriesTable;
}
