import type { DecisionHead } from '../../ports/store.ts';
import type { ReportSeries } from '../../report/document.ts';
import type { PeriodCosts } from '../../report/periodReport.ts';
import { thinnedSteps } from '../../report/thinSeries.ts';
import type { JournaledHedge } from '../journal/bookedHedges.ts';
import { decidedAt } from './readPeriod.ts';

/** Stretches that are told apart: of each the extremes stay, and the page stays small enough for a mail. */
const BUCKETS = 300;
const DIGITS = 7;
/** Times the usual distance of two decisions from which on the keeper was not looking. */
const GAP = 5;

const short = (value: number) => Number(value.toPrecision(DIGITS));

/** Decisions over time with only what can be seen; a row of nulls where the keeper was away for long. */
export function periodSeries(heads: readonly DecisionHead[]): ReportSeries {
  const at = heads.map(decidedAt);
  const column = (pick: (numbers: DecisionHead['decision']['numbers']) => number | null | undefined) =>
    heads.map(({ decision }) => pick(decision.numbers) ?? Number.NaN);
  const columns = {
    spot: column(({ spot }) => spot),
    netDelta: column(({ netDelta }) => netDelta),
    sellAct: column(({ band }) => band?.sell.act),
    buyAct: column(({ band }) => band?.buy.act),
  };
  const beyond = columns.netDelta.map((delta, row) =>
    Math.max(delta - columns.sellAct[row]!, columns.buyAct[row]! - delta),
  );
  const distances = at.slice(1).map((seconds, row) => seconds - at[row]!);
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1] ?? 0;
  const isAfterGap = (row: number) => row > 0 && usual > 0 && distances[row - 1]! > GAP * usual;
  const kept = new Set(thinnedSteps(at, [columns.spot, columns.netDelta, beyond], BUCKETS));
  for (const row of at.keys()) if (isAfterGap(row)) kept.add(row - 1).add(row);
  const rows = [...kept]
    .sort((a, b) => a - b)
    .flatMap((row) =>
      isAfterGap(row)
        ? [
            { at: (at[row - 1]! + at[row]!) / 2, row: null },
            { at: at[row]!, row },
          ]
        : [{ at: at[row]!, row }],
    );
  const shown = (values: readonly number[]) =>
    rows.map(({ row }) => (row === null || Number.isNaN(values[row]) ? null : short(values[row]!)));
  return {
    of: heads.length,
    timestampSeconds: rows.map((row) => row.at),
    spot: shown(columns.spot),
    netDelta: shown(columns.netDelta),
    sellAct: shown(columns.sellAct),
    buyAct: shown(columns.buyAct),
  };
}

/** What orders cost so far, by part, at each that cost anything, oldest first; those that failed count with their gas. */
export function periodCosts(hedges: readonly JournaledHedge[]): PeriodCosts {
  const inOrder = hedges.toSorted((a, b) => a.atSeconds - b.atSeconds);
  const soFar = (of: (hedge: JournaledHedge) => number) => {
    let sum = 0;
    return inOrder.map((hedge) => {
      sum += of(hedge);
      return short(sum);
    });
  };
  return {
    timestampSeconds: inOrder.map(({ atSeconds }) => atSeconds),
    fee: soFar(({ feeQuote }) => feeQuote),
    impact: soFar(({ impactQuote }) => impactQuote),
    gas: soFar(({ gasQuote }) => gasQuote),
    total: soFar(({ feeQuote, impactQuote, gasQuote }) => feeQuote + impactQuote + gasQuote),
  };
}
