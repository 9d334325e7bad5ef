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

/**
 * The other order of a vault, final or not, that filled with an order's sequence; null where the journal has none.
 *
 * @throws JournalError, JournalCorruptError
 */
async function otherFillOf(store: Store, record: OrderRecord): Promise<OrderHistory | null> {
  const orders = await ordersBackTo(store, record);
  const isOther = ({ record: other }: OrderHistory) =>
    other.id !== record.id && other.order.sequence === record.order.sequence;
  return orders.find((other) => isOther(other) && filledState(orderState(other)) !== null) ?? null;
}

/**
 * The other order of a vault that filled with an order's sequence, where its block stands, or after a reorg of what was final
 * another one that holds it now; null where there is none.
 *
 * @throws JournalError, JournalCorruptError, ChainUnavailableError
 */
export async function standingFillOf(
  store: Store,
  record: OrderRecord,
  view: ChainView,
): Promise<OrderHistory | null> {
  const other = await otherFillOf(store, record);
  const filled = other && filledState(orderState(other));
  if (other === null || filled === null) return null;
  const { blockNumber: number, blockHash: hash } = filled.fill;
  if (await view.stands({ number, hash })) return other;
  if (orderState(other).status !== 'final') return null;
  return (await view.standingReceipt(filled.fill.transactionHash))?.succeeded === true ? other : null;
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
