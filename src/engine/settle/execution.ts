import { directPools } from '../../core/amm/twoHop.ts';
import type { Decision } from '../../core/decision.ts';
import {
  type Execution,
  type ExecutionRecord,
  judge,
  nextHorizonBlock,
  observationAtFill,
  observeHorizons,
  type Sighting,
  type TradedPool,
} from '../../core/execution/record.ts';
import { middlePrice, wayTokens } from '../../core/hedge/fairPrice.ts';
import type { BlockFacts, Snapshot, VaultTerms } from '../../core/snapshot.ts';
import { type Hash, sameAddress, toWhole } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import type { OrderHistory, Store } from '../../ports/store.ts';
import { attempt } from '../faults.ts';
import type { Memories } from '../memories.ts';
import { type FilledState, filledState, orderState } from '../order/orderState.ts';
import type { TrackedOrder } from '../order/tracked.ts';
import type { World } from '../world.ts';

const WEI_DECIMALS = 18;

/** Key under which the fills are kept whose horizons have not all come. */
export const pendingKey = 'engine.executions';

/** What of a tick tells how earlier fills turned out. */
interface Seen {
  readonly vault: string;
  readonly block: BlockFacts | null;
  readonly snapshot: Snapshot | null;
  readonly decision: Decision;
}

/** What a tick knew of a vault's fills before it decided. */
export interface KnownFills {
  /** Orders whose fill stands: those not final, and those that this tick made final. */
  readonly filled: readonly TrackedOrder[];
  readonly memories: Memories;
}

/** A fill whose horizons have not all come, and when the next one does: until then its record is left alone. */
interface PendingFill {
  readonly orderId: string;
  readonly fillBlockHash: Hash;
  readonly dueAtBlock: bigint;
}

function pendingFills(memory: Memory): readonly PendingFill[] {
  const entries: readonly Partial<PendingFill>[] = Array.isArray(memory) ? memory : [];
  return entries.filter((entry): entry is PendingFill => typeof entry.dueAtBlock === 'bigint');
}

function sightingOf({ block, snapshot, decision }: Seen): Sighting | null {
  const { spot } = decision.numbers;
  if (block === null || snapshot === null || spot === null) return null;
  const { vault, chain } = snapshot;
  const pools = directPools(chain.pools, wayTokens(vault));
  return {
    atBlock: block.number,
    fairPrice: spot,
    pools: pools.map((pool) => ({ pool: pool.address, price: middlePrice(pool, vault) })),
  };
}

/** Prices of the traded pools alone; what was not read has none. */
function ofPools(sighting: Sighting, traded: readonly TradedPool[]): Sighting {
  const pools = traded.map(({ pool }) => ({
    pool,
    price: sighting.pools.find((found) => sameAddress(found.pool, pool))?.price ?? null,
  }));
  return { ...sighting, pools };
}

function tradedPools({ record }: OrderHistory): readonly TradedPool[] {
  const { legs } = record.order;
  const total = legs.reduce((sum, { baseRaw }) => sum + baseRaw, 0n);
  return legs.map(({ venue, pool, baseRaw }) => ({
    venue,
    pool,
    share: total === 0n ? 0 : Number(baseRaw) / Number(total),
  }));
}

/** Null where the decision is not in the journal any more, or knew no price. */
async function recordOf(
  store: Store,
  history: OrderHistory,
  state: FilledState,
  snapshot: Snapshot,
  sighting: Sighting,
): Promise<ExecutionRecord | null> {
  const { record, events } = history;
  const { fill } = state;
  const decided = await store.decision(record.decisionId);
  const { spot = null, cost = null } = decided?.decision.numbers ?? {};
  if (spot === null) return null;
  const { base, quote }: VaultTerms = snapshot.vault;
  const pools = tradedPools(history);
  const atFill = observationAtFill(fill.blockNumber, ofPools(sighting, pools));
  return {
    orderId: record.id,
    vault: record.vault,
    transactionHash: fill.transactionHash,
    fillBlockHash: fill.blockHash,
    facts: {
      side: fill.side,
      base: toWhole(fill.baseRaw, base.decimals),
      quote: toWhole(fill.quoteRaw, quote.decimals),
      plannedBase: toWhole(record.order.baseRaw, base.decimals),
      plannedQuote: toWhole(record.order.expectedQuoteRaw, quote.decimals),
      plannedFeeQuote: cost?.feeQuote ?? 0,
      plannedGasQuote: record.plannedGasQuote,
      paidGasQuote: toWhole(fill.gasPaidWei, WEI_DECIMALS) * snapshot.native.priceQuote,
      decidedAtBlock: record.decidedAtBlock,
      filledAtBlock: fill.blockNumber,
      fairAtDecision: spot,
      fairAtFill: atFill.kind === 'seen' ? atFill.sighting.fairPrice : null,
    },
    relays: events.flatMap(({ event }) =>
      event.kind === 'answered' &&
      event.transactionHash === fill.transactionHash &&
      event.answer.status === 'accepted'
        ? [event.relay]
        : [],
    ),
    pools,
    atFill,
    later: [],
  };
}

