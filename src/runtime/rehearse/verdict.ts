import type { Hex } from '../../core/units.ts';
import { attemptOf, isLive, orderState } from '../../engine/order/orderState.ts';
import type { Fill } from '../../ports/account.ts';
import type { OrderHistory } from '../../ports/store.ts';
import type { HedgeEvent } from './chainRecord.ts';

/** What is wrong between a journal and the chain it was written about. */
export interface Verdict {
  /** Executions beyond the first of a sequence, and fills booked twice. */
  readonly doubleHedges: number;
  /** Hedges of the chain that are not booked as they happened, bookings of what the chain does not hold, open ends. */
  readonly lostOrders: number;
  /** Every finding in words. */
  readonly findings: readonly string[];
}

interface Booked {
  readonly order: OrderHistory;
  readonly fill: Fill;
}

function bookedOf(orders: readonly OrderHistory[]): readonly Booked[] {
  return orders.flatMap((order) => {
    const state = orderState(order);
    const outcome = state.status === 'final' ? state.outcome : state;
    return outcome.status === 'filled' ? [{ order, fill: outcome.fill }] : [];
  });
}

/** Items beyond the first of each key. */
function repeated<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const known = seen.has(key(item));
    seen.add(key(item));
    return known;
  });
}

function isSame({ fill, order }: Booked, event: HedgeEvent): boolean {
  return (
    order.record.vault === event.vault &&
    order.record.order.sequence === event.sequence &&
    fill.transactionHash === event.transactionHash &&
    fill.side === event.side &&
    fill.baseRaw === event.baseRaw &&
    fill.quoteRaw === event.quoteRaw
  );
}

/**
 * Holds a journal against the chain: each sequence executed once or never, every execution booked to the wei, nothing
 * booked that the chain does not hold, no order that may still execute.
 *
 * @param orders everything in the journal
 * @param events everything in the chain since the journal began
 */
export function judge(orders: readonly OrderHistory[], events: readonly HedgeEvent[]): Verdict {
  const booked = bookedOf(orders);
  const doubled = [
    ...repeated(events, ({ vault, sequence }) => `${vault}#${sequence}`).map(
      ({ vault, sequence }) => `${vault}: sequence ${sequence} was executed more than once`,
    ),
    ...repeated(booked, ({ order: { record } }) => `${record.vault}#${record.order.sequence}`).map(
      ({ order }) => `${order.record.id} is booked beside another fill of its sequence`,
    ),
  ];
  const lost = [
    ...events
      .filter((event) => !booked.some((one) => isSame(one, event)))
      .map(
        ({ vault, sequence, transactionHash }) =>
          `${vault}: sequence ${sequence} (${transactionHash}) is in the chain and not booked as it happened`,
      ),
    ...booked
      .filter((one) => !events.some((event) => isSame(one, event)))
      .map(({ order }) => `${order.record.id} is booked and not in the chain`),
    ...orders
      .filter((order) => isLive(orderState(order)))
      .map((order) => `${order.record.id} is still ${orderState(order).status}`),
    ...orders
      .filter((order) => orderState(order).status === 'decided')
      .map((order) => `${order.record.id} was decided and nothing became of it`),
  ];
  return { doubleHedges: doubled.length, lostOrders: lost.length, findings: [...doubled, ...lost] };
}

/** The newest signed bytes of every order that is not final, oldest first. */
export function signedBytes(orders: readonly OrderHistory[]): readonly Hex[] {
  return orders.flatMap((order) => {
    const state = orderState(order);
    const attempt = state.status === 'final' ? null : attemptOf(state);
    return attempt === null ? [] : [attempt.rawTransaction];
  });
}
