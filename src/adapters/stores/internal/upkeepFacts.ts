/** What is in a journal. */
export interface JournalInfo {
  readonly version: number;
  /** What this build writes; a journal of a later one is not touched. */
  readonly newestVersion: number;
  readonly bytes: number;
  /** Whether a keeper holds it right now. */
  readonly isHeld: boolean;
  readonly decisions: number;
  readonly orders: number;
  readonly openOrders: number;
  readonly snapshotParts: number;
  readonly firstDecisionSeconds: number | null;
  readonly lastDecisionSeconds: number | null;
}

/** What pruning removed, and what it kept for its own sake. */
export interface Pruned {
  readonly decisions: number;
  readonly snapshotParts: number;
  /** Older decisions that were kept: an order came of them, or they are the newest of a vault. */
  readonly kept: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}
