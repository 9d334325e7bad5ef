import type { Memory } from '../ports/protocol.ts';
import type { Store } from '../ports/store.ts';

/** What was remembered of a vault, by key, as it was when it was read. */
export type Memories = ReadonlyMap<string, Memory>;

/** What is remembered under some keys, in one read of the journal where it can do that. @throws JournalError, JournalCorruptError */
export async function recallAll(store: Store, vault: string, keys: readonly string[]): Promise<Memories> {
  const memories = await (store.recallMany?.(vault, keys) ??
    Promise.all(keys.map((key) => store.recall(vault, key))));
  return new Map(keys.map((key, index) => [key, memories[index]]));
}
