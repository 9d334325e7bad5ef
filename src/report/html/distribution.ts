import { significant } from '../../core/report/format.ts';
import { count, percent, profit } from '../../core/report/numbers.ts';
import type { PolicyReport } from '../document.ts';
import type { Bin } from '../histogram.ts';
import { html, type Markup } from './markup.ts';
import { atX, atY, plot } from './plot.ts';
import { dataTable } from './table.ts';
import { type Axis, axisOf } from './ticks.ts';

function barOf(
  { from, to, count: hours }: Bin,
  index: number,
  of: number,
  x: Axis,
  y: Axis,
  edge: number,
): Markup {
  const tip = `${profit(from)} to ${profit(to)}\n${count(hours)} of ${count(of)} hours, ${percent(hours / of, 2)}`;
  const width = `${(100 * (to - from)) / (x.high - x.low)}%`;
  const [left, top] = [atX(x, from), atY(y, hours)];
  const tone = to <= -edge ? 'loss' : 'plain';
  const least =
    hours > 0 ? html`<rect class="${tone}" x="${left}" y="99.3%" width="${width}" height="0.7%"/>` : '';
  return html`<g class="mark" role="img" tabindex="${index === 0 ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}"><rect class="target" x="${left}" y="0" width="${width}" height="100%"/><rect class="${tone}" x="${left}" y="${top}" width="${width}" height="${(100 * hours) / y.high}%"/>${least}</g>`;
}

/** How the hours of a run were spread: bars, the tail in its own colour, and quantiles as a table. */
export function distributionFigure({ distribution, risk, name }: PolicyReport, unit: string): Markup {
  const { bins, of, quantiles, mean } = distribution;
  const largest = Math.max(1, ...bins.map((bin) => bin.count));
  const y: Axis = { ...axisOf([0, largest], 6), low: 0, high: largest * 1.04 };
  const [first, last] = [bins[0], bins.at(-1)];
  const table = dataTable({
    caption: `${name}: hourly sums of net delta × price change`,
    columns: [
      { label: 'share of hours', align: 'left' },
      { label: 'at or below', unit },
    ],
    rows: quantiles.map(({ share, value }) => [percent(share), profit(value)]),
    empty: 'no hour was scored',
  });
  if (first === undefined || last === undefined) {
    return html`<p class="empty"><span class="missing">–</span> ${of === 0 ? 'no hour was scored' : 'all hours are alike'}</p>${table}`;
  }
  const x: Axis = { ...axisOf([first.from, last.to], 5), low: first.from, high: last.to };
  const shown = { ...x, ticks: x.ticks.filter((tick) => tick >= x.low && tick <= x.high) };
  const rows = { ...y, ticks: y.ticks.filter((tick) => tick >= 0 && tick <= y.high) };
  const edge = risk.valueAtRisk99;
  return html`<div class="split"><figure>
${plot({
  label: `Hourly sums of ${name}; arrow keys walk through the bars`,
  x: shown,
  y: rows,
  xTitle: `sum of an hour, ${unit}`,
  yTitle: 'hours',
  xText: (value) => significant(value, 3),
  yText: count,
  marks: bins.map((bin, index) => barOf(bin, index, of, x, y, edge)),
})}
<figcaption>${count(of)} hours, mean ${profit(mean)}. The tail beyond the 99 % value at risk (${profit(-risk.valueAtRisk99)}) is in its own colour; the worst 1 % of the hours lost ${profit(-risk.expectedShortfall99)} on average. The outermost bars hold all that lies beyond.</figcaption>
</figure>${table}</div>`;
}
