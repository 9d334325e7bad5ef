import { quote } from '../../core/report/numbers.ts';
import type { ReportFrontier, ReportPoint } from '../document.ts';
import { type Content, html, type Markup } from './markup.ts';
import { atX, atY, plot } from './plot.ts';
import { colourClass, legend, shapePath } from './shapes.ts';
import { dataTable } from './table.ts';
import { type Axis, axisOf, tickText } from './ticks.ts';

const range = (low: number, high: number) => `${quote(low)} to ${quote(high)}`;

function tipOf(
  policy: string,
  { label, hedgingError, cost, errorBars, costBars }: ReportPoint,
  unit: string,
): string {
  const bars = costBars === null ? '' : `, 95 % ${range(costBars.low, costBars.high)}`;
  const around = errorBars === null ? '' : `, 95 % ${range(errorBars.low, errorBars.high)}`;
  return `${policy} ${label}\ncost ${quote(cost)} ${unit}${bars}\nhedging error ${quote(hedgingError)} ${unit} an hour${around}`;
}

function pointMark(
  frontier: number,
  tip: string,
  point: ReportPoint,
  x: Axis,
  y: Axis,
  isFirst: boolean,
): Markup {
  const { hedgingError, cost, errorBars, costBars, isOnFrontier, isShown } = point;
  const [left, top] = [atX(x, hedgingError), atY(y, cost)];
  const whiskers: Content = [
    errorBars !== null &&
      html`<line class="whisker" x1="${atX(x, errorBars.low)}" x2="${atX(x, errorBars.high)}" y1="${top}" y2="${top}"/>`,
    costBars !== null &&
      html`<line class="whisker" x1="${left}" x2="${left}" y1="${atY(y, costBars.low)}" y2="${atY(y, costBars.high)}"/>`,
  ];
  const halo = isShown && html`<circle class="halo" r="10"/>`;
  return html`<g class="mark ${colourClass(frontier)} ${isOnFrontier ? '' : 'beaten'}" role="img" tabindex="${isFirst ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}">${whiskers}<svg x="${left}" y="${top}" class="at"><circle class="target" r="12"/>${halo}<path d="${shapePath(frontier)}"/></svg></g>`;
}

function lineOf({ points }: ReportFrontier, index: number, x: Axis, y: Axis): Content {
  const best = points
    .filter(({ isOnFrontier }) => isOnFrontier)
    .sort((a, b) => a.hedgingError - b.hedgingError);
  return best
    .slice(1)
    .map(
      (point, before) =>
        html`<line class="joint ${colourClass(index)}" x1="${atX(x, best[before]!.hedgingError)}" y1="${atY(y, best[before]!.cost)}" x2="${atX(x, point.hedgingError)}" y2="${atY(y, point.cost)}"/>`,
    );
}

/** A straight axis for what may be nought, whole bars included; a logarithmic one leaves out bars that reach 0. */
function axisFor(points: readonly ReportPoint[], value: 'hedgingError' | 'cost'): Axis {
  const bars = (point: ReportPoint) => (value === 'cost' ? point.costBars : point.errorBars);
  return axisOf(
    points.flatMap((point) => {
      const own = bars(point);
      return own === null ? [point[value]] : [point[value], own.low, own.high];
    }),
  );
}

/** What each policy can be had for, by how much risk it leaves: bottom left is better. */
export function frontierFigure(frontiers: readonly ReportFrontier[], unit: string): Markup {
  const all = frontiers.flatMap(({ points }) => points);
  const [x, y] = [axisFor(all, 'hedgingError'), axisFor(all, 'cost')];
  const logs = [x.isLog && 'hedging error', y.isLog && 'cost'].filter((name) => name !== false);
  const marks = frontiers.flatMap((frontier, index) =>
    [...frontier.points]
      .sort((a, b) => a.hedgingError - b.hedgingError)
      .map((point, place) =>
        pointMark(index, tipOf(frontier.policy, point, unit), point, x, y, index + place === 0),
      ),
  );
  return html`<figure>
${legend(frontiers.map(({ policy }) => policy))}
${plot({
  label: `${all.length} settings by hedging error and cost; arrow keys walk through them`,
  x,
  y,
  xTitle: `hedging error, ${unit} an hour${x.isLog ? ' (log)' : ''}`,
  yTitle: `cost, ${unit}${y.isLog ? ' (log)' : ''}`,
  xText: (value) => tickText(x, value),
  yText: (value) => tickText(y, value),
  marks: [frontiers.map((frontier, index) => lineOf(frontier, index, x, y)), marks],
})}
<figcaption>Bottom left is better. Lines join the settings that no other of the same policy beats; pale marks are beaten. A ring marks the setting that the rest of this report shows. Bars are 95 %, by whole weeks.${logs.length > 0 ? ` Logarithmic: ${logs.join(' and ')}.` : ''}</figcaption>
<details><summary>The same as a table</summary>${dataTable({
    caption: 'Settings by policy',
    columns: [
      { label: 'policy', align: 'left' },
      { label: 'parameters', align: 'left' },
      { label: 'cost', unit },
      { label: 'hedging error', unit: `${unit}/h` },
      { label: 'on the frontier', align: 'left' },
    ],
    rows: frontiers.flatMap(({ policy, points }) =>
      points.map((point) => [
        policy,
        point.label,
        quote(point.cost),
        quote(point.hedgingError),
        point.isOnFrontier ? 'yes' : 'no',
      ]),
    ),
    empty: 'no setting was tried',
  })}</details>
</figure>`;
}
