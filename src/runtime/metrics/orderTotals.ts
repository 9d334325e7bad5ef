import type { Decision } from '../../core/decision.ts';
import { toWhole } from '../../core/units.ts';
import { orderState, signedOrder } from '../../engine/order/orderState.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Fill } from '../../ports/account.ts';
import type { OrderHistory, Store } from '../../ports/store.ts';
import type { Exporter } from './exporter.ts';
import { type OrderOutcome, UNATTRIBUTED } from './labels.ts';

const WEI_DECIMALS = 18;

/** How an order ended for good; null where something can still happen to it. */
function outcomeOf(history: OrderHistory): OrderOutcome | null {
  const state = orderState(history);
  if (state.status === 'final') return state.outcome.status;
  return state.status === 'abandoned' || state.status === 'paper' ? state.status : null;
}

/** The only relay that took the transaction, where it was the only one. */
function bringerOf({ events }: OrderHistory, relays: readonly string[]): string {
  const took = new Set(
    events.flatMap(({ event }) =>
      event.kind === 'answered' && event.answer.status === 'accepted' ? [event.relay] : [],
    ),
  );
  const [only] = took;
  return only !== undefined && took.size === 1 && relays.includes(only) ? only : UNATTRIBUTED;
}

function bookFill(
  exporter: Exporter,
  history: OrderHistory,
  fill: Fill,
  decision: Decision | null,
  { terms }: VaultSetup,
): void {
  const { name: vault, base, quote } = terms;
  const { order } = history.record;
  const filledBase = toWhole(fill.baseRaw, base.decimals);
  const filledQuote = toWhole(fill.quoteRaw, quote.decimals);
  exporter.add('ballast_hedges_total', { vault, side: fill.side }, 1);
  exporter.add('ballast_hedged_base_total', { vault, side: fill.side }, filledBase);
  const { spot = null, cost = null } = decision?.numbers ?? {};
  const plannedBase = toWhole(order.baseRaw, base.decimals);
  if (cost !== null && plannedBase > 0)
    exporter.add('ballast_hedge_fees_quote_total', { vault }, (cost.feeQuote * filledBase) / plannedBase);
  if (spot === null) return;
  const fairQuote = filledBase * spot;
  const paid = fill.side === 'sell' ? fairQuote - filledQuote : filledQuote - fairQuote;
  exporter.add('ballast_execution_cost_quote', { vault }, paid);
}

/**
 * Books an order that is settled for good; one that is not changes nothing. Only what can no longer be undone is counted,
 * so that no total ever goes back, not even by a reorganisation.
 */
export async function bookOrder(
  exporter: Exporter,
  store: Store,
  history: OrderHistory,
  setup: VaultSetup,
  relays: readonly string[],
): Promise<void> {
  const outcome = outcomeOf(history);
  if (outcome === null) return;
  const { name: vault, chainId } = setup.terms;
  exporter.add('ballast_orders_total', { vault, outcome }, 1);
  const state = orderState(history);
  const end = state.status === 'final' ? state.outcome : null;
  if (end === null || end.status === 'expired' || signedOrder(state) === null) return;
  const decided = await store.decision(history.record.decisionId);
  const { gasUsed, gasPaidWei } = end.status === 'filled' ? end.fill : end.revert;
  const priceQuote = decided?.snapshot?.native.priceQuote ?? null;
  exporter.add('ballast_gas_used_total', { vault }, Number(gasUsed));
  if (priceQuote !== null) {
    const gasQuote = toWhole(gasPaidWei, WEI_DECIMALS) * priceQuote;
    exporter.add('ballast_gas_cost_quote_total', { vault }, gasQuote);
  }
  if (end.status !== 'filled') return;
  bookFill(exporter, history, end.fill, decided?.decision ?? null, setup);
  const delay = Number(end.fill.blockNumber - history.record.decidedAtBlock);
  const labels = { chain: String(chainId), relay: bringerOf(history, relays) };
  exporter.observe('ballast_inclusion_delay_blocks', labels, delay);
}

/** The most orders that are read back to go on counting where an earlier keeper left off. */
const EVERY_ORDER = 1_000_000;

/**
 * Starts every total where the journal says that it stands.
 *
 * @throws JournalError, JournalCorruptError
 */
export async function continueTotals(
  exporter: Exporter,
  store: Store,
  setup: VaultSetup,
  relays: readonly string[],
): Promise<void> {
  const vault = setup.terms.name;
  for (const { kind, code, count } of (await store.decisionCounts?.(vault)) ?? [])
    exporter.add('ballast_decisions_total', { vault, kind, code }, count);
  for (const history of (await store.orders(vault, EVERY_ORDER)).toReversed()) {
    await bookOrder(exporter, store, history, setup, relays);
    for (const { event } of history.events) {
      if (event.kind !== 'answered' || !relays.includes(event.relay)) continue;
      const labels = { relay: event.relay, answer: event.answer.status };
      exporter.add('ballast_relay_submissions_total', labels, 1);
    }
  }
}
