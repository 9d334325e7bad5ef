import { signed } from '../../src/core/report/format.ts';
import { base, orUnknown, quote } from '../../src/core/report/numbers.ts';
import type { ChartData } from '../../src/report/html/charts.ts';
import { drawHedges, hedgeNear } from './hedgeMarks.ts';
import { colour } from './theme.ts';

type Columns = readonly (readonly (number | null)[])[];

/** One of the charts over time. */
export interface ChartKind {
  readonly id: string;
  readonly series: (data: ChartData, chosen: number) => uPlot.Series[];
  readonly columns: (data: ChartData, chosen: number) => Columns;
  readonly bands?: readonly uPlot.Band[];
  /** Draws what is no line. */
  readonly draw?: (chart: uPlot, data: ChartData, chosen: number) => void;
  /** What the chart shows at a row, beside the time. */
  readonly readout: (data: ChartData, chosen: number, row: number, within: number) => string;
}

const line = (name: string, width = 1.4): uPlot.Series => ({
  stroke: () => colour(name),
  width,
  points: { show: false },
});
const COLOURS = 6;
const colourName = (policy: number) => `s${policy % COLOURS}`;
const alpha = (name: string, share: string) => () => `${colour(name)}${share}`;

const price: ChartKind = {
  id: 'price',
  series: () => [line('ink', 1.2)],
  columns: ({ policies }, chosen) => [
    policies[chosen]!.series.timestampSeconds,
    policies[chosen]!.series.spot,
  ],
  draw: (chart, { policies }, chosen) => drawHedges(chart, policies[chosen]!.marks),
  readout: ({ policies, units }, chosen, row, within) => {
    const { series, marks } = policies[chosen]!;
    const hedge = hedgeNear(marks, series.timestampSeconds[row]!, within);
    const traded =
      hedge === null
        ? ''
        : ` · ${hedge.side === 'sell' ? 'sold' : 'bought'} ${base(hedge.base)} ${units.base} for ${quote(hedge.cost)} ${units.quote} of cost`;
    return `${orUnknown(series.spot[row] ?? null, quote)} ${units.quote}${traded}`;
  },
};

const delta: ChartKind = {
  id: 'delta',
  series: () => [line('band-edge', 1), line('band-edge', 1), line('ink')],
  bands: [{ series: [1, 2], fill: () => colour('band') }],
  columns: ({ policies }, chosen) => {
    const { timestampSeconds, sellAct, buyAct, netDelta } = policies[chosen]!.series;
    return [timestampSeconds, sellAct, buyAct, netDelta];
  },
  readout: ({ policies, units }, chosen, row) => {
    const { netDelta, sellAct, buyAct } = policies[chosen]!.series;
    const [now, sell, buy] = [netDelta[row] ?? null, sellAct[row] ?? null, buyAct[row] ?? null];
    const band = sell === null || buy === null ? 'no band' : `band ${signed(buy)} to ${signed(sell)}`;
    const isBeyond = now !== null && sell !== null && buy !== null && (now > sell || now < buy);
    return `${orUnknown(now, signed)} ${units.base} · ${band}${isBeyond ? ' · beyond it' : ''}`;
  },
};

const cost: ChartKind = {
  id: 'cost',
  series: ({ policies, against }, chosen) =>
    policies.map((_policy, index) => ({
      ...line(colourName(index), index === chosen ? 2.6 : 1.1),
      ...(index === against && index !== chosen ? { dash: [6, 4] } : {}),
      alpha: index === chosen || index === against ? 1 : 0.45,
    })),
  columns: ({ policies, costTimestampSeconds }) => [
    costTimestampSeconds,
    ...policies.map(({ costs }) => costs.total),
  ],
  readout: ({ policies, against, units }, chosen, row) => {
    const own = policies[chosen]!;
    const other = against === null || against === chosen ? undefined : policies[against];
    const text = (policy: typeof own) => `${policy.name} ${quote(policy.costs.total[row] ?? Number.NaN)}`;
    return `${text(own)}${other === undefined ? '' : ` · ${text(other)}`} ${units.quote}`;
  },
};

const sums = (...columns: readonly (readonly number[])[]) =>
  columns[0]!.map((_value, row) => columns.reduce((sum, column) => sum + column[row]!, 0));

const parts: ChartKind = {
  id: 'parts',
  series: () => [line('s1'), line('s3'), { ...line('s2'), fill: alpha('s2', '59') }],
  bands: [
    { series: [1, 2], fill: alpha('s1', '59') },
    { series: [2, 3], fill: alpha('s3', '59') },
  ],
  columns: ({ policies, costTimestampSeconds }, chosen) => {
    const { fee, impact, gas } = policies[chosen]!.costs;
    return [costTimestampSeconds, sums(fee, impact, gas), sums(fee, impact), fee];
  },
  readout: ({ policies, units }, chosen, row) => {
    const { fee, impact, gas } = policies[chosen]!.costs;
    const at = (column: readonly number[]) => quote(column[row] ?? Number.NaN);
    return `fee ${at(fee)} · impact ${at(impact)} · gas ${at(gas)} ${units.quote}`;
  },
};

/** The charts over time, by the id of what they are drawn in. */
export const chartKinds: readonly ChartKind[] = [price, delta, cost, parts];
