import type { PastInclusion } from '../../core/gas/learntTip.ts';
import type { HistoryFacts } from '../../core/snapshot.ts';
import type { NewestOrders } from './newestOrders.ts';
import { filledState, type OrderState, signedOrder } from './orderState.ts';
import { type TrackedOrder, track } from './tracked.ts';

type LastHedge = NonNullable<HistoryFacts['lastHedge']>;

function settledState(state: OrderState): OrderState {
  return state.status === 'final' ? state.outcome : state;
}

/** Null where nothing was traded: not filled, or an order of lending steps alone. */
function hedgeOf({ record, state: now }: TrackedOrder): LastHedge | null {
  if (record.order.baseRaw === 0n) return null;
  const state = settledState(now);
  const timestampSeconds = record.decidedAtSeconds;
  if (state.status === 'filled') {
    const { side, baseRaw, blockNumber } = state.fill;
    return { blockNumber, timestampSeconds, side, baseRaw };
  }
  if (state.status === 'paper') {
    const { blockNumber } = state.paper;
    return { blockNumber, timestampSeconds, side: record.order.side, baseRaw: record.order.baseRaw };
  }
  return null;
}

/** Orders read at first. */
export const firstPage = 4;
/** The most that are looked back on: none of 256 in a row landed otherwise. */
const lastPage = 256;

/** The past as a decision needs it, and what became of the newest orders that were handed over. */
export interface Past extends Pick<HistoryFacts, 'lastHedge' | 'consecutiveFailures'> {
  readonly inclusions: readonly PastInclusion[];
}

/** Orders, the newest first, that tips are learnt from. */
const learntFrom = 8;

/** What became of an order's transaction; null where nothing is known yet, or the price ended it and not the tip. */
function inclusionOf({ state: now }: TrackedOrder): PastInclusion | null {
  const state = settledState(now);
  const order = signedOrder(state);
  const first = order?.attempts[0]?.firstBlock;
  if (order === null || first === undefined) return null;
  const tipWei = order.attempt.maxPriorityFeePerGasWei;
  if (state.status === 'filled') {
    return { tipWei, passedOver: Math.max(0, Number(state.fill.blockNumber - first)) };
  }
  return state.status === 'expired' && state.expiry.why === 'deadline' ? { tipWei, passedOver: null } : null;
}

/**
 * What a vault did before, as far as a decision needs it. `lastHedge` carries the chain time at which the hedge was
 * decided. Failures are reverts since the last hedge; an order that no block took cost nothing and is not one.
 *
 * @param afterOrder the newest order when somebody resumed the vault: failures up to it no longer count
 * @throws JournalError, JournalCorruptError
 */
export async function pastOf(newest: NewestOrders, afterOrder: string | null = null): Promise<Past> {
  for (let limit = firstPage; ; limit *= 4) {
    const past = pastAmong((await newest(limit)).map(track), limit, afterOrder);
    if (past !== null) return past;
  }
}

/**
 * {@link pastOf} from the newest orders of a vault, newest first; null where more of them than `limit` have to be looked at:
 * four times as many.
 *
 * @param limit how many orders were asked for, {@link firstPage} at first
 */
export function pastAmong(
  recent: readonly TrackedOrder[],
  limit: number,
  afterOrder: string | null = null,
): Past | null {
  const past = pastIn(recent, afterOrder);
  if (past.lastHedge === null && recent.length >= limit && limit < lastPage) return null;
  const inclusions = recent.slice(0, learntFrom).map(inclusionOf);
  return { ...past, inclusions: inclusions.filter((inclusion) => inclusion !== null) };
}

function pastIn(
  newestFirst: readonly TrackedOrder[],
  afterOrder: string | null,
): Pick<HistoryFacts, 'lastHedge' | 'consecutiveFailures'> {
  const failures: Failure[] = [];
  let lastHedge: HistoryFacts['lastHedge'] = null;
  let isForgiven = false;
  for (const tracked of newestFirst) {
    lastHedge = hedgeOf(tracked);
    if (lastHedge !== null) break;
    // What landed and traded nothing is no hedge, and no failure either: those before it were not in a row with it.
    isForgiven ||= tracked.record.id === afterOrder || filledState(tracked.state) !== null;
    const state = settledState(tracked.state);
    if (isForgiven || state.status !== 'reverted') continue;
    const { decidedAtBlock } = tracked.record;
    failures.push({ decidedAtBlock, failedAtBlock: state.revert.blockNumber });
  }
  return { lastHedge, consecutiveFailures: failuresInARow(failures) };
}

interface Failure {
  readonly decidedAtBlock: bigint;
  readonly failedAtBlock: bigint;
}

/**
 * How often an order failed that was decided after the one before had failed. Where a reorg takes a fill back, what was
 * decided on top of it fails with it: that is one failure, not several.
 */
function failuresInARow(newestFirst: readonly Failure[]): number {
  let count = 0;
  let lastAtBlock: bigint | null = null;
  for (const { decidedAtBlock, failedAtBlock } of newestFirst.toReversed()) {
    if (lastAtBlock !== null && decidedAtBlock < lastAtBlock) continue;
    lastAtBlock = failedAtBlock;
    count += 1;
  }
  return count;
}

function gasPaidWei(now: OrderState): bigint {
  const state = settledState(now);
  if (state.status === 'filled') return state.fill.gasPaidWei;
  return state.status === 'reverted' ? state.revert.gasPaidWei : 0n;
}

/**
 * Gas that a vault's orders paid, filled or reverted, wei.
 *
 * @param sinceSeconds chain time from which orders count, by when they were decided
 * @throws JournalError, JournalCorruptError
 */
export async function gasPaidSince(newest: NewestOrders, sinceSeconds: number): Promise<bigint> {
  for (let limit = firstPage; ; limit *= 4) {
    const recent = (await newest(limit)).map(track);
    const { length } = recent;
    if (length < limit || recent.some(({ record }) => record.decidedAtSeconds < sinceSeconds)) {
      return gasPaidAmong(recent, sinceSeconds);
    }
  }
}

/** {@link gasPaidSince} among some orders of a vault. */
export function gasPaidAmong(orders: readonly TrackedOrder[], sinceSeconds: number): bigint {
  return orders
    .filter(({ record }) => record.decidedAtSeconds >= sinceSeconds)
    .reduce((sum, { state }) => sum + gasPaidWei(state), 0n);
}
