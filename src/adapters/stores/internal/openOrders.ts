import { closingEventKinds } from '../../../ports/store.ts';

/** Kinds of event that close an order, as a list in SQL. */
export const closingKindsSql = closingEventKinds.map((kind) => `'${kind}'`).join(', ');

/** How many orders are listed neither as closed nor as open, or as both: 0 in a sound journal. */
export const misplacedOrders = `
  SELECT abs((SELECT count(*) FROM orders) - (SELECT count(*) FROM open_orders)
    - (SELECT count(DISTINCT order_id) FROM order_events WHERE kind IN (${closingKindsSql}))) AS misplaced`;
