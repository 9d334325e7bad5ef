import type { BallastError } from '../../core/errors.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { FillerHistory, SignedAttempt } from '../../ports/store.ts';
import { FinalityBrokenError } from '../faults.ts';
import { signedOrder } from '../order/orderState.ts';
import { type TrackedOrder, track } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import type { SubmissionSettings, World } from '../world.ts';
import {
  acknowledgeForeign,
  type ForeignNonce,
  isConsumerKnown,
  type LaneMemory,
  lowestUsedForGood,
  recallLane,
  rememberForeign,
} from './laneMemory.ts';
import { consumerReceipt, lateReceiptBlocks } from './nonceConsumer.ts';
import { type Lane, unexplainedNonces } from './nonceLane.ts';

/** Nonces of a lane that are looked at one by one. */
const mostNonces = 64;

/**
 * A signer's lane as the journal and the head know it.
 *
 * @throws JournalError, JournalCorruptError, ChainUnavailableError, BlockGoneError; FinalityBrokenError where the head has a
 * nonce free that was used for good: nothing can be signed by such a head
 */
export async function readLane(world: World, signer: Address, view: ChainView): Promise<Lane> {
  const { chainId } = world.chain;
  const [confirmedNonce, orders, fillers] = await Promise.all([
    view.confirmedNonce(signer),
    world.store.unsettledOrdersOfSigner(chainId, signer),
    world.store.openFillers(chainId, signer),
  ]);
  const tracked = orders.map(track);
  const open = openNonces(confirmedNonce, tracked, fillers);
  const used = await lowestUsedForGood(world.store, chainId, signer, open);
  if (used !== null) {
    throw new FinalityBrokenError(`nonce ${used} of ${signer}`, { signer, nonce: used });
  }
  return { signer, confirmedNonce: Math.max(confirmedNonce, floorOf(tracked)), orders: tracked, fillers };
}

/** Every nonce that could be given next: from the first that the head has free to the one after the last that was signed with. */
function openNonces(
  confirmedNonce: number,
  orders: readonly TrackedOrder[],
  fillers: readonly FillerHistory[],
): readonly number[] {
  const signed = [
    ...orders.map(({ state }) => signedOrder(state)?.attempt.nonce ?? -1),
    ...fillers.map(({ record }) => record.attempt.nonce),
  ];
  const last = Math.max(confirmedNonce - 1, ...signed) + 1;
  const count = Math.min(last - confirmedNonce + 1, mostNonces);
  return Array.from({ length: count }, (_, index) => confirmedNonce + index);
}

/**
 * The nonce below which the journal knows every one to be used, by orders whose outcome stood at the head: a node that is
 * late with its nonces does not bring them round again. Only a reorg, which takes the outcome back, lowers it.
 */
function floorOf(orders: readonly TrackedOrder[]): number {
  return orders.reduce((floor, { state }) => {
    const isUsed = state.status === 'filled' || state.status === 'reverted';
    return isUsed ? Math.max(floor, state.attempt.nonce + 1) : floor;
  }, 0);
}

/** Everything of ours that was signed with a nonce and is not closed. */
function attemptsWith({ fillers, orders }: Lane, nonce: number): readonly SignedAttempt[] {
  return [
    ...fillers.map(({ record }) => record.attempt),
    ...orders.flatMap(({ state }) => signedOrder(state)?.attempts ?? []),
  ].filter((attempt) => attempt.nonce === nonce);
}

/** Whether one of ours used a nonce: remembered, or one with a receipt, booked or not yet. */
async function isOurs(world: World, lane: Lane, nonce: number, view: ChainView): Promise<boolean> {
  if (await isConsumerKnown(world.store, world.chain.chainId, lane.signer, nonce)) return true;
  const attempts = attemptsWith(lane, nonce);
  const receipts = await Promise.all(
    attempts.map(({ transactionHash }) => view.standingReceipt(transactionHash)),
  );
  return receipts.some((receipt) => receipt !== null);
}

/** Nonces that were used since the lane was last looked at, and that no order or filler of the journal has. */
function idleNonces(lane: Lane, from: number | null): readonly number[] {
  if (from === null) return [];
  const known = new Set<number | undefined>([
    ...lane.orders.map(({ state }) => signedOrder(state)?.attempt.nonce),
    ...lane.fillers.map(({ record }) => record.attempt.nonce),
  ]);
  const first = Math.max(from, lane.confirmedNonce - mostNonces);
  const used = Array.from({ length: Math.max(0, lane.confirmedNonce - first) }, (_, index) => first + index);
  return used.filter((nonce) => !known.has(nonce));
}

