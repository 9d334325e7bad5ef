import { base, counted, quote } from '../../core/report/numbers.ts';
import { utcDay, utcMinute } from '../../core/report/utc.ts';
import type { PeriodReport } from '../periodReport.ts';
import { type Content, html, type Markup } from './markup.ts';
import { atX, atY, plot } from './plot.ts';
import { type Axis, axisOf, shareOn, tickText } from './ticks.ts';
import { timeAxis, timeText } from './timeAxis.ts';

type Row = readonly [atSeconds: number, value: number | null];

/** Lines are drawn on a square of so many units that is stretched over the plot's room. */
const SIDE = 1_000;
const MOST_MARKS = 300;

const onSide = (share: number) => (share * SIDE).toFixed(1);

/** A line through what is known; where a value is missing it is broken. @param isStepped whether a value lasts until the next */
function path(rows: readonly Row[], x: Axis, y: Axis, isStepped = false): string {
  let pen = 'M';
  return rows
    .map(([at, value]) => {
      if (value === null) {
        pen = 'M';
        return '';
      }
      const [left, top] = [onSide(shareOn(x, at)), onSide(1 - shareOn(y, value))];
      const move = pen === 'L' && isStepped ? `H${left}V${top}` : `${pen}${left} ${top}`;
      pen = 'L';
      return move;
    })
    .join('');
}

/** Stretches in which both edges are known, each as an outline. */
function areas(low: readonly Row[], high: readonly Row[], x: Axis, y: Axis): string {
  const outlines: string[] = [];
  let [from, row] = [-1, 0];
  const close = (to: number) => {
    if (from >= 0 && to > from) {
      const back = low.slice(from, to).toReversed();
      outlines.push(`${path(high.slice(from, to), x, y)}${path(back, x, y).replace('M', 'L')}Z`);
    }
    from = -1;
  };
  for (; row < high.length; row += 1) {
    const isKnown = low[row]![1] !== null && high[row]![1] !== null;
    if (isKnown && from < 0) from = row;
    if (!isKnown) close(row);
  }
  close(row);
  return outlines.join('');
}

const stretched = (content: Content) =>
  html`<svg class="lines" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" width="100%" height="100%">${content}</svg>`;

const known = (rows: readonly Row[]) => rows.flatMap(([, value]) => (value === null ? [] : [value]));

/** Price and hedges, net delta in its band, and what orders cost so far: drawings without a script, over the same time. */
export function periodCharts(report: PeriodReport): Markup {
  const { series, span, units } = report;
  if (span === null || series.timestampSeconds.length === 0) {
    return html`<p class="empty">– no decision, so nothing to draw</p>`;
  }
  const times = [span.fromSeconds, span.toSeconds, ...report.costs.timestampSeconds];
  const x = timeAxis(Math.min(...times), Math.max(...times));
  const days = [...new Set([utcDay(span.fromSeconds), utcDay(span.toSeconds)])].join(' to ');
  const column = (values: readonly (number | null)[]): readonly Row[] =>
    values.map((value, row) => [series.timestampSeconds[row]!, value]);
  const over: Over = (title, unit, label, y, marks, caption) =>
    html`<figure class="chart"><h3>${title}</h3>${plot({ label, x, y, xTitle: `UTC, ${days}`, yTitle: unit, xText: timeText, yText: (value) => tickText(y, value), marks })}<figcaption>${caption}</figcaption></figure>`;
  const [spot, delta] = [column(series.spot), column(series.netDelta)];
  const [sell, buy] = [column(series.sellAct), column(series.buyAct)];
  const prices = axisOf([...known(spot), ...report.hedges.map(({ fairPrice }) => fairPrice)]);
  const deltas = axisOf([0, ...known(delta), ...known(sell), ...known(buy)]);
  return html`${over(
    'Price and hedges',
    `${units.quote} per ${units.base}`,
    `Price of ${units.base} over time, with ${counted(report.hedges.length, 'hedge')}`,
    prices,
    [stretched(html`<path class="line" d="${path(spot, x, prices)}"/>`), hedgeMarks(report, x, prices)],
    'Triangles down are sales, up are purchases; each says more when it is pointed at.',
  )}${over(
    'Net delta in its band',
    units.base,
    'Net delta over time, between the levels at which it is hedged',
    deltas,
    [
      stretched(
        html`<path class="area" d="${areas(buy, sell, x, deltas)}"/><path class="edge" d="${path(sell, x, deltas)}${path(buy, x, deltas)}"/><path class="line" d="${path(delta, x, deltas)}"/>`,
      ),
      html`<line class="zero" x1="0" x2="100%" y1="${atY(deltas, 0)}" y2="${atY(deltas, 0)}"/>`,
    ],
    html`The shaded band is where the policy waits; where it has none there is no shade, and where the keeper was not looking there is a gap.`,
  )}${costChart(report, x, over)}`;
}

type Over = (title: string, unit: string, label: string, y: Axis, marks: Content, caption: Content) => Markup;

function costChart({ costs, units, span }: PeriodReport, x: Axis, over: Over): Markup {
  const { timestampSeconds, fee, impact, gas, total } = costs;
  if (timestampSeconds.length === 0)
    return html`<h3>Cost so far</h3><p class="empty">– nothing was traded</p>`;
  const whole = (values: readonly number[]): readonly Row[] => [
    [span!.fromSeconds, 0],
    ...values.map((value, row): Row => [timestampSeconds[row]!, value]),
    [Math.max(span!.toSeconds, timestampSeconds.at(-1)!), values.at(-1)!],
  ];
  const y = axisOf([0, ...fee, ...impact, ...gas, ...total]);
  const step = (values: readonly number[], of: string) =>
    html`<path class="line ${of}" d="${path(whole(values), x, y, true)}"/>`;
  return over(
    'Cost so far',
    units.quote,
    `Cost of all orders over time, ${quote(total.at(-1)!)} ${units.quote} at the end`,
    y,
    stretched([step(fee, 's2'), step(impact, 's3'), step(gas, 's1'), step(total, 'whole')]),
    html`<span class="key s2">Swap fees</span>, <span class="key s3">impact and delay</span>, <span class="key s1">gas</span>, failed orders included; the thick line is all of it, ${quote(total.at(-1)!)} at the end.`,
  );
}

/** The largest where there are more than can be told apart. */
function hedgeMarks({ hedges, units }: PeriodReport, x: Axis, y: Axis): Content {
  const shown = hedges.toSorted((a, b) => b.base - a.base).slice(0, MOST_MARKS);
  return shown.map(({ side, base: amount, fairPrice, costQuote, atSeconds, orderId }) => {
    const words = `${side === 'sell' ? 'sold' : 'bought'} ${base(amount)} ${units.base} at ${quote(fairPrice)} ${units.quote}, cost ${quote(costQuote)} ${units.quote}; ${utcMinute(atSeconds)} UTC, ${orderId}`;
    const shape = side === 'sell' ? 'M0-4L5-13h-10z' : 'M0 4L5 13h-10z';
    return html`<svg x="${atX(x, atSeconds)}" y="${atY(y, fairPrice)}" class="at hedge-${side}" role="img" aria-label="${words}"><title>${words}</title><path d="${shape}"/></svg>`;
  });
}
