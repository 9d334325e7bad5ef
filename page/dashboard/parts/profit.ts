import { count } from '../../../src/core/report/numbers.ts';
import { utcMinute } from '../../../src/core/report/utc.ts';
import type { VaultMoney } from '../../../src/dashboard/documents.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { type ProfitLine, profitBars } from '../../../src/report/html/profitBars.ts';

type Parts = NonNullable<VaultMoney['profit']>['parts'];

const PARTS: readonly ProfitLine<keyof Parts>[] = [
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
  const caption = `The newest ${count(profitDecisions)} decisions, ${utcMinute(fromSeconds)} to ${utcMinute(toSeconds)} UTC of the chain; each part begins where the one before ended`;
  return profitBars(parts, PARTS, unit, caption);
}
