import { profit } from '../../core/report/numbers.ts';
import { type BarRow, barTable } from './bars.ts';
import type { Markup } from './markup.ts';

/** A part of profit and loss as a bar names it; an empty hint is none. */
export type ProfitLine<Part extends string> = readonly [part: Part, label: string, hint: string];

/** Where profit and loss came from as bars, each part beginning where the one before ended, and their total. */
export function profitBars<Part extends string>(
  parts: Readonly<Record<Part | 'total', number>>,
  lines: readonly ProfitLine<Part>[],
  unit: string,
  caption: string,
): Markup {
  let running = 0;
  const rows = lines.map(([part, label, hint]): BarRow => {
    const value = parts[part];
    const from = running;
    running += value;
    const tone = part === 'unexplained' ? 'open' : value >= 0 ? 'gain' : 'loss';
    const tip = `${label}: ${profit(value)} ${unit}\nso far ${profit(running)} ${unit}`;
    return { label, ...(hint === '' ? {} : { hint }), from, to: running, text: profit(value), tone, tip };
  });
  const total: BarRow = {
    label: 'total',
    from: 0,
    to: parts.total,
    text: profit(parts.total),
    tone: 'total',
    tip: `total: ${profit(parts.total)} ${unit}`,
  };
  return barTable(caption, ['part', unit], [...rows, total]);
}
