import { type Content, html, type Markup } from './markup.ts';

/** A row of a chart of lying bars. */
export interface BarRow {
  readonly label: string;
  /** Explains the label to those who do not know it. */
  readonly hint?: string;
  /** Where the bar begins and ends; either may be the larger. */
  readonly from: number;
  readonly to: number;
  /** The value as it is printed. */
  readonly text: string;
  /** Of the colour. */
  readonly tone: 'gain' | 'loss' | 'plain' | 'total' | 'open';
  /** Said when the row is pointed at. */
  readonly tip: string;
}

const percentAt = (share: number) => `${(share * 100).toFixed(2)}%`;

/**
 * Lying bars as a table, so that it reads well at any width and aloud: label, bar, value. Rows can be pointed at and walked
 * with the arrow keys.
 *
 * @param heads of the first and the last column
 */
export function barTable(
  caption: string,
  heads: readonly [label: string, value: string],
  rows: readonly BarRow[],
): Markup {
  const edges = rows.flatMap(({ from, to }) => [from, to]).concat(0);
  const [low, high] = [Math.min(...edges), Math.max(...edges)];
  const share = (value: number) => (high > low ? (value - low) / (high - low) : 0);
  const bar = ({ from, to, tone }: BarRow): Content => {
    const [left, right] = [Math.min(share(from), share(to)), Math.max(share(from), share(to))];
    return html`<svg class="bar" width="100%" height="22" aria-hidden="true"><line class="zero" x1="${percentAt(share(0))}" x2="${percentAt(share(0))}" y1="0" y2="22"/><rect class="${tone}" x="${percentAt(left)}" y="5" width="${percentAt(Math.max(right - left, 0.003))}" height="12" rx="2"/></svg>`;
  };
  return html`<div class="table"><table role="table" class="bars">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader" class="left">${heads[0]}</th><th class="bar-head" aria-hidden="true"></th><th scope="col" role="columnheader" class="right">${heads[1]}</th></tr></thead>
<tbody role="rowgroup" data-marks>${rows.map(
    (row, index) =>
      html`<tr role="row" class="mark ${row.tone === 'total' ? 'sum' : ''}" tabindex="${index === 0 ? 0 : -1}" data-tip="${row.tip}"><th scope="row" role="rowheader" class="left">${row.label}${row.hint === undefined ? '' : html` <span class="unit">${row.hint}</span>`}</th><td class="bar-cell" aria-hidden="true">${bar(row)}</td><td role="cell" class="right">${row.text}</td></tr>\n`,
  )}</tbody>
</table></div>`;
}
