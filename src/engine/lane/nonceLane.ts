import { URGENT } from '../../core/gas/urgency.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, max } from '../../core/units.ts';
import type { FillerHistory, FillerReason, SignedAttempt } from '../../ports/store.ts';
import { isLive, type LiveState, type OrderState, signedOrder } from '../order/orderState.ts';
import type { TrackedOrder } from '../order/tracked.ts';

/** What a signer's nonces on a chain are promised to, as the journal knows it: no node's pending count is asked. */
export interface Lane {
  readonly signer: Address;
  /** The signer's next nonce at the head. */
  readonly confirmedNonce: number;
  /** Unsettled orders of every vault that share the signer. */
  readonly orders: readonly TrackedOrder[];
  readonly fillers: readonly FillerHistory[];
}

/** Fee caps of an earlier transaction with the same nonce. */
export type Outbid = Pick<SignedAttempt, 'maxFeePerGasWei' | 'maxPriorityFeePerGasWei'>;

/** A nonce to sign with, and the fees that earlier transactions already offer for it. */
export interface NonceSlot {
  readonly nonce: number;
  /** Highest fee caps among earlier attempts with this nonce; null where it was never used. */
  readonly outbid: Outbid | null;
}

/** An order that holds its nonce. */
interface Holder {
  readonly tracked: TrackedOrder;
  readonly state: LiveState;
}

/** Orders that may still execute: each holds its nonce until its deadline. */
export function holdersOf({ orders }: Pick<Lane, 'orders'>, head: BlockFacts): readonly Holder[] {
  return orders.flatMap((tracked) => {
    const { record, state } = tracked;
    const holds = isLive(state) && head.timestampSeconds < record.order.deadlineSeconds;
    return holds ? [{ tracked, state }] : [];
  });
}

/**
 * The nonces that nobody else may be given before a deadline: those of live orders, and of orders whose outcome the head
 * cannot see yet.
 */
function heldNonces({ orders }: Lane, head: BlockFacts): ReadonlySet<number> {
  const held = orders.flatMap(({ record, state }) => {
    const order = signedOrder(state);
    return order !== null && head.timestampSeconds < record.order.deadlineSeconds
      ? [order.attempt.nonce]
      : [];
  });
  return new Set(held);
}

function highestFees(attempts: readonly SignedAttempt[]): Outbid | null {
  if (attempts.length === 0) return null;
  const highest = (of: (attempt: SignedAttempt) => bigint) => attempts.map(of).reduce(max);
  return {
    maxFeePerGasWei: highest((attempt) => attempt.maxFeePerGasWei),
    maxPriorityFeePerGasWei: highest((attempt) => attempt.maxPriorityFeePerGasWei),
  };
}

/** A nonce with what is already offered for it. */
export function slotAt({ orders, fillers }: Lane, nonce: number): NonceSlot {
  const attempts = [
    ...orders.flatMap(({ state }) => signedOrder(state)?.attempts ?? []),
    ...fillers.map(({ record }) => record.attempt),
  ];
  return { nonce, outbid: highestFees(attempts.filter((attempt) => attempt.nonce === nonce)) };
}

/**
 * The nonce that a signer's next transaction takes: the lowest that the chain has not used and that no order of any vault
 * may still use. An order holds its nonce until its deadline; after that its nonce comes round again, since one left
 * unused would block every later transaction of the signer. A filler holds nothing: an order does its work as well.
 */
export function nextNonce(lane: Lane, head: BlockFacts): NonceSlot {
  const held = heldNonces(lane, head);
  let nonce = lane.confirmedNonce;
  while (held.has(nonce)) nonce += 1;
  return slotAt(lane, nonce);
}

/** Blocks after its window in which a relay may still offer a transaction: Flashbots Protect tries for so many. */
const mostOverstayed = 25n;

/** Whether somebody may still hold an earlier transaction with a nonce. */
export function mayStillBeOffered({ orders, fillers }: Lane, nonce: number, head: BlockFacts): boolean {
  const attempts = [
    ...orders.flatMap(({ state }) => signedOrder(state)?.attempts ?? []),
    ...fillers.map(({ record }) => record.attempt),
  ];
  return attempts.some((one) => one.nonce === nonce && one.lastBlock + mostOverstayed >= head.number);
}

/** Blocks that could have held an order and did not, at a head. */
function passedOver(state: LiveState, head: BlockFacts): number {
  const first = state.attempts[0]?.firstBlock ?? head.number;
  return Number(max(head.number - first + 1n, 0n));
}

/** A hedge this many times as urgent as another is worth the other's delay. */
const muchMoreUrgent = 2;

/**
 * Orders at the lowest open nonce that an urgent one may take it from: patient ones that a block has passed over already,
 * and any that is stuck. They are replaced at their nonce and decided again once it is settled. Empty where none is, or
 * where one of them must be left alone.
 *
 * @param urgency of the order that wants the nonce
 * @param stuckAfterBlocks blocks that passed an order over before it counts as stuck
 */
