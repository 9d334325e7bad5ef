import { directPools } from '../core/amm/twoHop.ts';
import type { Decision } from '../core/decision.ts';
import {
  type Execution,
  type ExecutionRecord,
  isObserved,
  judge,
  observationAtFill,
  observeHorizons,
  type Sighting,
  type TradedPool,
} from '../core/execution/record.ts';
import { middlePrice, wayTokens } from '../core/hedge/fairPrice.ts';
import type { BlockFacts, Snapshot, VaultTerms } from '../core/snapshot.ts';
import { sameAddress, toWhole } from '../core/units.ts';
import type { OrderHistory, Store } from '../ports/store.ts';
import { attempt } from './faults.ts';
import { type FilledState, orderState } from './orderState.ts';
import type { SettledEvent } from './settle.ts';
import type { World } from './world.ts';

const WEI_DECIMALS = 18;

/** Key under which the ids of fills are kept whose horizons have not all come. */
const pendingKey = 'engine.executions';
/** Key of one fill's record. */
const recordKey = (orderId: string) => `engine.execution.${orderId}`;

/** What of a tick tells how earlier fills turned out. */
interface Seen {
  readonly vault: string;
  readonly block: BlockFacts | null;
  readonly snapshot: Snapshot | null;
  readonly decision: Decision;
  readonly settled: readonly SettledEvent[];
}

/** The fill of an order where it stands, final or not; null where it has none. */
function fillOf(history: OrderHistory): FilledState | null {
  const state = orderState(history);
  const outcome = state.status === 'final' ? state.outcome : state;
  return outcome.status === 'filled' ? outcome : null;
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

async function recall(store: Store, vault: string, orderId: string): Promise<ExecutionRecord | null> {
  return ((await store.recall(vault, recordKey(orderId))) ?? null) as ExecutionRecord | null;
}

/** Orders that may have a fill nobody has looked at: those not final, and those that this tick made final. */
async function candidates(store: Store, { vault, settled }: Seen): Promise<readonly OrderHistory[]> {
  const open = await store.unsettledOrders(vault);
  const closed = settled
    .filter(({ event }) => event.kind === 'final')
    .map(({ orderId }) => store.order(orderId));
  return [...open, ...(await Promise.all(closed)).filter((history) => history !== null)];
}

/** Keeps what is known of new fills; gives back the ids of those whose horizons have not all come. */
async function keepNew(store: Store, seen: Seen, snapshot: Snapshot, sighting: Sighting): Promise<string[]> {
  const pending: string[] = [];
  for (const history of await candidates(store, seen)) {
    const state = fillOf(history);
    if (state === null) continue;
    const { id } = history.record;
    const known = await recall(store, seen.vault, id);
    const isSame = known?.fillBlockHash === state.fill.blockHash;
    const fresh = isSame ? known : await recordOf(store, history, state, snapshot, sighting);
    if (fresh === null) continue;
    if (!isSame) await store.remember(seen.vault, recordKey(id), fresh);
    if (!isObserved(fresh)) pending.push(id);
  }
  return pending;
}

async function observe(store: Store, vault: string, id: string, sighting: Sighting): Promise<boolean> {
  const known = await recall(store, vault, id);
  if (known === null) return false;
  const observed = observeHorizons(known, ofPools(sighting, known.pools));
  if (observed !== known) await store.remember(vault, recordKey(id), observed);
  return !isObserved(observed);
}

async function follow(store: Store, seen: Seen): Promise<void> {
  const sighting = sightingOf(seen);
  if (sighting === null || seen.snapshot === null) return;
  const before = ((await store.recall(seen.vault, pendingKey)) ?? []) as readonly string[];
  const fresh = await keepNew(store, seen, seen.snapshot, sighting);
  const pending: string[] = [];
  for (const id of new Set([...before, ...fresh]))
    if (await observe(store, seen.vault, id, sighting)) pending.push(id);
  const isSame = pending.length === before.length && pending.every((id, index) => id === before[index]);
  if (!isSame) await store.remember(seen.vault, pendingKey, pending);
}

/**
 * Looks back on a vault's fills from one tick: keeps what a new fill did against its plan, and the prices at each horizon
 * that has come. What was kept survives the process; a block that nobody looked at is kept as missing. Never throws: a
 * journal that does not take it costs a measurement and no hedge.
 */
export async function followExecutions(world: World, seen: Seen): Promise<void> {
  const followed = await attempt(() => follow(world.store, seen));
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
  const found = await Promise.all(
    orders.map(async (history) => {
      const blockHash = fillOf(history)?.fill.blockHash;
      const record = blockHash === undefined ? null : await recall(store, vault, history.record.id);
      return record?.fillBlockHash === blockHash ? record : null;
    }),
  );
  return found.filter((record) => record !== null).map(judge);
}
