import type { Limits } from '../../core/risk/limits.ts';
import { orderState } from '../../engine/order/orderState.ts';
import type { DecisionHead, Store } from '../../ports/store.ts';
import type { OrWhy, PeriodCost, PeriodReport, PeriodRisk } from '../../report/periodReport.ts';
import { type JournaledHedge, journaledHedge } from '../journal/bookedHedges.ts';
import { journalProfit } from '../journal/journalProfit.ts';
import { followPolicy, type TriedPolicy } from './otherPolicies.ts';
import { periodCosts, periodSeries } from './periodSeries.ts';
import { decidedAt, type Period, type PeriodRows, readPeriod } from './readPeriod.ts';
import { errorPerDay } from './risk.ts';

export type { OtherPolicy, PeriodReport } from '../../report/periodReport.ts';

/** What a report of a period is made of. */
export interface PeriodRequest {
  readonly vault: string;
  readonly policy: string;
  readonly units: PeriodReport['units'];
  readonly period: Period;
  /** Of the vault, for the policies that are tried. */
  readonly limits: Limits;
  /** What is tried on the same path, with what the report knows of the path: half the mean width of its band, base. */
  readonly triedPolicies: (halfWidth: number | null) => readonly TriedPolicy[];
  readonly onProgress?: (share: number) => void;
}

/** Decisions that other policies are tried on at most; a longer period is thinned evenly, hedges kept. */
const MOST_TRIED = 5_000;

/**
 * One vault over a period, from its journal alone.
 *
 * @throws JournalError, JournalCorruptError where the journal cannot be read at all
 */
export async function periodReport(store: Store, request: PeriodRequest): Promise<PeriodReport> {
  const { vault, policy, units, period } = request;
  const rows = await readPeriod(store, vault, period);
  const { heads, corrupt, orders } = rows;
  const decided = new Map(heads.map((head) => [head.id, decidedAt(head)]));
  const found = await Promise.all(orders.map((order) => journaledHedge(store, order)));
  // At the time of their block as everything else is, for the keeper's clock may be another.
  const hedges = found.flatMap((hedge) =>
    hedge === null ? [] : [{ ...hedge, atSeconds: decided.get(hedge.decisionId) ?? hedge.atSeconds }],
  );
  const kinds = (kind: string) => heads.filter(({ decision }) => decision.kind === kind).length;
  const [first, last] = [heads[0], heads.at(-1)];
  const profit = journalProfit(heads, hedges);
  const open = orders.filter((order) =>
    ['decided', 'signed', 'submitted', 'replaced'].includes(orderState(order).status),
  );
  return {
    schema: 1,
    vault,
    policy,
    units,
    ...period,
    span: first && last ? { fromSeconds: decidedAt(first), toSeconds: decidedAt(last) } : null,
    decisions: {
      all: heads.length,
      hedge: kinds('hedge'),
      hold: kinds('hold'),
      reduce: kinds('reduce'),
      halt: kinds('halt'),
      corrupt: corrupt.length,
    },
    notTraded: reasons(heads),
    cost: costOf(hedges),
    risk: riskOf(heads),
    profit: profit ?? { missing: 'fewer than two decisions know a price and an exposure' },
    hedges: hedges.filter(({ base }) => base > 0).map(hedgeRow),
    series: periodSeries(heads),
    costs: periodCosts(hedges),
    openOrders: open.map(({ record }) => record.id),
    halts: haltsOf(heads),
    others: await othersOf(store, request, rows, hedges),
    notes: notesOf(rows, hedges, profit !== null),
  };
}

const totalOf = ({ feeQuote, impactQuote, gasQuote }: JournaledHedge) => feeQuote + impactQuote + gasQuote;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function hedgeRow(hedge: JournaledHedge): PeriodReport['hedges'][number] {
  const { orderId, decisionId, atSeconds, side, base, fairPrice } = hedge;
  return { orderId, decisionId, atSeconds, side, base, fairPrice, costQuote: totalOf(hedge) };
}

function costOf(hedges: readonly JournaledHedge[]): PeriodCost {
  const done = hedges.filter(({ base }) => base > 0);
  const turnoverQuote = sum(done.map(({ base, fairPrice }) => base * fairPrice));
  const totalQuote = sum(hedges.map(totalOf));
  return {
    hedges: done.length,
    failed: hedges.length - done.length,
    turnoverQuote,
    feeQuote: sum(hedges.map(({ feeQuote }) => feeQuote)),
    impactQuote: sum(hedges.map(({ impactQuote }) => impactQuote)),
    gasQuote: sum(hedges.map(({ gasQuote }) => gasQuote)),
    totalQuote,
    bps: turnoverQuote > 0 ? (totalQuote / turnoverQuote) * 10_000 : null,
  };
}

