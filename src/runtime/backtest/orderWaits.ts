import type { OrderHistory, Store } from '../../ports/store.ts';
import type { OrderWait } from '../../sim/market/fitInclusion.ts';

const MOST_ORDERS = 100_000;

/** How the orders of a journal got into blocks, of all its vaults; those that never were handed out or are open do not count. */
export async function orderWaits(store: Pick<Store, 'vaults' | 'orders'>): Promise<readonly OrderWait[]> {
  const waits: OrderWait[] = [];
  for (const vault of await store.vaults()) {
    for (const order of await store.orders(vault, MOST_ORDERS)) {
      const wait = waitOf(order);
      if (wait !== null) waits.push(wait);
    }
  }
  return waits;
}

function waitOf({ record, events }: OrderHistory): OrderWait | null {
  let lastBlock: bigint | null = null;
  let includedAt: bigint | null = null;
  let isExpired = false;
  for (const { event } of events) {
    if (event.kind === 'signed') lastBlock = event.attempt.lastBlock;
    if (event.kind === 'filled') includedAt = event.fill.blockNumber;
    if (event.kind === 'reverted') includedAt = event.blockNumber;
    if (event.kind === 'reorged') includedAt = null;
    if (event.kind === 'expired') isExpired = true;
  }
  if (lastBlock === null || (includedAt === null && !isExpired)) return null;
  const windowBlocks = Number(lastBlock - record.decidedAtBlock);
  if (windowBlocks < 1) return null;
  const waited = includedAt === null ? null : Number(includedAt - record.decidedAtBlock);
  return { windowBlocks: Math.max(windowBlocks, waited ?? 0), waitedBlocks: waited };
}
