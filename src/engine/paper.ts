import type { OrderPlan } from '../core/decision.ts';
import type { Holdings } from '../core/snapshot.ts';
import { type Address, sameAddress } from '../core/units.ts';
import type { Memory } from '../ports/protocol.ts';
import type { OrderEvent, OrderHistory, Store } from '../ports/store.ts';
import type { NewestOrders } from './newestOrders.ts';
import { isSettled, orderState } from './orderState.ts';

/** Key under which the running total is remembered. */
export const paperKey = 'engine.paper';
/** Orders read at first. */
const firstPage = 16;
/** So many more settled orders move the remembered total forward. */
const stride = 8;

/** The order on paper: filled whole, at the price that the pools' own arithmetic promised. */
export function paperFill(plan: OrderPlan, blockNumber: bigint): Extract<OrderEvent, { kind: 'paper' }> {
  return { kind: 'paper', baseRaw: plan.baseRaw, quoteRaw: plan.expectedQuoteRaw, blockNumber };
}

function add(total: Holdings, history: OrderHistory): Holdings {
  const state = orderState(history);
  if (state.status !== 'paper') return total;
  const sign = history.record.order.side === 'sell' ? 1n : -1n;
  return {
    baseRaw: total.baseRaw - sign * state.paper.baseRaw,
    quoteRaw: total.quoteRaw + sign * state.paper.quoteRaw,
  };
}

/** A total over every order up to and including one; it only saves reading them again. */
interface RunningTotal {
  readonly throughOrder: string;
  readonly signer: string;
  readonly baseRaw: string;
  readonly quoteRaw: string;
}

function isRunningTotal(memory: unknown): memory is RunningTotal {
  if (typeof memory !== 'object' || memory === null) return false;
  const fields = memory as Partial<Record<keyof RunningTotal, unknown>>;
  return [fields.throughOrder, fields.signer, fields.baseRaw, fields.quoteRaw].every(
    (field) => typeof field === 'string',
  );
}

interface Page {
  readonly orders: readonly OrderHistory[];
  /** Whether they reach back to the known order. */
  readonly reachesKnown: boolean;
}

/** Orders after a known one, newest first; all of them where it is not in the journal. */
async function ordersAfter(recent: NewestOrders, known: string | undefined): Promise<Page> {
  for (let limit = firstPage; ; limit *= 4) {
    const orders = await recent(limit);
    const index = orders.findIndex(({ record }) => record.id === known);
    if (index >= 0) return { orders: orders.slice(0, index), reachesKnown: true };
    if (orders.length < limit) return { orders, reachesKnown: false };
  }
}

/**
 * The net effect of a vault's paper fills, signed from the vault's point of view. Only orders decided for the same keepers
 * count: a vault that goes live with a key starts without the paper of its rehearsal.
 *
 * @param keepers the zero address alone where nobody can sign
 * @param memory what is remembered under {@link paperKey}
 * @throws JournalError, JournalCorruptError
 */
export async function paperHoldings(
  store: Store,
  vault: string,
  keepers: readonly Address[],
  recent: NewestOrders,
  memory: Memory,
): Promise<Holdings> {
  const signer = keepers
    .map((keeper) => keeper.toLowerCase())
    .sort()
    .join();
  const known = isRunningTotal(memory) && memory.signer.toLowerCase() === signer ? memory : null;
  const { orders, reachesKnown } = await ordersAfter(recent, known?.throughOrder);
  const start: Holdings =
    known !== null && reachesKnown
      ? { baseRaw: BigInt(known.baseRaw), quoteRaw: BigInt(known.quoteRaw) }
      : { baseRaw: 0n, quoteRaw: 0n };
  const sum = (from: Holdings, some: readonly OrderHistory[]) =>
    some
      .filter(({ record }) => keepers.some((keeper) => sameAddress(record.signer, keeper)))
      .reduce(add, from);
  const settled = orders.slice(orders.findLastIndex((order) => !isSettled(orderState(order))) + 1);
  const upToSettled = sum(start, settled);
  const newest = settled[0];
  if (newest !== undefined && settled.length >= stride) {
    const running: RunningTotal = {
      throughOrder: newest.record.id,
      signer,
      baseRaw: upToSettled.baseRaw.toString(),
      quoteRaw: upToSettled.quoteRaw.toString(),
    };
    await store.remember(vault, paperKey, running);
  }
  return sum(upToSettled, orders.slice(0, orders.length - settled.length));
}
