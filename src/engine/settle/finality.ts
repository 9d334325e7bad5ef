import type { Hash } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import { FinalBlockReplacedError, FinalityBrokenError } from '../faults.ts';
import type { Notes } from '../notes.ts';
import type { NewestOrders } from '../order/newestOrders.ts';
import { type TrackedOrder, track } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import type { VaultSetup } from '../world.ts';
import { restsOn } from './settlement.ts';

/** Key under which a vault's newest order is kept whose outcome somebody accepted after what was final was replaced. */
export const acceptedKey = 'engine.acceptedFinality';

/** The newest order whose final outcome somebody accepted as it is booked; null where nobody ever had to. */
export function acceptedOrderOf(memory: Memory): string | null {
  return typeof memory === 'string' ? memory : null;
}

/** Orders read at first. */
const firstPage = 16;
/** The most that are looked back on: none of 256 in a row landed otherwise. */
const lastPage = 256;

interface FinalBlock {
  readonly orderId: string;
  readonly number: bigint;
  readonly hash: Hash;
}

/** The highest block that a final outcome rests on: a reorg that takes any of them takes this one too. */
function highestFinalBlock(orders: readonly TrackedOrder[]): FinalBlock | null {
  let highest: FinalBlock | null = null;
  for (const { record, state } of orders) {
    const block = state.status === 'final' ? restsOn(state.outcome) : null;
    if (block !== null && (highest === null || block.number > highest.number))
      highest = { orderId: record.id, ...block };
  }
  return highest;
}

function isFinalFill({ state }: TrackedOrder): boolean {
  return state.status === 'final' && state.outcome.status === 'filled';
}

/** A vault's orders back to its newest final fill, or to the newest that somebody accepted; newest first. */
async function ordersToHold(
  newest: NewestOrders,
  acceptedOrder: string | null,
): Promise<readonly TrackedOrder[]> {
  for (let limit = firstPage; ; limit *= 4) {
    const orders = (await newest(limit)).map(track);
    const accepted = orders.findIndex(({ record }) => record.id === acceptedOrder);
    if (accepted >= 0) return orders.slice(0, accepted);
    if (orders.length < limit || limit >= lastPage || orders.some(isFinalFill)) return orders;
  }
}

/** A final fill lies below the next sequence on every chain that has it. @throws FinalityBrokenError */
function refuseUndone(tracked: TrackedOrder, nextSequence: bigint): void {
  const { id, order } = tracked.record;
  if (order.sequence < nextSequence || !isFinalFill(tracked)) return;
  throw new FinalityBrokenError(`order ${id}`, { order: id, sequence: order.sequence, nextSequence });
}

/**
 * Refuses a head on which something is not as it was when it was final: nothing that such a head shows may be written
 * down. A node that is behind, or on another branch for a while, is waited for; where another block is final by now, only a
 * person can say what that means.
 *
 * @param nextSequence the vault's next sequence at the view's head
 * @param acceptedOrder orders up to this one are not looked at any more
 * @throws FinalityBrokenError, FinalBlockReplacedError, JournalError, JournalCorruptError, ChainUnavailableError
 */
export async function refuseBrokenFinality(
  { finalBlocks }: Notes,
  { terms, submission }: VaultSetup,
  newest: NewestOrders,
  nextSequence: bigint,
  acceptedOrder: string | null,
  view: ChainView,
): Promise<void> {
  const orders = await ordersToHold(newest, acceptedOrder);
  const highest = highestFinalBlock(orders);
  if (highest === null) return;
  const { head } = view;
  const before = finalBlocks.get(terms.name);
  const isBelow = before?.block === highest.hash && [head.hash, head.parentHash].includes(before.head);
  const fate = isBelow ? 'stands' : await view.fateOf(highest);
  if (fate === 'stands') {
    for (const tracked of orders) refuseUndone(tracked, nextSequence);
    finalBlocks.set(terms.name, { head: head.hash, block: highest.hash });
    return;
  }
  const { finalityBlocks, finality = 'blocks' } = submission;
  const facts = { order: highest.orderId, block: highest.number };
  const isReplaced =
    fate === 'replaced' &&
    head.number - highest.number >= BigInt(await view.finalityDepth(finalityBlocks, finality));
  if (isReplaced) throw new FinalBlockReplacedError(highest.orderId, facts);
  for (const tracked of orders) refuseUndone(tracked, nextSequence);
  throw new FinalityBrokenError(`order ${highest.orderId}`, facts);
}
