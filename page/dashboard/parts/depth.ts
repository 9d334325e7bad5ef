import { significant } from '../../../src/core/report/format.ts';
import { bps, orUnknown } from '../../../src/core/report/numbers.ts';
import type { DepthDocument, DepthLine, Units } from '../../../src/dashboard/documents.ts';
import { type Content, html, type Markup } from '../../../src/report/html/markup.ts';
import { atX, atY, plot } from '../../../src/report/html/plot.ts';
import { colourClass, shapePath } from '../../../src/report/html/shapes.ts';
import { dataTable, numberCell } from '../../../src/report/html/table.ts';
import { type Axis, axisOf } from '../../../src/report/html/ticks.ts';

/** What trading costs by size on each pool, with the next order on its side. */
export function depthFigure(depth: DepthDocument | null, units: Units | null): Markup {
  if (depth === null)
    return html`<p class="empty"><span class="missing">–</span> the newest decision read no pool</p>`;
  const { next } = depth;
  const side = next?.side ?? 'sell';
  const unit = units?.base ?? 'base';
  const words =
    next === null
      ? 'There is no band, so no next order is drawn.'
      : `${next.isDecided ? 'Decided' : 'Next, at the edge of the band'}: ${next.side} ${significant(next.base, 4)} ${unit} for ${orUnknown(next.bps, bps)} of fee and impact.`;
  return html`<div class="split"><figure>${drawing(depth, side, unit)}<figcaption>${words} Costs are against the fair price, gas apart; both axes are logarithmic where their range is wide.</figcaption></figure>
<div>${sideTable(depth, side, unit, true)}${sideTable(depth, side === 'sell' ? 'buy' : 'sell', unit, false)}</div></div>`;
}

function drawing(depth: DepthDocument, side: 'sell' | 'buy', unit: string): Markup {
  const lines = depth[side];
  const known = lines.flatMap(({ bps: costs }) => costs.filter((cost): cost is number => cost !== null));
  const x = axisOf(depth.sizes, 5);
  const y = axisOf(known, 5);
  const legend = html`<ul class="legend">${lines.map(({ name }, index) => html`<li class="${colourClass(index)}"><svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true"><path d="${shapePath(index)}"/></svg>${name}</li>`)}</ul>`;
  return html`${legend}${plot({
    label: `Cost of a ${side} by size; arrow keys walk through the points`,
    x,
    y,
    xTitle: `${side}, ${unit}`,
    yTitle: 'cost, bps of notional',
    xText: (value) => significant(value, 2),
    yText: (value) => significant(value, 2),
    marks: [nextLine(depth, x), lines.map((line, index) => marksOf(depth.sizes, line, index, x, y, unit))],
  })}`;
}

function nextLine({ next }: DepthDocument, x: Axis): Content {
  if (next === null) return '';
  const left = atX(x, next.base);
  return html`<g class="next" aria-hidden="true"><line x1="${left}" x2="${left}" y1="0" y2="100%"/><text x="${left}" y="12" dx="6">${next.isDecided ? 'this order' : 'next order'}</text></g>`;
}

function marksOf(
  sizes: readonly number[],
  { name, bps: costs }: DepthLine,
  index: number,
  x: Axis,
  y: Axis,
  unit: string,
): Content {
  const points = costs.flatMap((cost, at) => (cost === null ? [] : [{ cost, size: sizes[at]! }]));
  const joints = points
    .slice(1)
    .map(
      ({ cost, size }, before) =>
        html`<line class="joint ${colourClass(index)}" x1="${atX(x, points[before]!.size)}" y1="${atY(y, points[before]!.cost)}" x2="${atX(x, size)}" y2="${atY(y, cost)}"/>`,
    );
  const marks = points.map(({ cost, size }, at) => {
    const tip = `${name}\n${significant(size, 4)} ${unit}: ${bps(cost)}`;
    return html`<g class="mark ${colourClass(index)}" role="img" tabindex="${index + at === 0 ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}"><svg x="${atX(x, size)}" y="${atY(y, cost)}" class="at"><circle class="target" r="12"/><path d="${shapePath(index)}"/></svg></g>`;
  });
  return [joints, marks];
}

function sideTable(
  { sizes, ...sides }: DepthDocument,
  side: 'sell' | 'buy',
  unit: string,
  isOpen: boolean,
): Markup {
  const lines = sides[side];
  const best = lines.at(-1);
  const shown = lines.length > 1 ? [...lines.slice(0, -1).slice(0, 3), best!] : lines;
  return html`<details id="depth-${side}" ${isOpen ? html`open` : ''}><summary>${side === 'sell' ? 'Selling' : 'Buying'} as a table</summary>${dataTable(
    {
      caption: `Cost of a ${side}, bps of notional`,
      columns: [{ label: 'size', unit }, ...shown.map(({ name }) => ({ label: name }))],
      rows: sizes.map((size, at) => [
        significant(size, 4),
        ...shown.map(({ bps: costs }) =>
          numberCell(costs[at] ?? null, (value) => significant(value, 3), 'the pool does not take so much'),
        ),
      ]),
      empty: 'no size was asked for',
    },
  )}</details>`;
}
