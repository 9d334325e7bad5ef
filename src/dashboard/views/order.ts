import type { LendingStep } from '../../core/decision.ts';
import { fixed, signed } from '../../core/report/format.ts';
import { bps, percent, quote, UNKNOWN } from '../../core/report/numbers.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { toWhole } from '../../core/units.ts';
import { attemptOf, filledState, type OrderState, orderState } from '../../engine/order/orderState.ts';
import type { OrderHistory, Store, StoredDecision } from '../../ports/store.ts';
import { journaledHedge } from '../../runtime/journal/bookedHedges.ts';
import type { OrderDocument, OrderRow } from '../documents.ts';
import { wayName } from './depth.ts';
import { relayLines, timelineOf } from './timeline.ts';

/** Decimals of tokens that are not known: what ETH has. */
const USUAL_DECIMALS = 18;

/** An order in a list. @param atSeconds when it was decided by the keeper's clock; that of the chain where null */
export function orderRow(history: OrderHistory, decimals: number, atSeconds: number | null): OrderRow {
  const { id, vault, order, decidedAtSeconds } = history.record;
  return {
    id,
    vault,
    side: order.side,
    base: toWhole(order.baseRaw, decimals),
    status: orderState(history).status,
    atSeconds: atSeconds ?? decidedAtSeconds,
  };
}

/** Decimals of base and quote as the decision knew them. */
export function decimalsOf(decided: StoredDecision | null): {
  readonly base: number;
  readonly quote: number;
} {
  const terms = decided?.snapshot?.vault;
  return { base: terms?.base.decimals ?? USUAL_DECIMALS, quote: terms?.quote.decimals ?? USUAL_DECIMALS };
}

/** An order from decision to finality; null where there is none of that id. @throws JournalError, JournalCorruptError */
export async function orderDocument(store: Store, id: string): Promise<OrderDocument | null> {
  const history = await store.order(id);
  if (history === null) return null;
  const { record } = history;
  const state = orderState(history);
  const decided = await store.decision(record.decisionId).catch(() => null);
  const terms = decided?.snapshot?.vault;
  return {
    id,
    vault: record.vault,
    units: terms === undefined ? null : { base: terms.base.symbol, quote: terms.quote.symbol },
    status: state.status,
    decisionId: record.decisionId,
    side: record.order.side,
    timeline: timelineOf(history, state, decided?.recordedAtSeconds ?? null),
    relays: relayLines(history),
    comparison: await comparisonOf(store, history, state, decided),
    legs: legsOf(history, decided?.snapshot ?? null),
    lending: lendingOf(history, decided?.snapshot ?? null),
    instruments:
      decided !== null && 'instruments' in decided.decision ? (decided.decision.instruments ?? []) : [],
    transactionHash: attemptOf(state)?.transactionHash ?? null,
    deadlineSeconds: record.order.deadlineSeconds,
  };
}

