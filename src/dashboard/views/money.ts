import type { DecisionHead } from '../../ports/store.ts';
import type { JournaledHedge } from '../../runtime/journal/bookedHedges.ts';
import {
  type BandHedge,
  costAt,
  fixedBandHedges,
  meanHalfWidth,
} from '../../runtime/journal/fixedBandCost.ts';
import { journalProfit } from '../../runtime/journal/journalProfit.ts';
import type { VaultMoney } from '../documents.ts';
import type { VaultHistory } from '../history/vaultHistory.ts';
import type { JournalWatch } from '../journalWatch.ts';
import type { PagedStore } from '../source.ts';

/** Decisions that profit and loss is taken apart over: a day of mainnet blocks. */
const PROFIT_DECISIONS = 7_200;
const HEADS_AT_A_TIME = 250;
/** Hedges of the fixed band that are priced; more than that are not worth the wait. */
const MOST_PRICED = 1_000;

/** Costs of the fixed band's hedges by decision and amount, so that each is priced once. */
export type PricedHedges = Map<string, number | null>;

/**
 * What a vault's history came to: profit and loss taken apart over its newest decisions, hedges, and cost beside that of a fixed
 * band on the same path.
 *
 * @param priced what earlier calls have priced already; added to
 * @throws JournalError, JournalCorruptError
 */
export async function vaultMoney(
  store: PagedStore,
  watch: JournalWatch,
  history: VaultHistory,
  priced: PricedHedges,
): Promise<VaultMoney> {
  const hedges = await history.hedges(watch.pause);
  const heads = await newestHeads(store, watch, history);
  const path = {
    number: history.columns.column('number'),
    atSeconds: history.columns.column('atSeconds'),
    blockNumber: history.columns.column('blockNumber'),
    netDelta: history.columns.column('netDelta'),
    sellAct: history.columns.column('sellAct'),
    buyAct: history.columns.column('buyAct'),
  };
  const halfWidth = meanHalfWidth(path);
  const instead = halfWidth === null ? [] : fixedBandHedges(path, hedges, halfWidth).slice(-MOST_PRICED);
  const costs = new Map<BandHedge, number | null>();
  for (const hedge of instead) costs.set(hedge, await priceOf(store, watch, hedge, priced));
  return {
    profit: journalProfit(heads, hedges),
    profitDecisions: heads.length,
    hedges: hedges.filter(({ base }) => base > 0).map(hedgeRow),
    cost: costsSoFar(hedges, costs, halfWidth),
  };
}

function totalOf({ feeQuote, impactQuote, gasQuote }: JournaledHedge): number {
  return feeQuote + impactQuote + gasQuote;
}

function hedgeRow(hedge: JournaledHedge): VaultMoney['hedges'][number] {
  const { orderId, atSeconds: timestampSeconds, side, base, fairPrice } = hedge;
  return { orderId, timestampSeconds, side, base, fairPrice, cost: totalOf(hedge) };
}

/** With the small parts of their snapshots, oldest first. */
async function newestHeads(
  store: PagedStore,
  watch: JournalWatch,
  { vault }: VaultHistory,
): Promise<readonly DecisionHead[]> {
  const heads: DecisionHead[] = [];
  let before = Number.MAX_SAFE_INTEGER;
  while (heads.length < PROFIT_DECISIONS) {
    const page = await store.decisionHeads(vault, { before, limit: HEADS_AT_A_TIME, withFacts: true });
    for (const head of page) if (!('corrupt' in head)) heads.push(head);
    const last = page.at(-1);
    if (last === undefined || page.length < HEADS_AT_A_TIME) break;
    before = Number(last.id.slice(2));
    await watch.pause();
  }
  return heads.toReversed();
}

async function priceOf(
  store: PagedStore,
  watch: JournalWatch,
  { number, side, base }: BandHedge,
  priced: PricedHedges,
): Promise<number | null> {
  const key = `${number} ${side} ${base.toPrecision(12)}`;
  const known = priced.get(key);
  if (known !== undefined) return known;
  const decided = await store.decision(`d-${number}`);
  const cost = decided === null ? null : costAt(decided, side, base);
  priced.set(key, cost);
  await watch.pause();
  return cost;
}

function costsSoFar(
  hedges: readonly JournaledHedge[],
  costs: ReadonlyMap<BandHedge, number | null>,
  halfWidth: number | null,
): VaultMoney['cost'] {
  const steps = [
    ...hedges.map((hedge) => ({
      at: hedge.atSeconds,
      // Without what the market did while it waited: the fixed band's hedges do not wait either.
      own: hedge.plannedQuote + hedge.gasQuote,
      band: 0,
    })),
    ...[...costs].map(([hedge, cost]) => ({ at: hedge.atSeconds, own: 0, band: cost ?? 0 })),
  ].sort((a, b) => a.at - b.at);
  let [own, band] = [0, 0];
  const so = steps.map((step) => {
    own += step.own;
    band += step.band;
    return { at: step.at, own, band };
  });
  return {
    atSeconds: so.map(({ at }) => at),
    own: so.map((step) => step.own),
    fixedBand: so.map((step) => (halfWidth === null ? null : step.band)),
    halfWidth,
    fixedBandHedges: costs.size,
    unpriced: [...costs.values()].filter((cost) => cost === null).length,
  };
}
