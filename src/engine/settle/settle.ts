import type { Fill } from '../../ports/account.ts';
import type { Receipt } from '../../ports/chain.ts';
import type { OrderEvent, SignedAttempt } from '../../ports/store.ts';
import { rememberConsumer, rememberUsed } from '../lane/laneMemory.ts';
import { consumerReceipt, lateReceiptBlocks } from '../lane/nonceConsumer.ts';
import { isLive, signedOrder } from '../order/orderState.ts';
import { append, type TrackedOrder, track } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import type { VaultSetup, World } from '../world.ts';
import { refuseSecondFill, standingFillOf, tellUnexplained } from './sequenceFill.ts';
import { planSettlement, restsOn, type SettlementFacts } from './settlement.ts';

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

/** The receipt of whichever attempt is in the chain: they share a nonce, so there is one at most. */
async function receiptOf(attempts: readonly SignedAttempt[], view: ChainView): Promise<Receipt | null> {
  const receipts = await Promise.all(
    attempts.map(({ transactionHash }) => view.standingReceipt(transactionHash)),
  );
  return receipts.find((receipt) => receipt !== null) ?? null;
}

/**
 * Asks the chain no more than an order's state needs: an unused nonce has no receipt, and neither has one whose outcome
 * stands anything new; and an order that expired long ago stays expired whichever block showed it, so that a day of them
 * costs no requests.
 *
 * Null where a receipt is served although the chain has left the head meanwhile: nonce and sequence were read on one branch
 * and the receipt on another, so that neither bears the other out; and where the node does not say what is at the height of
 * the outcome. The next head tells.
 */
async function factsFor(
  { record, state }: TrackedOrder,
  nextSequence: bigint,
  view: ChainView,
  finalityBlocks: number,
): Promise<Omit<SettlementFacts, 'sequenceTaken'> | null> {
  const order = signedOrder(state);
  const block = restsOn(state);
  const isDeep = block !== null && view.head.number - block.number >= BigInt(finalityBlocks);
  const confirmedNonce = order === null ? 0 : await view.confirmedNonce(record.signer);
  const nonceUsed = order !== null && confirmedNonce > order.attempt.nonce;
  const isAsked = block !== null && !(isDeep && state.status === 'expired');
  const fate = isAsked ? await view.fateOf(block) : 'stands';
  // Only another block at its height takes an outcome back, not a node that has none there.
  if (fate === 'unknown') return null;
  const outcomeStands = fate === 'stands';
  const isKnown = outcomeStands && (state.status === 'filled' || state.status === 'reverted');
  const isOpen = nonceUsed && !isKnown;
  const usedBelow = (blocks: number) => isOpen && view.usedBelow(record.signer, order.attempt.nonce, blocks);
  const [served, nonceIsFinal] = await Promise.all([
    isOpen ? receiptOf(order.attempts, view) : null,
    isDeep && usedBelow(finalityBlocks),
  ]);
  // Looked for where it would be booked as fill or revert otherwise never: no receipt in time, or none before it closes.
  const isMissed = served === null && (isLive(state) ? await usedBelow(lateReceiptBlocks) : nonceIsFinal);
  const receipt =
    isMissed && order !== null ? await consumerReceipt(view, record.signer, order.attempts) : served;
  if (receipt !== null && !(await view.headStands())) return null;
  // It is closed for good by a block of this branch alone: on another one it may have executed meanwhile.
  const isClosing = state.status === 'expired' && block !== null && nonceIsFinal;
  const stands = outcomeStands && (!isClosing || (await view.stands(block)));
  return { head: view.head, nextSequence, confirmedNonce, receipt, outcomeStands: stands, nonceIsFinal };
}

/**
 * Orders of a vault that the chain may still change, as the journal knows them.
 *
 * @throws JournalError, JournalCorruptError
 */
export async function unsettledOf(world: World, vault: VaultSetup): Promise<readonly TrackedOrder[]> {
  const open = await world.store.unsettledOrders(vault.terms.name);
  return open.map(track);
}

async function settleOne(
  world: World,
  vault: VaultSetup,
  tracked: TrackedOrder,
  facts: SettlementFacts,
  view: ChainView,
  finalityBlocks: number,
): Promise<readonly [TrackedOrder, readonly SettledEvent[]]> {
  const { record } = tracked;
  let settled = tracked;
  const decodeFill = (receipt: Receipt): Fill => vault.account.fill(vault.terms, record.order, receipt);
  const events = planSettlement(record, tracked.state, facts, decodeFill, finalityBlocks);
  for (const event of events) {
    const { state } = settled;
    if (event.kind === 'filled') await refuseSecondFill(world.store, record, view);
    if (event.kind === 'final' && (state.status === 'filled' || state.status === 'reverted')) {
      await rememberConsumer(world.store, record, state.attempt.nonce);
    }
    if (event.kind === 'final' && state.status === 'expired') {
      await rememberUsed(world.store, record, state.attempt.nonce);
    }
    settled = await append(world, settled, event);
  }
  return [settled, events.map((event) => ({ orderId: record.id, event }))];
}

/** Whether another order is known to be the one that used this order's sequence, in a block that stands. */
async function isTaken(
  { record }: TrackedOrder,
  orders: readonly TrackedOrder[],
  view: ChainView,
): Promise<boolean> {
  for (const { record: other, state } of orders) {
    const isOther = other.id !== record.id && other.order.sequence === record.order.sequence;
    const block = isOther && state.status === 'filled' ? restsOn(state) : null;
    if (block !== null && (await view.stands(block))) return true;
  }
  return false;
}

/**
 * Whether an order that ended had nonce and sequence used for good, and nothing says by what: it may have filled, so it is
 * not closed, however much time passes. People are told once.
 */
async function lacksExplanation(
  world: World,
  { record, state }: TrackedOrder,
  { receipt, nonceIsFinal, nextSequence }: Omit<SettlementFacts, 'sequenceTaken'>,
  view: ChainView,
): Promise<boolean> {
  const isUsed = nonceIsFinal && nextSequence > record.order.sequence;
  if (state.status !== 'expired' || receipt !== null || !isUsed) return false;
  if ((await standingFillOf(world.store, record, view)) !== null) return false;
  await tellUnexplained(world, record);
  return true;
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
  const { finalityBlocks, finality = 'blocks' } = vault.submission;
  const depth = open.length === 0 ? finalityBlocks : await view.finalityDepth(finalityBlocks, finality);
  const events: SettledEvent[] = [];
  for (let round = 0; round < 2; round += 1) {
    const before = events.length;
    for (const [index, tracked] of orders.entries()) {
      const facts = await factsFor(tracked, nextSequence, view, depth);
      if (facts === null) continue;
      const sequenceTaken = await isTaken(tracked, orders, view);
      const isUnexplained = !sequenceTaken && (await lacksExplanation(world, tracked, facts, view));
      const all = { ...facts, sequenceTaken, isUnexplained };
      const [settled, added] = await settleOne(world, vault, tracked, all, view, depth);
      orders[index] = settled;
      events.push(...added);
    }
    if (!events.slice(before).some(({ event }) => event.kind === 'filled')) break;
  }
  return { orders, events };
}
