import type { LendingStep, OrderPlan, WithdrawalStep } from '../../core/decision.ts';
import type { PaperFills, PaperLending, PaperWithdrawal } from '../../core/snapshot.ts';
import { type Address, sameAddress } from '../../core/units.ts';
import type { Memory } from '../../ports/protocol.ts';
import type { OrderEvent, OrderHistory, Store } from '../../ports/store.ts';
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

const nothingLent: PaperLending = {
  baseSuppliedRaw: 0n,
  baseDebtRaw: 0n,
  quoteSuppliedRaw: 0n,
  quoteDebtRaw: 0n,
};
const lentKeys = ['baseSuppliedRaw', 'baseDebtRaw', 'quoteSuppliedRaw', 'quoteDebtRaw'] as const;

function lend(before: PaperLending, { kind, asset, amountRaw }: LendingStep): PaperLending {
  const isDebt = kind === 'borrow' || kind === 'repay';
  const key = `${asset}${isDebt ? 'Debt' : 'Supplied'}Raw` as const;
  const change = kind === 'borrow' || kind === 'supply' ? amountRaw : -amountRaw;
  return { ...before, [key]: before[key] + change };
}

function withdraw(
  before: readonly PaperWithdrawal[],
  { tokenId, liquidity }: WithdrawalStep,
): readonly PaperWithdrawal[] {
  const known = before.find((one) => one.tokenId === tokenId);
  return [
    ...before.filter((one) => one !== known),
    { tokenId, liquidity: (known?.liquidity ?? 0n) + liquidity },
  ];
}

function add(total: PaperFills, history: OrderHistory): PaperFills {
  const state = orderState(history);
  if (state.status !== 'paper') return total;
  const { side, lending, withdrawals = [] } = history.record.order;
  const sign = side === 'sell' ? 1n : -1n;
  const withdrawn = withdrawals.reduce(withdraw, total.withdrawn ?? []);
  const brought = (key: 'baseRaw' | 'quoteRaw') => withdrawals.reduce((sum, one) => sum + one[key], 0n);
  const swapped = {
    baseRaw: total.baseRaw - sign * state.paper.baseRaw + brought('baseRaw'),
    quoteRaw: total.quoteRaw + sign * state.paper.quoteRaw + brought('quoteRaw'),
    ...(withdrawn.length === 0 ? {} : { withdrawn }),
  };
  const steps = lending === undefined ? [] : [...lending.before, ...lending.after];
  const lent = steps.reduce(lend, total.lending ?? nothingLent);
  // Nothing lent is left out, as it is where nothing ever was.
  return lentKeys.every((key) => lent[key] === 0n) ? swapped : { ...swapped, lending: lent };
}

/** A total over every order up to and including one; it only saves reading them again. */
interface RunningTotal {
  readonly throughOrder: string;
  readonly signer: string;
  readonly baseRaw: string;
  readonly quoteRaw: string;
  readonly lending?: Readonly<Record<keyof PaperLending, string>>;
  readonly withdrawn?: readonly Readonly<Record<keyof PaperWithdrawal, string>>[];
}

function isRunningTotal(memory: unknown): memory is RunningTotal {
  if (typeof memory !== 'object' || memory === null) return false;
  const fields = memory as Partial<Record<keyof RunningTotal, unknown>>;
  return [fields.throughOrder, fields.signer, fields.baseRaw, fields.quoteRaw].every(
    (field) => typeof field === 'string',
  );
}

function fillsIn({ baseRaw, quoteRaw, lending, withdrawn }: RunningTotal): PaperFills {
  const swapped = {
    baseRaw: BigInt(baseRaw),
    quoteRaw: BigInt(quoteRaw),
    ...(withdrawn === undefined
      ? {}
      : {
          withdrawn: withdrawn.map(({ tokenId, liquidity }) => ({
            tokenId: BigInt(tokenId),
            liquidity: BigInt(liquidity),
          })),
        }),
  };
  return lending === undefined ? swapped : { ...swapped, lending: eachLent((key) => BigInt(lending[key])) };
}

function eachLent<T>(of: (key: keyof PaperLending) => T): Record<keyof PaperLending, T> {
  return Object.fromEntries(lentKeys.map((key) => [key, of(key)])) as Record<keyof PaperLending, T>;
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
): Promise<PaperFills> {
  const signer = keepers
    .map((keeper) => keeper.toLowerCase())
    .sort()
    .join();
  const known = isRunningTotal(memory) && memory.signer.toLowerCase() === signer ? memory : null;
  const { orders, reachesKnown } = await ordersAfter(recent, known?.throughOrder);
  const start = known !== null && reachesKnown ? fillsIn(known) : { baseRaw: 0n, quoteRaw: 0n };
  const sum = (from: PaperFills, some: readonly OrderHistory[]) =>
    some
      .filter(({ record }) => keepers.some((keeper) => sameAddress(record.signer, keeper)))
      .reduce(add, from);
  const settled = orders.slice(orders.findLastIndex((order) => !isSettled(orderState(order))) + 1);
  const upToSettled = sum(start, settled);
  const newest = settled[0];
  if (newest !== undefined && settled.length >= stride) {
    const { baseRaw, quoteRaw, lending, withdrawn } = upToSettled;
    await store.remember(vault, paperKey, {
      throughOrder: newest.record.id,
      signer,
      baseRaw: baseRaw.toString(),
      quoteRaw: quoteRaw.toString(),
      ...(lending === undefined ? {} : { lending: eachLent((key) => lending[key].toString()) }),
      ...(withdrawn === undefined
        ? {}
        : {
            withdrawn: withdrawn.map(({ tokenId, liquidity }) => ({
              tokenId: tokenId.toString(),
              liquidity: liquidity.toString(),
            })),
          }),
    } satisfies RunningTotal);
  }
  return sum(upToSettled, orders.slice(0, orders.length - settled.length));
}
