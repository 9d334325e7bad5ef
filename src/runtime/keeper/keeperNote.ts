import type { Store } from '../../ports/store.ts';

/** The journal keeps the note under no vault's name. */
const OF_NO_VAULT = '';
const KEY = 'runtime.keeper';

/** What a keeper says of itself in the journal, for whoever looks at the journal only. */
export interface KeeperNote {
  readonly mode: 'live' | 'shadow' | 'fork' | 'demo';
  readonly pid: number;
  readonly version: string;
  readonly startedAtSeconds: number;
  /** Null while it runs, and where it ended without a word. */
  readonly endedAtSeconds: number | null;
}

/** Writes down who keeps this journal. @throws JournalError */
export async function noteKeeper(store: Pick<Store, 'remember'>, note: KeeperNote): Promise<void> {
  await store.remember(OF_NO_VAULT, KEY, note);
}

/** Who keeps, or last kept, this journal; null where nobody said so. @throws JournalError, JournalCorruptError */
export async function keeperNote(store: Pick<Store, 'recall'>): Promise<KeeperNote | null> {
  return ((await store.recall(OF_NO_VAULT, KEY)) ?? null) as KeeperNote | null;
}
