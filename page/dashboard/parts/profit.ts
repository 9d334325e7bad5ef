import { count, profit } from '../../../src/core/report/numbers.ts';
import { utcMinute } from '../../../src/core/report/utc.ts';
import type { VaultMoney } from '../../../src/dashboard/documents.ts';
import { type BarRow, barTable } from '../../../src/report/html/bars.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';

type Parts = NonNullable<VaultMoney['profit']>['parts'];

const PARTS: readonly (readonly [part: keyof Parts, label: string, hint: string])[] = [
  ['theta', 'theta', 'time passing'],
  ['gamma', 'gamma', 'half gamma times the squared move'],
  ['vega', 'vega', 'change of volatility'],
  ['hedge', 'delta and hedges', 'net delta times the move'],
  ['swapFee', 'swap fees', ''],
  ['impact', 'impact and delay', ''],
  ['gas', 'gas', 'failed attempts included'],
  ['unexplained', 'unexplained', 'payments in and out, higher orders, expiries'],
];

/** Where profit and loss came from, each part beginning where the one before ended. */
export function profitFigure({ profit: found, profitDecisions }: VaultMoney, unit: string): Markup {
  if (found === null) {
    return html`<p class="empty"><span class="missing">–</span> ${profitDecisions < 2 ? 'two decisions are needed' : 'no two decisions know a price and an exposure'}</p>`;
  }
  const { parts, fromSeconds, toSeconds } = found;
  let running = 0;
  const rows = PARTS.map(([part, label, hint]): BarRow => {
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
  const caption = `The newest ${count(profitDecisions)} decisions, ${utcMinute(fromSeconds)} to ${utcMinute(toSeconds)} UTC of the chain; each part begins where the one before ended`;
  return barTable(caption, ['part', unit], [...rows, total]);
}
