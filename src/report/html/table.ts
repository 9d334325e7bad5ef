import { UNKNOWN } from '../../core/report/numbers.ts';
import type { Known } from '../document.ts';
import { type Content, html, type Markup } from './markup.ts';

/** A column of a table; numbers stand at the right, text at the left. */
export interface Column {
  readonly label: string;
  readonly unit?: string;
  readonly align?: 'left' | 'right';
}

/** A cell that has a value, or the reason why it has none. */
export type Cell = Content | { readonly missing: string };

/** A table as it is shown: on a narrow screen each row becomes a card. */
export interface TableInput {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said where there is no row. */
  readonly empty: string;
}

/** A known value in its own form, or why it is not known. */
export function cellOf<T>(known: Known<T>, form: (value: T) => Content): Cell {
  return 'value' in known ? form(known.value) : known;
}

/** A number in its own form; `missing` where it is not finite. */
export function numberCell(value: number | null, form: (value: number) => string, missing: string): Cell {
  return value === null || !Number.isFinite(value) ? { missing } : form(value);
}

const isMissing = (cell: Cell): cell is { readonly missing: string } =>
  typeof cell === 'object' && cell !== null && 'missing' in cell;

/** A table with a caption; the first cell of a row names it, and why values are missing stands beneath. */
export function dataTable({ caption, columns, rows, empty }: TableInput): Markup {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const notes = [
    ...new Set(
      rows
        .flat()
        .filter(isMissing)
        .map(({ missing }) => missing),
    ),
  ];
  const noteOf = (missing: string) =>
    notes.length > 1 ? html`<sup>${notes.indexOf(missing) + 1}</sup>` : '';
  const side = ({ align = 'right' }: Column) => (align === 'left' ? 'left' : 'right');
  const headed = (column: Column) =>
    html`${column.label}${column.unit === undefined ? '' : html` <span class="unit">${column.unit}</span>`}`;
  const content = (cell: Cell): Content =>
    isMissing(cell)
      ? html`<span class="missing" title="${cell.missing}">${UNKNOWN}${noteOf(cell.missing)}</span>`
      : cell;
  const cellAt = (cell: Cell, index: number) => {
    const column = columns[index]!;
    const label = column.unit === undefined ? column.label : `${column.label}, ${column.unit}`;
    return index === 0
      ? html`<th scope="row" role="rowheader" class="${side(column)}">${content(cell)}</th>`
      : html`<td role="cell" class="${side(column)}" data-label="${label}"><span>${content(cell)}</span></td>`;
  };
  return html`<div class="table"><table role="table">
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader" class="${side(column)}">${headed(column)}</th>`)}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map(cellAt)}</tr>\n`)}</tbody>
</table>${reasons(notes)}</div>`;
}

function reasons(notes: readonly string[]): Content {
  if (notes.length === 0) return '';
  const only = notes.length === 1;
  return html`<ul class="notes">${notes.map((note, index) => html`<li>${only ? UNKNOWN : html`<sup>${index + 1}</sup>`} ${note}</li>`)}</ul>`;
}
