import type { OrderHistory, Store } from '../../ports/store.ts';

/** So many of a vault's newest orders, newest first; fewer where there are no more. */
export type NewestOrders = (limit: number) => Promise<readonly OrderHistory[]>;

/** Orders read at first: enough for everything that a usual tick asks about the past. */
const firstPage = 16;

/** The newest orders of a vault as one tick sees them: asked for again, they are read again only where more are wanted. */
export function newestOrdersOf(store: Store, vault: string): NewestOrders {
  let limitRead = 0;
  let read: Promise<readonly OrderHistory[]> | null = null;
  return async (limit) => {
    if (read === null || limit > limitRead) {
      limitRead = Math.max(limit, firstPage);
      read = store.orders(vault, limitRead);
    }
    const orders = await read;
    return orders.length > limit ? orders.slice(0, limit) : orders;
  };
}
