import type { OrderHistory, OrderRecord, Store } from '../../ports/store.ts';
import { SecondFillError } from '../faults.ts';
import { filledState, orderState } from '../order/orderState.ts';
import type { ChainView } from '../read/chainView.ts';
import type { World } from '../world.ts';

/** Orders of one sequence lie together in the journal: no more than so many of others between them. */
const mostBetween = 16;
/** Orders read at first. */
const firstPage = 64;

/** A vault's orders, newest first, back to one of them and a little further. @throws JournalError, JournalCorruptError */
async function ordersBackTo(store: Store, { vault, id }: OrderRecord): Promise<readonly OrderHistory[]> {
  for (let limit = firstPage; ; limit *= 4) {
    const orders = await store.orders(vault, limit);
    const index = orders.findIndex(({ record }) => record.id === id);
    if (orders.length < limit || (index >= 0 && index + mostBetween < limit)) return orders;
  }
}

/** The other orders of a vault that carry an order's sequence, newest first. @throws JournalError, JournalCorruptError */
async function rivalsOf(store: Store, record: OrderRecord): Promise<readonly OrderHistory[]> {
  const orders = await ordersBackTo(store, record);
  return orders.filter(
    ({ record: other }) => other.id !== record.id && other.order.sequence === record.order.sequence,
  );
}

/**
 * Whether the chain shows that an order filled: in the block that is booked, or where a reorg took what was final, by any of
 * its attempts in another one. There even a revert that was final may have become a fill.
 */
async function hasFilled(history: OrderHistory, view: ChainView): Promise<boolean> {
  const state = orderState(history);
  const fill = filledState(state)?.fill ?? null;
  if (fill !== null && (await view.stands({ number: fill.blockNumber, hash: fill.blockHash }))) return true;
  if (state.status !== 'final') return false;
  for (const { transactionHash } of state.outcome.attempts) {
    if ((await view.standingReceipt(transactionHash))?.succeeded === true) return true;
  }
  return false;
}

/**
 * The other order of a vault that filled with an order's sequence, as the chain shows it now; null where there is none.
 *
 * @throws JournalError, JournalCorruptError, ChainUnavailableError
 */
export async function standingFillOf(
  store: Store,
  record: OrderRecord,
  view: ChainView,
): Promise<OrderHistory | null> {
  for (const rival of await rivalsOf(store, record)) if (await hasFilled(rival, view)) return rival;
  return null;
}

/**
 * The module executes a sequence once, so a receipt that says it did so again is wrong, or the one before was.
 *
 * @throws SecondFillError where another order's fill with the same sequence stands; JournalError, JournalCorruptError,
 * ChainUnavailableError
 */
export async function refuseSecondFill(store: Store, record: OrderRecord, view: ChainView): Promise<void> {
  const other = await standingFillOf(store, record, view);
  if (other !== null) throw new SecondFillError(record.id, other.record.id, record.order.sequence);
}

/** Key under which it is remembered that people were told of an order: a node without receipts makes many of them. */
const unexplainedKey = (orderId: string) => `engine.unexplained.${orderId}`;

/** Tells people once of an order that stays open because nobody knows what became of it. @throws JournalError */
export async function tellUnexplained(world: World, { id, vault, order }: OrderRecord): Promise<void> {
  if ((await world.store.recall(vault, unexplainedKey(id))) === true) return;
  const what = 'nonce and sequence of an order were used, but the node has no receipt of it: it stays open';
  world.alert.send(
    'critical',
    what,
    { order: id, sequence: order.sequence },
    {
      rule: 'unexplained',
      subject: id,
    },
  );
  await world.store.remember(vault, unexplainedKey(id), true);
}
