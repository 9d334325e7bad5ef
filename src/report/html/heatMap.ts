import { significant } from '../../core/report/format.ts';
import { quote } from '../../core/report/numbers.ts';
import type { SearchReport, TriedRow } from '../document.ts';
import { excessOf, excessText, shadeClass, shadeLegend } from './excess.ts';
import { type Content, html, type Markup } from './markup.ts';

const ROW_HEIGHT = 32;

/** A number as an axis shows it. */
export function axisText(value: number): string {
  const size = Math.abs(value);
  if (size > 0 && (size < 0.001 || size >= 1e7)) return value.toExponential(1);
  return size < 1_000 ? String(Number(value.toPrecision(3))) : significant(value, 3);
}

interface Cell {
  readonly row: number;
  readonly column: number;
  readonly best: TriedRow;
}

/** A cell for each pair of values that was tried; of several settings in one the best is shown. */
function cellsOf(settings: readonly TriedRow[], down: number, across: number | null): readonly Cell[] {
  const cells = new Map<string, Cell>();
  for (const setting of settings) {
    const row = setting.values[down]!;
    const column = across === null ? 0 : setting.values[across]!;
    const key = `${row} ${column}`;
    const there = cells.get(key)?.best;
    if (there === undefined || setting.training < there.training || setting.isChosen)
      if (there?.isChosen !== true) cells.set(key, { row, column, best: setting });
  }
  return [...cells.values()];
}

const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
const percentAt = (share: number) => `${(share * 100).toFixed(3)}%`;

/**
 * What is least for each pair of the first two numbers that were searched, or along the only one: where a wide patch is as good
 * as the best, the choice can be relied on; a single good cell among bad ones was luck.
 */
export function heatMap({ policy, numbers, settings, importance }: SearchReport, unit: string): Content {
  const [first, second] = numbers;
  if (first === undefined || settings.length === 0) return '';
  const counts = numbers.map((_, index) => new Set(settings.map(({ values }) => values[index])).size);
  // The number with more values stands downwards, where a narrow screen has room.
  const down = second !== undefined && counts[1]! > counts[0]! ? 1 : 0;
  const across = second === undefined ? null : 1 - down;
  const cells = cellsOf(settings, down, across);
  const rows = sorted(cells.map(({ row }) => row));
  const columns = sorted(cells.map(({ column }) => column));
  const least = Math.min(...settings.map(({ training }) => training));
  const height = rows.length * ROW_HEIGHT;
  const mark = ({ row, column, best }: Cell, index: number) => {
    const excess = excessOf(best.training, least);
    const heldOut = best.heldOut === null ? 'not known' : `${quote(best.heldOut)} ${unit} a year`;
    const tip = `${policy} ${best.label}${best.isChosen ? ', chosen' : ''}\ntraining ${quote(best.training)} ${unit} a year, ${excess === 0 ? 'the best' : `${excessText(excess)} of the best`}\nheld out ${heldOut}`;
    const [x, y] = [columns.indexOf(column) / columns.length, rows.indexOf(row) / rows.length];
    return html`<g class="mark cell ${shadeClass(excess)}" role="img" tabindex="${index === 0 ? 0 : -1}" aria-label="${tip.replaceAll('\n', '; ')}" data-tip="${tip}"><svg x="${percentAt(x)}" y="${percentAt(y)}" width="${percentAt(1 / columns.length)}" height="${percentAt(1 / rows.length)}"><rect x="1" y="1" width="98%" height="${ROW_HEIGHT - 2}" rx="3"/><text x="50%" y="${ROW_HEIGHT / 2}" dy="4" text-anchor="middle">${excessText(excess)}</text>${best.isChosen && html`<rect class="ring" x="2" y="2" width="96%" height="${ROW_HEIGHT - 4}" rx="3"/>`}</svg></g>`;
  };
  const inOrder = cells.toSorted((a, b) => a.row - b.row || a.column - b.column);
  const title = numbers[down]!.title;
  const other = across === null ? null : numbers[across]!.title;
  return html`<figure class="heat-map"><h3>${policy}: ${settings.length} settings on a map</h3>
${shadeLegend()}
<div class="cells">
<p class="y-title">${other === null ? `${title}, downwards` : `downwards: ${title}; across: ${other}`}</p>
<svg class="row-names" height="${height}" aria-hidden="true">${rows.map((row, index) => html`<text x="100%" y="${(index + 0.5) * ROW_HEIGHT}" dx="-8" dy="4" text-anchor="end">${axisText(row)}</text>`)}</svg>
<svg class="map" height="${height}" role="group" aria-label="${settings.length} settings of ${policy} by ${title}${other === null ? '' : ` and ${other}`}; arrow keys walk through them" data-marks>${inOrder.map(mark)}</svg>
${other === null ? '' : columnNames(columns)}
</div>
<figcaption>What is least on the latest training weeks, above the best of this policy. Empty places were not tried: the search looks closer only around what is good. A wide patch of the darkest shades can be relied on; a dark cell among pale ones was luck. A ring marks what is proposed${
    numbers.length > 2 &&
    `; of settings that differ in ${numbers
      .slice(2)
      .map(({ title: one }) => one)
      .join(', ')} the best is shown`
  }.${importanceText(numbers, importance)}</figcaption></figure>`;
}

function columnNames(columns: readonly number[]): Markup {
  return html`<svg class="column-names" height="24" aria-hidden="true">${columns.map((column, index) => html`<text x="${percentAt((index + 0.5) / columns.length)}" y="16" text-anchor="middle">${axisText(column)}</text>`)}</svg>`;
}

function importanceText(numbers: SearchReport['numbers'], importance: SearchReport['importance']): string {
  if ('missing' in importance) return '';
  const shares = numbers.map(
    ({ title }, index) => `${title.split(',')[0]} ${(100 * importance.value[index]!).toFixed(0)} %`,
  );
  return ` Of the differences on the first grid each number alone explains: ${shares.join('; ')}.`;
}
