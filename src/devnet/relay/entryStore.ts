import { sameAddress } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { isEnoughBump } from './feeRules.ts';
import type { MinedBlock, PoolEntry, SignedTransaction } from './types.ts';

/** How much may be held. */
export interface EntryLimits {
  readonly maxStoredTransactions: number;
  readonly maxStoredBytes: number;
}

/** The bundles and private transactions that wait for their block. */
export interface EntryStore {
  readonly transactionCount: number;
  /**
   * Takes an entry in. What carries the same replacement UUID from the same identity, the same transactions for the same
   * block, or a transaction that this one outbids gives way.
   *
   * @throws RelayRefusalError when it replaces a transaction without raising both caps enough, or when the store is full
   */
  add(entry: PoolEntry): void;
  /** The first that matches; null where none does. */
  find(matches: (entry: PoolEntry) => boolean): PoolEntry | null;
  /** Removes what matches and returns it. */
  remove(matches: (entry: PoolEntry) => boolean): readonly PoolEntry[];
  /** What may go into a block of this number and time, in order of arrival. */
  candidates(blockNumber: bigint, timestampSeconds: number): readonly PoolEntry[];
  /** Forgets what a mined block included or made impossible, and what is past its last block. */
  book(block: MinedBlock): void;
}

/** An empty store. */
export function createEntryStore(limits: EntryLimits): EntryStore {
  let entries: readonly PoolEntry[] = [];

  return {
    get transactionCount() {
      return entries.reduce((sum, entry) => sum + entry.transactions.length, 0);
    },
    add(entry) {
      const others = entries.filter((held) => !givesWay(held, entry));
      const outbid = others.filter((held) => isOutbid(held, entry));
      const kept = [...others.filter((held) => !outbid.includes(held)), entry];
      checkCapacity(kept, limits);
      entries = kept;
    },
    find: (matches) => entries.find(matches) ?? null,
    remove(matches) {
      const removed = entries.filter(matches);
      entries = entries.filter((entry) => !matches(entry));
      return removed;
    },
    candidates(blockNumber, timestampSeconds) {
      return entries.filter(
        (entry) =>
          entry.firstBlock <= blockNumber &&
          blockNumber <= entry.lastBlock &&
          (entry.minTimestampSeconds ?? 0) <= timestampSeconds &&
          timestampSeconds <= (entry.maxTimestampSeconds ?? Number.POSITIVE_INFINITY),
      );
    },
    book(block) {
      const mined = new Set<string>(block.transactionHashes);
      entries = entries.filter(
        (entry) => entry.lastBlock > block.number && !entry.transactions.some(({ hash }) => mined.has(hash)),
      );
    },
  };
}

function givesWay(held: PoolEntry, offered: PoolEntry): boolean {
  const isSameUuid = offered.replacementUuid !== null && held.replacementUuid === offered.replacementUuid;
  if (isSameUuid && sameAddress(held.identity, offered.identity)) return true;
  const isSamePlace = held.kind === 'privateTransaction' || held.lastBlock === offered.lastBlock;
  return held.kind === offered.kind && held.hash === offered.hash && isSamePlace;
}

/** @throws RelayRefusalError when the entries compete for a nonce and the offered one does not pay enough more */
function isOutbid(held: PoolEntry, offered: PoolEntry): boolean {
  const rivals = held.transactions.flatMap((old) =>
    offered.transactions.filter((next) => competes(old, next)).map((next) => ({ old, next })),
  );
  const tooCheap = rivals.find(({ old, next }) => !isEnoughBump(old, next));
  if (tooCheap !== undefined) {
    throw new RelayRefusalError(
      RPC_CODE.rejected,
      `replacement transaction underpriced: nonce ${tooCheap.next.nonce} of ${tooCheap.next.sender} is held, ` +
        'a replacement must raise both caps by 10 %',
    );
  }
  return rivals.length > 0;
}

function competes(old: SignedTransaction, next: SignedTransaction): boolean {
  return old.nonce === next.nonce && old.hash !== next.hash && sameAddress(old.sender, next.sender);
}

function checkCapacity(entries: readonly PoolEntry[], limits: EntryLimits): void {
  const transactions = entries.flatMap((entry) => entry.transactions);
  const bytes = transactions.reduce((sum, { raw }) => sum + raw.length / 2 - 1, 0);
  if (transactions.length > limits.maxStoredTransactions || bytes > limits.maxStoredBytes) {
    throw new RelayRefusalError(
      RPC_CODE.limitExceeded,
      'the relay holds as many transactions as it can, try again later',
    );
  }
}