async function known(store: Store, orderId: string): Promise<ExecutionRecord | null> {
  const [record = null] = await store.executions([orderId]);
  return record;
}

/** What is kept of a fill, made now where it is new; null where nothing can be said of it. */
async function recordFor(
  store: Store,
  orderId: string,
  { fill }: FilledState,
  snapshot: Snapshot,
  sighting: Sighting,
): Promise<ExecutionRecord | null> {
  const before = await known(store, orderId);
  if (before?.fillBlockHash === fill.blockHash) return before;
  const history = await store.order(orderId);
  const state = history && filledState(orderState(history));
  return state && recordOf(store, history, state, snapshot, sighting);
}

/** Looks back from every horizon of a fill that has come; gives what is to come, null where nothing is. */
async function observe(
  store: Store,
  before: ExecutionRecord,
  isNew: boolean,
  sighting: Sighting,
): Promise<PendingFill | null> {
  const observed = observeHorizons(before, ofPools(sighting, before.pools));
  const { orderId, fillBlockHash } = observed;
  if (isNew || observed !== before) await store.recordExecution(observed);
  const dueAtBlock = nextHorizonBlock(observed);
  return dueAtBlock === null ? null : { orderId, fillBlockHash, dueAtBlock };
}

async function follow(store: Store, seen: Seen, { filled, memories }: KnownFills): Promise<void> {
  const { vault, block, snapshot } = seen;
  const before = pendingFills(memories.get(pendingKey));
  const pending = new Map(before.map((one) => [one.orderId, one]));
  const fresh = filled.flatMap(({ record, state: now }) => {
    const state = filledState(now);
    const isKnown = state === null || pending.get(record.id)?.fillBlockHash === state.fill.blockHash;
    return isKnown ? [] : [{ orderId: record.id, state }];
  });
  const renewed = new Set(fresh.map(({ orderId }) => orderId));
  const due = before.filter(
    ({ orderId, dueAtBlock }) => block !== null && block.number >= dueAtBlock && !renewed.has(orderId),
  );
  if (fresh.length === 0 && due.length === 0) return;
  const sighting = sightingOf(seen);
  if (sighting === null || snapshot === null) return;
  const after = new Map(pending);
  const keep = async (orderId: string, record: ExecutionRecord | null, isNew: boolean) => {
    const next = record && (await observe(store, record, isNew, sighting));
    if (next === null) after.delete(orderId);
    else after.set(orderId, next);
  };
  for (const { orderId } of due) await keep(orderId, await known(store, orderId), false);
  for (const { orderId, state } of fresh) {
    await keep(orderId, await recordFor(store, orderId, state, snapshot, sighting), true);
  }
  const isSame = after.size === before.length && before.every((one) => after.get(one.orderId) === one);
  if (!isSame) await store.remember(vault, pendingKey, [...after.values()]);
}

/**
 * Looks back on a vault's fills from one tick: keeps what a new fill did against its plan, and the prices at each horizon
 * that has come. What was kept survives the process; a block that nobody looked at is kept as missing. Never throws: a
 * journal that does not take it costs a measurement and no hedge.
 */
export async function followExecutions(world: World, seen: Seen, fills: KnownFills): Promise<void> {
  const followed = await attempt(() => follow(world.store, seen, fills));
  if (!followed.ok)
    world.log.warn({ vault: seen.vault, error: followed.error.message }, 'a fill was not looked back on');
}

/**
 * A vault's fills as they are judged, newest first; a fill that a reorg took back is left out.
 *
 * @param limit orders looked back on
 * @throws JournalError, JournalCorruptError
 */
export async function executionsOf(
  store: Store,
  vault: string,
  limit: number,
): Promise<readonly Execution[]> {
  const orders = await store.orders(vault, limit);
  const fills = orders.flatMap((history) => {
    const blockHash = filledState(orderState(history))?.fill.blockHash;
    return blockHash === undefined ? [] : [{ orderId: history.record.id, blockHash }];
  });
  const found = await store.executions(fills.map(({ orderId }) => orderId));
  return found.flatMap((record, index) =>
    record !== null && record.fillBlockHash === fills[index]?.blockHash ? [judge(record)] : [],
  );
}
