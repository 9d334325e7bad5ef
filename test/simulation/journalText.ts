import type { SimulatedDisk } from './world/store.ts';

/** Everything that a history's journal holds, as text: the same for the same journal. */
export function journalText(disk: SimulatedDisk): string {
  return JSON.stringify(disk.contents(), (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
}
