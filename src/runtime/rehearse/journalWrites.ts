import type { OrderEvent, Store } from '../../ports/store.ts';
import { journalReads } from '../journal/journalReads.ts';

/** What a keeper writes into its journal, by kind: each of them is a point at which it may die. */
export const JOURNAL_WRITES = [
  'decision',
  /** A decision with the order that it leads to. */
  'order',
  'signed',
  /** Signed once more for a later rung. */
  'signedAgain',
  'answered',
  'filled',
  'reverted',
  'replaced',
  'reorged',
  'expired',
  'abandoned',
  'final',
  'filler',
  'fillerAnswered',
  'fillerClosed',
  /** What is remembered of a nonce lane. */
  'lane',
  /** How a fill turned out. */
  'execution',
  /** What else is remembered. */
  'memory',
] as const;

/** One kind of journal write. */
export type JournalWrite = (typeof JOURNAL_WRITES)[number];

/** A write at which the keeper dies: counted from 1 among those of its kind, before it is made or once it is durable. */
export interface Fuse {
  readonly write: JournalWrite;
  readonly when: 'before' | 'after';
  readonly nth: number;
}

/** Told of every write before it is made; what it gives is told once that write is durable. */
export type OnWrite = (write: JournalWrite) => () => void;

/** Paper fills are a shadow's; a keeper that sends writes none. */
function writeOf(event: OrderEvent): JournalWrite {
  if (event.kind === 'signed') return (event.attempt.rung ?? 0) > 0 ? 'signedAgain' : 'signed';
  return event.kind === 'paper' ? 'memory' : event.kind;
}

function memoryOf(vault: string, key: string): JournalWrite {
  if (vault.startsWith('#')) return 'lane';
  return key === 'engine.executions' ? 'execution' : 'memory';
}

/** A journal that tells of every write just before it is made, and again once it is durable. */
export function watched(store: Store, onWrite: OnWrite): Store {
  const through = async <T>(write: JournalWrite, make: () => Promise<T>): Promise<T> => {
    const onMade = onWrite(write);
    const made = await make();
    onMade();
    return made;
  };
  return {
    recordDecision: (record, orderOf) =>
      through(orderOf === undefined ? 'decision' : 'order', () => store.recordDecision(record, orderOf)),
    appendEvent: (id, event, at) => through(writeOf(event), () => store.appendEvent(id, event, at)),
    recordFiller: (record) => through('filler', () => store.recordFiller(record)),
    appendFillerEvent: (id, event, at) =>
      through(event.kind === 'closed' ? 'fillerClosed' : 'fillerAnswered', () =>
        store.appendFillerEvent(id, event, at),
      ),
    recordExecution: (record) => through('execution', () => store.recordExecution(record)),
    remember: (vault, key, memory) => through(memoryOf(vault, key), () => store.remember(vault, key, memory)),
    ...journalReads(store),
  };
}

/** Counts writes of a kind as they begin, and blows at the one that a fuse stands for. */
export function fuseWatch({ write: wanted, when, nth }: Fuse, blow: () => void): OnWrite {
  let count = 0;
  return (write) => {
    if (write === wanted) count += 1;
    const isMeant = write === wanted && count === nth;
    if (isMeant && when === 'before') blow();
    return () => {
      if (isMeant && when === 'after') blow();
    };
  };
}
