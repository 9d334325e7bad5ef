import type { BacktestHedge, BacktestResult } from '../sim/backtest/result.ts';
import type { CostSeries, HedgeMark, PeriodRow, ReportSeries } from './document.ts';
import { thinnedSteps } from './thinSeries.ts';

/** Rows of all policies' series together that keep a page under its size. */
const MOST_ROWS = 18_000;
/** Pixels of a wide screen: more buckets would not be seen. */
const MOST_BUCKETS = 600;
/** A chart is thinned by price, net delta and how far that is beyond its band: two kept for a bucket and three a driver. */
const ROWS_A_BUCKET = 11;
/** Marks of all policies together. */
const MOST_MARKS = 4_000;
const FEWEST_MARKS = 200;
const DIGITS = 7;

const short = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null);

/** Pixel buckets that a run is thinned to where so many share a page. */
export function bucketsFor(policies: number): number {
  return Math.max(60, Math.min(MOST_BUCKETS, Math.floor(MOST_ROWS / (policies * ROWS_A_BUCKET))));
}

/** A run's columns with only the steps that can be seen. */
export function seriesOf({ series }: BacktestResult, afterGap: Uint8Array, buckets: number): ReportSeries {
  const { timestampSeconds, spot, netDelta, sellAct, buyAct } = series;
  const beyond = netDelta.map((delta, step) => Math.max(delta - sellAct[step]!, buyAct[step]! - delta));
  const kept = thinnedSteps(timestampSeconds, [spot, netDelta, beyond], buckets);
  const gaps = new Set(kept);
  for (let step = 1; step < afterGap.length; step += 1) {
    if (afterGap[step] === 1) gaps.add(step - 1).add(step);
  }
  const steps = [...gaps].sort((a, b) => a - b);
  const rows = steps.flatMap((step) =>
    afterGap[step] === 1 && step > 0
      ? [
          { at: 0.5 * (timestampSeconds[step - 1]! + timestampSeconds[step]!), step: null },
          { at: timestampSeconds[step]!, step },
        ]
      : [{ at: timestampSeconds[step]!, step }],
  );
  const column = (values: Float64Array) =>
    rows.map(({ step }) => (step === null ? null : short(values[step]!)));
  return {
    of: timestampSeconds.length,
    timestampSeconds: rows.map(({ at }) => Math.round(at)),
    spot: column(spot),
    netDelta: column(netDelta),
    sellAct: column(sellAct),
    buyAct: column(buyAct),
  };
}

/** Evenly spaced moments of a run at which costs are told: costs only grow, so that nothing between them is lost. */
export function costMoments(timestampSeconds: Float64Array, buckets: number): readonly number[] {
  const last = timestampSeconds.length - 1;
  const count = Math.min(last, buckets);
  if (count <= 0) return Array.from(timestampSeconds);
  return Array.from(
    { length: count + 1 },
    (_, index) => timestampSeconds[Math.round((index * last) / count)]!,
  );
}

/** Cost so far by part: fee and impact by hedge, and gas, failed attempts included, as what is left of the total. */
export function costsAt(result: BacktestResult, moments: readonly number[]): CostSeries {
  const { series, hedges } = result;
  const columns = { fee: [] as number[], impact: [] as number[], gas: [] as number[], total: [] as number[] };
  let [fee, impact, taken, step] = [0, 0, 0, 0];
  for (const moment of moments) {
    while (hedges[taken] !== undefined && hedges[taken]!.timestampSeconds <= moment) {
      fee += hedges[taken]!.cost.fee;
      impact += hedges[taken]!.cost.impact;
      taken += 1;
    }
    while ((series.timestampSeconds[step + 1] ?? Number.POSITIVE_INFINITY) <= moment) step += 1;
    const total = series.cost[step]!;
    columns.fee.push(short(fee) ?? 0);
    columns.impact.push(short(impact) ?? 0);
    columns.gas.push(short(total - fee - impact) ?? 0);
    columns.total.push(short(total) ?? 0);
  }
  return columns;
}

/**
 * Hedges for drawing: where there are more than can be told apart, the largest of each stretch of time.
 *
 * @param policies that share a page
 */
export function marksOf(hedges: readonly BacktestHedge[], policies: number): readonly HedgeMark[] {
  const most = Math.max(FEWEST_MARKS, Math.min(MOST_MARKS / 4, Math.floor(MOST_MARKS / policies)));
  const stride = Math.ceil(hedges.length / most);
  const marks: HedgeMark[] = [];
  for (let start = 0; start < hedges.length; start += stride) {
    const { timestampSeconds, side, base, fairPrice, cost } = hedges
      .slice(start, start + stride)
      .reduce((largest, hedge) => (hedge.base > largest.base ? hedge : largest));
    const [amount, price, paid] = [short(base) ?? 0, short(fairPrice) ?? 0, short(cost.total) ?? 0];
    marks.push({ timestampSeconds, side, base: amount, fairPrice: price, cost: paid });
  }
  return marks;
}

const MOST_PERIODS = 26;

/** A run in equal stretches of time, for a table beside the charts. */
export function periodsOf({ series, hedges }: BacktestResult): readonly PeriodRow[] {
  const { timestampSeconds, spot, netDelta, cost } = series;
  const last = timestampSeconds.length - 1;
  const count = Math.max(1, Math.min(MOST_PERIODS, last));
  const edges = Array.from({ length: count + 1 }, (_, index) => Math.round((index * last) / count));
  return edges.slice(1).map((to, index): PeriodRow => {
    const from = edges[index]!;
    const deltas = netDelta.subarray(from, to + 1).filter((delta) => Number.isFinite(delta));
    const [start, end] = [timestampSeconds[from]!, timestampSeconds[to]!];
    return {
      fromSeconds: start,
      endSpot: spot[to]!,
      lowestNetDelta: deltas.reduce((low, delta) => Math.min(low, delta), Number.POSITIVE_INFINITY),
      highestNetDelta: deltas.reduce((high, delta) => Math.max(high, delta), Number.NEGATIVE_INFINITY),
      hedges: hedges.filter(({ timestampSeconds: at }) => at > start && at <= end).length,
      cost: cost[to]! - cost[from]!,
    };
  });
}