function reasons(heads: readonly DecisionHead[]): PeriodReport['notTraded'] {
  const counts = new Map<string, number>();
  for (const { decision } of heads) {
    if ('plan' in decision) continue;
    counts.set(decision.code, (counts.get(decision.code) ?? 0) + 1);
  }
  return [...counts].map(([code, steps]) => ({ code, steps })).sort((a, b) => b.steps - a.steps);
}

function riskOf(heads: readonly DecisionHead[]): OrWhy<PeriodRisk> {
  const known = heads.flatMap((head) => {
    const { netDelta, spot, band } = head.decision.numbers;
    return netDelta === null || spot === null ? [] : [{ atSeconds: decidedAt(head), netDelta, spot, band }];
  });
  const [first] = known;
  if (first === undefined) return { missing: 'no decision of this period knows its net delta' };
  const largest = known.reduce(
    (most, one) => (Math.abs(one.netDelta) > Math.abs(most.netDelta) ? one : most),
    first,
  );
  const banded = known.filter(({ band }) => band !== null);
  const beyond = banded.filter(({ band, netDelta }) => netDelta > band!.sell.act || netDelta < band!.buy.act);
  return {
    decisions: known.length,
    meanAbsoluteBase: sum(known.map(({ netDelta }) => Math.abs(netDelta))) / known.length,
    largestBase: largest.netDelta,
    largestAtSeconds: largest.atSeconds,
    beyondShare: banded.length === 0 ? null : beyond.length / banded.length,
    errorPerDayQuote: errorPerDay(known),
  };
}

/** Each halt once, when it began: the blocks that it lasted for say nothing new. */
function haltsOf(heads: readonly DecisionHead[]): PeriodReport['halts'] {
  return heads.flatMap((head, index) => {
    const { decision, id } = head;
    const before = heads[index - 1]?.decision;
    if (decision.kind !== 'halt' || (before?.kind === 'halt' && before.code === decision.code)) return [];
    return [{ id, code: decision.code, why: decision.why, atSeconds: decidedAt(head) }];
  });
}

async function othersOf(
  store: Store,
  { triedPolicies, limits, onProgress }: PeriodRequest,
  { heads }: PeriodRows,
  hedges: readonly JournaledHedge[],
): Promise<PeriodReport['others']> {
  const readable = heads.filter(({ facts }) => facts !== null);
  if (readable.length < 2) return { missing: 'fewer than two decisions have a snapshot to decide again' };
  const halves = readable.flatMap(({ decision: { numbers } }) =>
    numbers.band === null ? [] : [(numbers.band.sell.act - numbers.band.buy.act) / 2],
  );
  const halfWidth = halves.length === 0 ? null : Number((sum(halves) / halves.length).toPrecision(3));
  const every = Math.ceil(readable.length / MOST_TRIED);
  const tried = readable.filter(({ decision }, index) => index % every === 0 || 'plan' in decision);
  const followers = triedPolicies(halfWidth).map((one) => followPolicy(one, hedges, limits));
  let taken = 0;
  for (const [index, { id }] of tried.entries()) {
    const stored = await store.decision(id).catch(() => null);
    if (stored !== null && stored.snapshot !== null) {
      for (const follower of followers) follower.take(stored);
      taken += 1;
    }
    onProgress?.((index + 1) / tried.length);
  }
  return { policies: followers.map((one) => one.result()), steps: taken, of: heads.length };
}

function notesOf(
  { heads, corrupt, orders }: PeriodRows,
  hedges: readonly JournaledHedge[],
  hasProfit: boolean,
): readonly string[] {
  const unread = heads.filter(({ facts }) => facts === null).length;
  const pending = orders.length - hedges.length;
  const gap = longestGap(heads);
  return [
    ...(corrupt.length === 0
      ? []
      : [
          `${corrupt.length} rows of the journal fail their checksum and are left out: ${corrupt
            .slice(0, 5)
            .map(({ id }) => id)
            .join(', ')}.`,
        ]),
    ...(unread === 0
      ? []
      : [`At ${unread} decisions nothing could be read: they count in no figure but the reasons.`]),
    ...(pending === 0
      ? []
      : [`${pending} orders have no outcome that costs anything: not settled yet, expired, or given up.`]),
    ...(gap < 3_600
      ? []
      : [
          `Between two decisions there is a gap of ${(gap / 3_600).toFixed(1)} hours: the keeper was not looking.`,
        ]),
    ...(hasProfit ? ['Deposits, withdrawals and expiries are in the part called unexplained.'] : []),
    'Other policies are followed on the prices and pools that there were: what their own trades would have changed is not known.',
  ];
}

function longestGap(heads: readonly DecisionHead[]): number {
  return heads
    .slice(1)
    .reduce((most, head, index) => Math.max(most, decidedAt(head) - decidedAt(heads[index]!)), 0);
}
