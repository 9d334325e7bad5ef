import { signed } from '../../core/report/format.ts';
import { count, percent, profit, quote } from '../../core/report/numbers.ts';
import { reasonWords } from '../../core/report/reasonWords.ts';
import { utcDay, utcMinute } from '../../core/report/utc.ts';
import type { ProfitParts } from '../../sim/backtest/result.ts';
import type { PolicyReport } from '../document.ts';
import { type BarRow, barTable } from './bars.ts';
import { html, type Markup } from './markup.ts';
import { type ProfitLine, profitBars } from './profitBars.ts';
import { type Cell, dataTable, numberCell } from './table.ts';

const PARTS: readonly ProfitLine<Exclude<keyof ProfitParts, 'total'>>[] = [
  ['theta', 'theta', 'time passing'],
  ['gamma', 'gamma', 'size of moves'],
  ['vega', 'vega', 'volatility changing'],
  ['hedge', 'delta', 'options and hedge together'],
  ['timing', 'timing', 'from decision to fill'],
  ['swapFee', 'swap fees', 'to pools'],
  ['impact', 'impact', 'price moved by us'],
  ['gas', 'gas', 'failed attempts included'],
  ['unexplained', 'unexplained', 'higher orders, jumps, expiry'],
];

/** Where profit and loss came from, each part beginning where the one before ended. */
export function waterfall(
  { profit: parts, name }: Pick<PolicyReport, 'profit' | 'name'>,
  unit: string,
): Markup {
  return profitBars(parts, PARTS, unit, `${name}: each part begins where the one before ended`);
}

/** Why steps passed without a hedge, and what was open at the end. */
export function notTradedTable({ notTraded, name }: Pick<PolicyReport, 'notTraded' | 'name'>): Markup {
  const all = notTraded.reduce((sum, { steps }) => sum + steps, 0);
  const rows = notTraded.map(({ code, steps }): BarRow => {
    const share = percent(steps / all, steps === all ? 0 : 2);
    const tip = `${reasonWords(code)}: ${count(steps)} of ${count(all)} steps without a hedge, ${share}`;
    return {
      label: reasonWords(code),
      hint: code,
      from: 0,
      to: steps,
      text: count(steps),
      tone: 'plain',
      tip,
    };
  });
  return barTable(`${name}: ${count(all)} steps without a hedge, by reason`, ['reason', 'steps'], rows);
}

/** How often the oracle bound alone would have refused a hedge. */
export function refusalsTable({ refusals, name }: PolicyReport): Markup {
  const rows = refusals.map(({ maxSlippageBps, refused, of }): BarRow => {
    const share = of > 0 ? refused / of : 0;
    const label = `${count(maxSlippageBps)} bps`;
    const tip = `at ${label}: ${count(refused)} of ${count(of)} hedges refused, ${percent(share)}`;
    return { label, from: 0, to: refused, text: `${count(refused)} of ${count(of)}`, tone: 'loss', tip };
  });
  return barTable(`${name}: hedges that maxSlippageBps alone would have refused`, ['bound', 'refused'], rows);
}

const MOST_ROUNDS = 120;

/** What each round of options earned, and what hedging it cost. */
export function roundsTable({ rounds, name }: PolicyReport, unit: string): Markup {
  const over = rounds.filter(({ overBudget }) => overBudget).length;
  const beyond = rounds.length - MOST_ROUNDS;
  const table = dataTable({
    caption: `${name}: ${count(rounds.length)} rounds ended, hedging took more than the premium in ${count(over)}`,
    columns: [
      { label: 'opened', align: 'left' },
      { label: 'expiry' },
      { label: 'premium', unit },
      { label: 'hedging cost', unit },
      { label: 'of premium', unit: '%' },
      { label: 'break-even volatility' },
      { label: 'realised' },
      { label: 'verdict', align: 'left' },
    ],
    rows: rounds
      .slice(0, MOST_ROUNDS)
      .map((round): readonly Cell[] => [
        utcDay(round.openedAtSeconds),
        utcDay(round.expirySeconds),
        quote(round.premiumQuote),
        quote(round.hedgingCostQuote),
        round.premiumQuote > 0
          ? percent(round.hedgingCostQuote / round.premiumQuote)
          : { missing: 'options were bought: no premium was earned' },
        numberCell(round.breakEvenVolatility, percent, 'no volatility makes this round come out even'),
        numberCell(round.realizedVolatility, percent, 'no step of this round was scored'),
        round.overBudget ? html`<b class="bad">over budget</b>` : 'within',
      ]),
    empty: 'no round of options ended in this run',
  });
  return html`${table}${beyond > 0 && html`<p class="note">and ${count(beyond)} more, in the JSON file</p>`}`;
}

/** What was still open when the run ended, apart from what is counted. */
export function openAtEndList({ openAtEnd }: PolicyReport): Markup {
  if ('missing' in openAtEnd)
    return html`<p class="note"><span class="missing">–</span> ${openAtEnd.missing}</p>`;
  if (openAtEnd.value.length === 0) return html`<p class="note">nothing was open at the end</p>`;
  return html`<ul class="plain">${openAtEnd.value.map(({ text }) => html`<li>${text}</li>`)}</ul>`;
}

/** The hours that lost most, each with what the policy did. */
export function worstHoursTable(
  { worstHours, name }: PolicyReport,
  units: { base: string; quote: string },
): Markup {
  return dataTable({
    caption: `${name}: the hours in which net delta lost most`,
    columns: [
      { label: 'hour, UTC', align: 'left' },
      { label: 'error', unit: units.quote },
      { label: 'price', unit: units.quote },
      { label: 'net delta', unit: units.base },
      { label: 'decision', align: 'left' },
    ],
    rows: worstHours.map((hour): readonly Cell[] => [
      utcMinute(hour.timestampSeconds),
      profit(hour.error),
      `${quote(hour.fromSpot)} → ${quote(hour.toSpot)}`,
      signed(hour.netDelta),
      hour.explanation,
    ]),
    empty: 'no hour lost anything',
  });
}

/** The charts over time as numbers, for those who cannot see them. */
export function periodsTable(
  { periods, name }: PolicyReport,
  units: { base: string; quote: string },
): Markup {
  const form = (value: number) => signed(value);
  return dataTable({
    caption: `${name}: the run in ${count(periods.length)} equal stretches`,
    columns: [
      { label: 'from, UTC', align: 'left' },
      { label: 'price at its end', unit: units.quote },
      { label: 'lowest net delta', unit: units.base },
      { label: 'highest net delta', unit: units.base },
      { label: 'hedges' },
      { label: 'cost', unit: units.quote },
    ],
    rows: periods.map((period): readonly Cell[] => [
      utcMinute(period.fromSeconds),
      quote(period.endSpot),
      numberCell(period.lowestNetDelta, form, 'no step of this stretch has a net delta'),
      numberCell(period.highestNetDelta, form, 'no step of this stretch has a net delta'),
      count(period.hedges),
      quote(period.cost),
    ]),
    empty: 'the run has no step',
  });
}
