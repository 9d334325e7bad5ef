import type { Band } from '../core/decision.ts';
import { type ExecutionReport, executionReport } from '../core/execution/summary.ts';
import { type MarginStanding, marginStandings } from '../core/risk/marginStanding.ts';
import type { BlockFacts } from '../core/snapshot.ts';
import { type LifeCycle, lifeCycleOf } from '../engine/order/lifeCycle.ts';
import { type OrderState, orderState } from '../engine/order/orderState.ts';
import { executionsOf } from '../engine/settle/execution.ts';
import type { OrderHistory, Store, StoredDecision } from '../ports/store.ts';
import { type HaltStatus, haltStatus } from './arm/resume.ts';

/** How a vault is doing, worst first. */
export type VaultState = 'halt' | 'beyond' | 'open' | 'ok' | 'unknown';

const SEVERITY: readonly VaultState[] = ['halt', 'beyond', 'open', 'unknown', 'ok'];

/** Where a vault stands according to the journal. */
export interface VaultStatus {
  readonly name: string;
  readonly state: VaultState;
  readonly decision: StoredDecision | null;
  /** As last decided on; as a hedge left it where the last decision was one and nothing is open. */
  readonly netDelta: number | null;
  /** Net delta as a share of the level on its side at which the keeper acts; null where not known. */
  readonly shareOfAct: number | null;
  /** How near to liquidation it was at its last decision; null where that looked at nothing. */
  readonly margin: readonly MarginStanding[] | null;
  readonly openOrders: readonly { readonly id: string; readonly status: LifeCycle }[];
  readonly lastHedge: { readonly orderId: string; readonly atSeconds: number } | null;
  /** What halts it until somebody resumes it, and how it was resumed last; absent where nobody looked. */
  readonly halts?: HaltStatus;
  /** How well the latest fills were carried out: all together, by relay and by venue. */
  readonly execution: ExecutionReport;
}

/** What an order is that may still execute, or may still be signed. */
const openStatuses: ReadonlySet<OrderState['status']> = new Set([
  'decided',
  'signed',
  'submitted',
  'replaced',
]);

/** Orders looked back on for the last hedge. */
const RECENT_ORDERS = 20;
/** Orders looked back on for how well they were carried out. */
const JUDGED_ORDERS = 100;

/** Reads where a vault stands; nothing but the journal is asked. */
export async function vaultStatus(store: Store, name: string): Promise<VaultStatus> {
  const [[decision = null], unsettled, orders, executions, halts] = await Promise.all([
    store.decisions(name, 1),
    store.unsettledOrders(name),
    store.orders(name, RECENT_ORDERS),
    executionsOf(store, name, JUDGED_ORDERS),
    haltStatus(store, name),
  ]);
  const openOrders = unsettled
    .map((history) => ({ id: history.record.id, state: orderState(history) }))
    .filter(({ state }) => openStatuses.has(state.status))
    .map(({ id, state }) => ({ id, status: lifeCycleOf(state) }));
  const netDelta = netDeltaOf(decision, openOrders.length);
  const shareOfAct = shareOf(decision, netDelta);
  return {
    name,
    state: halts.halt === null ? stateOf(decision, shareOfAct, openOrders.length) : 'halt',
    decision,
    netDelta,
    shareOfAct,
    margin: decision?.snapshot ? marginStandings(decision.snapshot) : null,
    openOrders,
    lastHedge: lastHedgeOf(orders),
    halts,
    execution: executionReport(executions),
  };
}

/** Worst first, then by name. */
export function bySeverity(a: VaultStatus, b: VaultStatus): number {
  return SEVERITY.indexOf(a.state) - SEVERITY.indexOf(b.state) || a.name.localeCompare(b.name);
}

/** How old a block is by the wall clock, seconds. */
export function headAge(head: BlockFacts, nowSeconds: number): number {
  return nowSeconds - head.timestampSeconds;
}

function netDeltaOf(stored: StoredDecision | null, open: number): number | null {
  const decision = stored?.decision;
  if (decision?.kind === 'hedge' && open === 0) return decision.netDeltaAfter;
  return decision?.numbers.netDelta ?? null;
}

function shareOf(stored: StoredDecision | null, netDelta: number | null): number | null {
  const band = stored?.decision.numbers.band ?? null;
  return band === null || netDelta === null ? null : shareOfLevel(band, netDelta);
}

/** Net delta as a share of the level on its side at which the keeper acts; null where that level is the middle itself. */
export function shareOfLevel({ sell, buy }: Band, netDelta: number): number | null {
  // Where carry shifted the band off zero, its middle is what net delta is away from.
  const from = sell.act >= 0 && buy.act <= 0 ? 0 : (sell.act + buy.act) / 2;
  const act = netDelta >= from ? sell.act : buy.act;
  return act === from ? null : (netDelta - from) / (act - from);
}

function stateOf(decision: StoredDecision | null, share: number | null, open: number): VaultState {
  if (decision === null) return 'unknown';
  if (decision.decision.kind === 'halt') return 'halt';
  if (open > 0) return 'open';
  return share !== null && share > 1 ? 'beyond' : 'ok';
}

function lastHedgeOf(orders: readonly OrderHistory[]): VaultStatus['lastHedge'] {
  for (const { record, events } of orders) {
    const fill = events.find(({ event }) => event.kind === 'filled' || event.kind === 'paper');
    if (fill !== undefined) return { orderId: record.id, atSeconds: fill.recordedAtSeconds };
  }
  return null;
}
