import type { OrderEvent, OrderHistory, OrderRecord } from '../../ports/store.ts';
import type { World } from '../world.ts';
import { applyEvent, type OrderState, orderState } from './orderState.ts';

/** An order of a vault and where it stands. */
export interface TrackedOrder {
  readonly record: OrderRecord;
  readonly state: OrderState;
}

/** An order of the journal with where it stands. @throws JournalCorruptError when its events make no sense */
export function track(history: OrderHistory): TrackedOrder {
  return { record: history.record, state: orderState(history) };
}

/**
 * Writes one event into the journal and tells those who watch.
 *
 * @throws JournalError
 */
export async function appendEvent(world: World, record: OrderRecord, event: OrderEvent): Promise<void> {
  await world.store.appendEvent(record.id, event, world.clock.nowSeconds());
  world.metrics.count('order_events', { vault: record.vault, kind: event.kind });
  world.log.info({ vault: record.vault, order: record.id, event: event.kind }, `order ${event.kind}`);
  if (event.kind === 'reverted') {
    const facts = { order: record.id, transaction: event.transactionHash };
    const topic = { rule: 'reverted', subject: record.vault } as const;
    world.alert.send('warning', 'a hedge reverted on chain', facts, topic);
  }
}

/**
 * An order with one more event, journaled.
 *
 * @throws JournalError; JournalCorruptError when the event cannot follow
 */
export async function append(world: World, tracked: TrackedOrder, event: OrderEvent): Promise<TrackedOrder> {
  await appendEvent(world, tracked.record, event);
  return { record: tracked.record, state: applyEvent(tracked.record.id, tracked.state, event) };
}
