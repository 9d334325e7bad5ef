import { signed } from '../../../src/core/report/format.ts';
import { base, orUnknown, quote } from '../../../src/core/report/numbers.ts';
import type { Units, VaultMoney } from '../../../src/dashboard/documents.ts';
import type { Series } from '../../../src/dashboard/history/series.ts';
import { drawHedges, hedgeNear } from '../../report/hedgeMarks.ts';
import { colour } from '../../report/theme.ts';
import { hatch } from './chartOptions.ts';

/** What the charts of a vault are drawn from. */
export interface ChartInput {
  readonly series: Series;
  readonly money: VaultMoney | null;
  readonly units: Units;
}

type Columns = readonly (readonly (number | null)[])[];

/** One of a vault's charts. */
export interface ChartKind {
  readonly id: 'price' | 'delta' | 'cost';
  readonly series: () => uPlot.Series[];
  readonly bands?: readonly uPlot.Band[];
  readonly columns: (input: ChartInput) => Columns;
  readonly draw?: (chart: uPlot, input: ChartInput) => void;
  /** What stands beneath it at a row, beside the time. */
  readonly readout: (input: ChartInput, row: number, within: number) => string;
}

const line = (name: string, width = 1.4): uPlot.Series => ({
  stroke: () => colour(name),
  width,
  points: { show: false },
});

const price: ChartKind = {
  id: 'price',
  series: () => [line('ink', 1.3)],
  columns: ({ series }) => [series.atSeconds, series.columns.spot],
  draw: (chart, { money }) => drawHedges(chart, money?.hedges ?? []),
  readout: ({ series, money, units }, row, within) => {
    const hedge = hedgeNear(money?.hedges ?? [], series.atSeconds[row]!, within);
    const traded =
      hedge === null
        ? ''
        : ` · ${hedge.side === 'sell' ? 'sold' : 'bought'} ${base(hedge.base)} ${units.base} for ${quote(hedge.cost)} ${units.quote} of cost`;
    return `${orUnknown(series.columns.spot[row] ?? null, quote)} ${units.quote}${traded}`;
  },
};

const delta: ChartKind = {
  id: 'delta',
  series: () => [
    line('band-edge', 1),
    line('band-edge', 1),
    line('zone-edge', 0.5),
    line('zone-edge', 0.5),
    line('ink', 1.5),
  ],
  bands: [
    { series: [1, 2], fill: () => colour('band') },
    { series: [3, 4], fill: () => colour('zone') },
  ],
  columns: ({ series: { atSeconds, columns } }) => [
    atSeconds,
    columns.sellAct,
    columns.buyAct,
    columns.sellTarget,
    columns.buyTarget,
    columns.netDelta,
  ],
  draw: (chart, { series }) => hatch(chart, series.halts),
  readout: ({ series: { atSeconds, columns, halts }, units }, row) => {
    const [now, sell, buy] = [
      columns.netDelta[row] ?? null,
      columns.sellAct[row] ?? null,
      columns.buyAct[row] ?? null,
    ];
    const band = sell === null || buy === null ? 'no band' : `band ${signed(buy)} to ${signed(sell)}`;
    const isBeyond = now !== null && sell !== null && buy !== null && (now > sell || now < buy);
    const at = atSeconds[row]!;
    const isHalted = halts.some(({ fromSeconds, toSeconds }) => at >= fromSeconds && at <= toSeconds);
    return `${orUnknown(now, signed)} ${units.base} · ${band}${isBeyond ? ' · beyond it' : ''}${isHalted ? ' · halted' : ''}`;
  },
};

/** Costs step at hedges; drawn as steps over the same stretch of time as the other charts. */
const cost: ChartKind = {
  id: 'cost',
  series: () => [
    { ...line('s0', 2), paths: uPlot.paths.stepped!({ align: 1 }) },
    { ...line('s1', 1.6), dash: [6, 4], paths: uPlot.paths.stepped!({ align: 1 }) },
  ],
  columns: ({ series, money }) => {
    const times = series.atSeconds;
    const [from, to] = [times[0], times.at(-1)];
    if (money === null || from === undefined || to === undefined) return [[], [], []];
    const { atSeconds, own, fixedBand } = money.cost;
    const upTo = (at: number, values: readonly (number | null)[]) => {
      const next = atSeconds.findIndex((time) => time > at);
      const index = next < 0 ? atSeconds.length - 1 : next - 1;
      return index < 0
        ? money.cost.halfWidth === null && values === fixedBand
          ? null
          : 0
        : (values[index] ?? null);
    };
    const inside = atSeconds.flatMap((at, index) => (at > from && at < to ? [index] : []));
    const column = (values: readonly (number | null)[]) => [
      upTo(from, values),
      ...inside.map((index) => values[index] ?? null),
      upTo(to, values),
    ];
    return [[from, ...inside.map((index) => atSeconds[index]!), to], column(own), column(fixedBand)];
  },
  readout: (input, row) => {
    const [, own, fixed] = cost.columns(input);
    const { money, units } = input;
    const band =
      money?.cost.halfWidth == null ? '' : ` · fixed band ${orUnknown(fixed?.[row] ?? null, quote)}`;
    return `own ${orUnknown(own?.[row] ?? null, quote)}${band} ${units.quote}`;
  },
};

/** A vault's charts, from above. */
export const chartKinds: readonly ChartKind[] = [price, delta, cost];