/** Nonces that nothing of ours used, oldest first; `suspected` where one of ours may still turn out to have. */
async function foreignNonces(
  world: World,
  lane: Lane,
  { checkedTo: from, foreign: before }: LaneMemory,
  view: ChainView,
): Promise<readonly ForeignNonce[]> {
  const idle = idleNonces(lane, from);
  const found: ForeignNonce[] = [];
  for (const nonce of [...unexplainedNonces(lane), ...idle].sort((a, b) => a - b)) {
    const isJudged = before !== null && before.standing !== 'suspected' && nonce <= before.nonce;
    if (isJudged || (await isOurs(world, lane, nonce, view))) continue;
    if ((await consumerReceipt(view, lane.signer, attemptsWith(lane, nonce))) !== null) continue;
    const isProven = idle.includes(nonce) || (await view.usedBelow(lane.signer, nonce, lateReceiptBlocks));
    found.push({ nonce, standing: isProven ? 'proven' : 'suspected' });
  }
  return found;
}

/** Reports a nonce once, and remembers what is known of it. */
async function note(
  world: World,
  { signer }: Lane,
  before: ForeignNonce | null,
  found: ForeignNonce,
): Promise<ForeignNonce> {
  const isNew = before === null || found.nonce > before.nonce;
  const isProof = before?.nonce === found.nonce && before.standing === 'suspected';
  if (!isNew && (!isProof || found.standing === 'suspected')) return before;
  await rememberForeign(world.store, world.chain.chainId, signer, found);
  if (isNew) {
    const what = 'a transaction that is not in the journal used the signer’s nonce';
    world.alert.send(
      'critical',
      what,
      { signer, nonce: found.nonce },
      { rule: 'foreignTransaction', subject: signer },
    );
  }
  return found;
}

/** A lane with what stands in the way of using it. */
export interface InspectedLane {
  readonly lane: Lane;
  /** The nonce that something outside the journal used, where that halts the lane; null otherwise. */
  readonly haltedBy: number | null;
  /** Why nobody knows what it holds, where that halts the lane; null otherwise. */
  readonly unread: BallastError | null;
  /** Whether the journal has it already that every nonce of it was looked at. */
  readonly isRemembered: boolean;
}

/** Whether something may be signed on a lane; one that nobody looked at may be used. */
export function isUsable(inspected: InspectedLane | null): boolean {
  return inspected === null || (inspected.haltedBy === null && inspected.unread === null);
}

/** The place of a lane that could not be read: nothing is signed on it. */
export function unreadLane(signer: Address, unread: BallastError): InspectedLane {
  const lane = { signer, confirmedNonce: 0, orders: [], fillers: [] };
  return { lane, haltedBy: null, unread, isRemembered: true };
}

/**
 * Looks for transactions of a key that the journal does not know: a second keeper, an owner's own transaction, or a key
 * that leaked. Each is reported once. Nothing of ours can be lost by one, since its order expires and is decided again at
 * the next nonce; so going on is safe for the vault, while `halt` asks a person first.
 *
 * @throws JournalError, JournalCorruptError, ChainUnavailableError
 */
export async function inspectLane(
  world: World,
  signer: Address,
  view: ChainView,
  mode: NonNullable<SubmissionSettings['foreignTransactions']>,
): Promise<InspectedLane> {
  const { chainId } = world.chain;
  const lane = await readLane(world, signer, view);
  const memory = await recallLane(world.store, chainId, signer);
  const { foreign: before, checkedTo: from } = memory;
  const found = await foreignNonces(world, lane, memory, view);
  let newest = before;
  for (const one of found) newest = await note(world, lane, newest, one);
  const known = { lane, unread: null, isRemembered: from !== null && from >= lane.confirmedNonce };
  if (mode === 'heal') {
    if (newest?.standing === 'proven') await acknowledgeForeign(world.store, chainId, signer);
    return { ...known, haltedBy: null };
  }
  const isHalting = newest?.standing === 'proven' || found.some(({ nonce }) => nonce === newest?.nonce);
  const isCleared = newest?.standing === 'acknowledged';
  return { ...known, haltedBy: newest !== null && isHalting && !isCleared ? newest.nonce : null };
}

/** The lane of a signer among some; null where it is not among them. */
export function laneOf(lanes: readonly InspectedLane[], signer: Address): InspectedLane | null {
  return lanes.find(({ lane }) => sameAddress(lane.signer, signer)) ?? null;
}
