import type { Fill } from '../ports/account.ts';
import type { Receipt } from '../ports/chain.ts';
import type { OrderEvent, OrderRecord } from '../ports/store.ts';
import type { ChainView } from './chainView.ts';
import { applyEvent, attemptOf, type OrderState, orderState } from './orderState.ts';
import { planSettlement, restsOn, type SettlementFacts } from './settlement.ts';
import type { VaultSetup, World } from './world.ts';

/** An order of this vault and where it stands. */
export interface TrackedOrder {
  readonly record: OrderRecord;
  readonly state: OrderState;
}

/** An event that this tick added to an order. */
export interface SettledEvent {
  readonly orderId: string;
  readonly event: OrderEvent;
}

/** What settling found and wrote. */
export interface Settlement {
  /** Every order that was unsettled before, as it stands now. */
  readonly orders: readonly TrackedOrder[];
  readonly events: readonly SettledEvent[];
}

/**
 * Asks the chain no more than an order's state needs: an unused nonce has no receipt; and an order that expired long ago
 * stays expired whichever block showed it, so that a day of them costs no requests.
 */
async function factsFor(
  { record, state }: TrackedOrder,
  nextSequence: bigint,
  view: ChainView,
  finalityBlocks: number,
): Promise<Omit<SettlementFacts, 'sequenceTaken'>> {
  const attempt = attemptOf(state);
  const block = restsOn(state);
  const isDeep = block !== null && view.head.number - block.number >= BigInt(finalityBlocks);
  const confirmedNonce = attempt === null ? 0 : await view.confirmedNonce(record.signer);
  const nonceUsed = attempt !== null && confirmedNonce > attempt.nonce;
  const [receipt, outcomeStands, nonceIsFinal] = await Promise.all([
    nonceUsed ? view.standingReceipt(attempt.transactionHash) : null,
    block === null || (isDeep && state.status === 'expired') || view.stands(block),
    nonceUsed && isDeep && view.usedBelow(record.signer, attempt.nonce, finalityBlocks),
  ]);
  return { head: view.head, nextSequence, confirmedNonce, receipt, outcomeStands, nonceIsFinal };
}

/** Writes one event into the journal and tells those who watch. */
export async function appendEvent(world: World, record: OrderRecord, event: OrderEvent): Promise<void> {
  await world.store.appendEvent(record.id, event, world.clock.nowSeconds());
  world.metrics.count('order_events', { vault: record.vault, kind: event.kind });
  world.log.info({ vault: record.vault, order: record.id, event: event.kind }, `order ${event.kind}`);
  if (event.kind === 'reverted') {
    world.alert.send('warning', 'a hedge reverted on chain', {
      order: record.id,
      transaction: event.transactionHash,
    });
  }
  if (event.kind === 'expired' && event.why === 'nonceUsed') {
    const facts = { order: record.id, signer: record.signer };
    world.alert.send('critical', 'a transaction that is not in the journal used the signer’s nonce', facts);
  }
}

/**
 * Orders of a vault that the chain may still change, as the journal knows them.
 *
 * @throws JournalError, JournalCorruptError
 */
export async function unsettledOf(world: World, vault: VaultSetup): Promise<readonly TrackedOrder[]> {
  const open = await world.store.unsettledOrders(vault.terms.name);
  return open.map((history) => ({ record: history.record, state: orderState(history) }));
}

async function settleOne(
  world: World,
  vault: VaultSetup,
  tracked: TrackedOrder,
  facts: SettlementFacts,
): Promise<readonly [TrackedOrder, readonly SettledEvent[]]> {
  const { record } = tracked;
  let { state } = tracked;
  const decodeFill = (receipt: Receipt): Fill => vault.account.fill(vault.terms, record.order, receipt);
  const events = planSettlement(record, state, facts, decodeFill, vault.submission.finalityBlocks);
  for (const event of events) {
    await appendEvent(world, record, event);
    state = applyEvent(record.id, state, event);
  }
  return [{ record, state }, events.map((event) => ({ orderId: record.id, event }))];
}

/** Whether another order is known to be the one that used this order's sequence. */
function isTaken({ record }: TrackedOrder, orders: readonly TrackedOrder[]): boolean {
  return orders.some(
    (other) =>
      other.record.id !== record.id &&
      other.record.order.sequence === record.order.sequence &&
      other.state.status === 'filled',
  );
}

/**
 * Settles a vault's open orders from what the chain says at one head. Starting up is the same as any other tick: whatever
 * the process was doing when it died is in the journal, and the chain knows what became of it. Where a fill is found, a
 * second round settles the orders that it was a replacement for.
 *
 * @param open the vault's unsettled orders
 * @param nextSequence the vault's next sequence at the view's head
 * @throws JournalError, JournalCorruptError, ChainUnavailableError, CorruptDataError
 */
export async function settle(
  world: World,
  vault: VaultSetup,
  open: readonly TrackedOrder[],
  nextSequence: bigint,
  view: ChainView,
): Promise<Settlement> {
  const orders = [...open];
  const events: SettledEvent[] = [];
  for (let round = 0; round < 2; round += 1) {
    const before = events.length;
    for (const [index, tracked] of orders.entries()) {
      const facts = await factsFor(tracked, nextSequence, view, vault.submission.finalityBlocks);
      const sequenceTaken = isTaken(tracked, orders);
      const [settled, added] = await settleOne(world, vault, tracked, { ...facts, sequenceTaken });
      orders[index] = settled;
      events.push(...added);
    }
    if (!events.slice(before).some(({ event }) => event.kind === 'filled')) break;
  }
  return { orders, events };
}