/** Plan against fill; what is not known yet has a dash. */
async function comparisonOf(
  store: Store,
  history: OrderHistory,
  state: OrderState,
  decided: StoredDecision | null,
): Promise<OrderDocument['comparison']> {
  const { order, plannedGasQuote, decidedAtBlock } = history.record;
  const decimals = decimalsOf(decided);
  const planned = {
    base: toWhole(order.baseRaw, decimals.base),
    quote: toWhole(order.expectedQuoteRaw, decimals.quote),
  };
  const done = filledState(state)?.fill ?? (state.status === 'paper' ? state.paper : null);
  const filled = done && {
    base: toWhole(done.baseRaw, decimals.base),
    quote: toWhole(done.quoteRaw, decimals.quote),
  };
  const hedge = await journaledHedge(store, history).catch(() => null);
  const cost = decided?.decision.numbers.cost ?? null;
  const price = ({ base, quote: amount }: typeof planned) => (base > 0 ? amount / base : Number.NaN);
  const sign = order.side === 'buy' ? 1 : -1;
  const line = (name: string, plan: string | null, fill: string | null) => [
    { name, plan: plan ?? UNKNOWN, fill: fill ?? UNKNOWN },
  ];
  const money = (value: number | null | undefined) => (value == null ? null : quote(value));
  // Lending alone has no price, no fee and nothing that could be filled in part.
  if (order.baseRaw === 0n) return line('gas', quote(plannedGasQuote), money(hedge?.gasQuote));
  return [
    ...line('base', fixed(planned.base, 4), filled && fixed(filled.base, 4)),
    ...line('quote', quote(planned.quote), filled && quote(filled.quote)),
    ...line('price', quote(price(planned)), filled && quote(price(filled))),
    ...line(
      'slippage against the plan',
      null,
      filled && `${signed(((sign * (price(filled) - price(planned))) / price(planned)) * 10_000, 1)} bps`,
    ),
    ...line('swap fee', money(cost?.feeQuote), money(hedge?.feeQuote)),
    ...line('impact and delay', money(cost?.impactQuote), money(hedge?.impactQuote)),
    ...line('gas', quote(plannedGasQuote), money(hedge?.gasQuote)),
    ...line('cost of notional', cost === null ? null : bps(cost.bps), costBps(hedge)),
    ...line(
      'filled',
      `at least ${percent(order.minFillBps / 10_000, 0)}`,
      filled && percent(filled.base / planned.base, 1),
    ),
    ...line(
      'blocks waited',
      null,
      done && 'transactionHash' in done ? String(done.blockNumber - decidedAtBlock) : null,
    ),
  ];
}

function costBps(hedge: Awaited<ReturnType<typeof journaledHedge>>): string | null {
  if (hedge === null || hedge.base === 0) return null;
  const total = hedge.feeQuote + hedge.impactQuote + hedge.gasQuote;
  return bps((total / (hedge.base * hedge.fairPrice)) * 10_000);
}

function lendingOf({ record }: OrderHistory, snapshot: Snapshot | null): OrderDocument['lending'] {
  const { lending, withdrawals = [] } = record.order;
  const withdrawn = withdrawals.map(({ label, manager, baseRaw, quoteRaw }) => ({
    when: 'before the swaps' as const,
    kind: `withdraw ${label}`,
    amount: `${amountOf('base', baseRaw, snapshot)}, ${amountOf('quote', quoteRaw, snapshot)}`,
    pool: manager,
  }));
  const line =
    (when: OrderDocument['lending'][number]['when']) =>
    ({ kind, asset, amountRaw, pool }: LendingStep) => ({
      when,
      kind,
      amount: amountOf(asset, amountRaw, snapshot),
      pool,
    });
  if (lending === undefined) return withdrawn;
  return [
    ...withdrawn,
    ...lending.before.map(line('before the swaps')),
    ...lending.after.map(line('after the swaps')),
  ];
}

function amountOf(asset: 'base' | 'quote', amountRaw: bigint, snapshot: Snapshot | null): string {
  const token = snapshot?.vault[asset];
  const amount = fixed(toWhole(amountRaw, token?.decimals ?? USUAL_DECIMALS), asset === 'base' ? 4 : 2);
  return `${amount} ${token?.symbol ?? asset}`;
}

function legsOf({ record }: OrderHistory, snapshot: Snapshot | null): OrderDocument['legs'] {
  const { legs, baseRaw: total } = record.order;
  const decimals = snapshot?.vault.base.decimals ?? USUAL_DECIMALS;
  return legs.map(({ venue, pool, baseRaw, via }) => {
    const known = snapshot?.chain.pools.find(({ address }) => address.toLowerCase() === pool.toLowerCase());
    return {
      venue: known === undefined ? venue : wayName(known),
      pool,
      base: toWhole(baseRaw, decimals),
      share: total === 0n ? 0 : Number(baseRaw) / Number(total),
      via: via === undefined ? null : via.pool,
    };
  });
}