export function replaceable(
  lane: Lane,
  urgency: number,
  head: BlockFacts,
  stuckAfterBlocks: number,
): readonly TrackedOrder[] {
  if (urgency < URGENT) return [];
  const holders = holdersOf(lane, head).filter(({ state }) => state.attempt.nonce === lane.confirmedNonce);
  const mayBe = holders.every(({ tracked, state }) => {
    const missed = passedOver(state, head);
    const isPatient = urgency > muchMoreUrgent * (tracked.record.urgency ?? URGENT);
    return missed >= stuckAfterBlocks || (missed >= 1 && isPatient);
  });
  return mayBe
    ? holders.filter(({ state }) => state.status !== 'replaced').map(({ tracked }) => tracked)
    : [];
}

/**
 * Whether another order of a lane may execute with an order's nonce and was not told that it lost it: a node that shows an
 * older head, or a reorg, opens one again whose nonce came round after its deadline. Offering both would only make
 * relays choose between them.
 */
export function isContested({ orders }: Pick<Lane, 'orders'>, { record, state }: TrackedOrder): boolean {
  const nonce = signedOrder(state)?.attempt.nonce;
  return orders.some((other) => other.record.id !== record.id && mayTake(other.state, nonce));
}

/** Whether an order may execute with a nonce and was not told that it lost it. */
function mayTake(state: OrderState, nonce: number | undefined): state is LiveState {
  return isLive(state) && state.status !== 'replaced' && state.attempt.nonce === nonce;
}

/**
 * Whether a live order of a lane offers more for a filler's nonce: it does the filler's work as well, and offering both would
 * only make relays choose between them.
 */
export function isOutbid({ orders }: Pick<Lane, 'orders'>, { record: { attempt } }: FillerHistory): boolean {
  return orders.some(
    ({ state }) => mayTake(state, attempt.nonce) && state.attempt.maxFeePerGasWei > attempt.maxFeePerGasWei,
  );
}

/** A nonce that a transaction without content is to use up. */
export interface FillerPlan extends NonceSlot {
  readonly why: FillerReason;
  /** Live orders at this nonce that it is sent against. */
  readonly replaces: readonly TrackedOrder[];
}

function isOut(lane: Lane, nonce: number, head: BlockFacts): boolean {
  return lane.fillers.some(
    ({ record: { attempt } }) => attempt.nonce === nonce && head.number < attempt.lastBlock,
  );
}

/**
 * What keeps live orders of a lane waiting for nothing: nonces below them that nothing holds any more, and a lowest one
 * whose order is stuck while an urgent one waits behind it. A nonce with a filler on its way is left alone.
 *
 * @param stuckAfterBlocks as for {@link replaceable}; a filler waits one block longer, for an urgent order serves better
 */
export function fillersNeeded(lane: Lane, head: BlockFacts, stuckAfterBlocks: number): readonly FillerPlan[] {
  const holders = holdersOf(lane, head);
  const highest = holders.reduce((most, { state }) => Math.max(most, state.attempt.nonce), -1);
  const held = heldNonces(lane, head);
  const plans: FillerPlan[] = [];
  for (let nonce = lane.confirmedNonce; nonce < highest; nonce += 1) {
    if (held.has(nonce) || isOut(lane, nonce, head)) continue;
    plans.push({ ...slotAt(lane, nonce), why: 'gap', replaces: [] });
  }
  const lowest = holders.filter(({ state }) => state.attempt.nonce === lane.confirmedNonce);
  const isStuck =
    lowest.length > 0 && lowest.every(({ state }) => passedOver(state, head) > stuckAfterBlocks);
  const isAwaited = holders.some(
    ({ tracked, state }) =>
      state.attempt.nonce > lane.confirmedNonce && (tracked.record.urgency ?? URGENT) >= URGENT,
  );
  if (isStuck && isAwaited && !isOut(lane, lane.confirmedNonce, head)) {
    const replaces = lowest.filter(({ state }) => state.status !== 'replaced').map(({ tracked }) => tracked);
    plans.unshift({ ...slotAt(lane, lane.confirmedNonce), why: 'stuck', replaces });
  }
  return plans;
}

/**
 * Nonces that the chain has used although every order that had them expired: something else used them, or a receipt is
 * late. What else the journal knows of is for the caller to look up.
 */
export function unexplainedNonces(lane: Lane): readonly number[] {
  const signed = lane.orders.flatMap(({ state }) => {
    const order = signedOrder(state);
    return order !== null && order.attempt.nonce < lane.confirmedNonce ? [{ order, state }] : [];
  });
  const nonces = [...new Set(signed.map(({ order }) => order.attempt.nonce))].sort((a, b) => a - b);
  return nonces.filter((nonce) =>
    signed.every(({ order, state }) => order.attempt.nonce !== nonce || state.status === 'expired'),
  );
}
