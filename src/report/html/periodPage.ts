import { signed } from '../../core/report/format.ts';
import { bps, count, counted, percent, quote } from '../../core/report/numbers.ts';
import { reasonWords } from '../../core/report/reasonWords.ts';
import { utcDay, utcMinute } from '../../core/report/utc.ts';
import type { OtherPolicy, PeriodReport } from '../periodReport.ts';
import { html, type Markup } from './markup.ts';
import type { PageAssets } from './page.ts';
import { periodCharts } from './periodCharts.ts';
import { notTradedTable, waterfall } from './policyPanels.ts';
import { type SourceHash, standalonePage } from './standalonePage.ts';
import { dataTable, numberCell } from './table.ts';

/** Rows of hedges shown; the JSON has all of them. */
const MOST_HEDGES = 200;

const SECTIONS = [
  ['result', 'Result'],
  ['cost', 'Cost'],
  ['risk', 'Risk'],
  ['over-time', 'Over time'],
  ['profit', 'Profit and loss'],
  ['others', 'Other policies'],
  ['not-traded', 'Not traded'],
  ['hedges', 'Hedges'],
  ['notes', 'Not known'],
] as const;

/**
 * Vaults over a period as one HTML page that needs nothing else: no script, no request, its styles allowed by their hashes.
 *
 * @throws nothing; whatever is in a report is escaped
 */
export function periodPage(
  reports: readonly PeriodReport[],
  { styles }: Pick<PageAssets, 'styles'>,
  hashOf: SourceHash,
): string {
  const names = reports.map(({ vault }) => vault).join(', ');
  const [first] = reports;
  const period =
    first === undefined ? '' : `${utcMinute(first.fromSeconds)} to ${utcMinute(first.toSeconds)} UTC`;
  const title = `${names}: ${first === undefined ? 'nothing' : utcDay(first.fromSeconds)}`;
  const links = reports.flatMap((report, index) =>
    SECTIONS.map(
      ([id, label]) =>
        html`<li><a href="#${id}-${index}">${reports.length > 1 ? `${report.vault}: ${label}` : label}</a></li>`,
    ),
  );
  const body = html`<main id="main">${reports.map(vaultSections)}</main>`;
  return standalonePage(
    { title, heading: names, sub: period, skipTo: 'main', links, body, styles, scripts: [] },
    hashOf,
  );
}

function vaultSections(report: PeriodReport, index: number): Markup {
  const { units, vault, profit, notTraded, notes } = report;
  const section = (id: (typeof SECTIONS)[number][0], title: string, content: Markup) =>
    html`<section id="${id}-${index}"><h2>${title}</h2>${content}</section>`;
  return html`
${section('result', `${vault}: what happened`, resultText(report))}
${section('cost', 'What hedging cost', costTable(report))}
${section('risk', 'How far from neutral', riskTable(report))}
${section('over-time', 'Over time', periodCharts(report))}
${section('profit', 'Profit and loss taken apart', 'missing' in profit ? missing(profit.missing) : waterfall({ profit: profit.parts, name: vault }, units.quote))}
${section('others', 'What other policies would have done', othersTable(report))}
${section('not-traded', 'Not traded, and why', notTraded.length === 0 ? missing('every decision was a hedge') : notTradedTable({ notTraded, name: vault }))}
${section('hedges', 'Hedges and halts', html`${hedgesTable(report)}${haltsTable(report)}`)}
${section('notes', 'What this does not know', html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`)}
`;
}

const missing = (why: string) => html`<p class="empty">– ${why}</p>`;

function resultText(report: PeriodReport): Markup {
  const { cost, decisions, units, policy, span, openOrders } = report;
  if (span === null) return missing('the journal has no decision of this vault in this period');
  const open = openOrders.length === 0 ? 'No order is open.' : `Still open: ${openOrders.join(', ')}.`;
  return html`<p>${policy}: ${counted(cost.hedges, 'hedge')} of ${quote(cost.turnoverQuote)} ${units.quote} cost ${quote(cost.totalQuote)} ${units.quote}${cost.bps === null ? '' : `, ${bps(cost.bps)} of what was traded`}; ${counted(decisions.hold, 'time')} it held, ${counted(decisions.halt, 'time')} it was halted. ${open}</p>
<p class="sub">Decisions from ${utcMinute(span.fromSeconds)} to ${utcMinute(span.toSeconds)} UTC.</p>`;
}

function costTable({ cost, units }: PeriodReport): Markup {
  const share = (value: number) => (cost.totalQuote > 0 ? percent(value / cost.totalQuote, 0) : '–');
  const rows = [
    ['swap fees', cost.feeQuote],
    ['impact and delay', cost.impactQuote],
    ['gas', cost.gasQuote],
    ['total', cost.totalQuote],
  ] as const;
  return dataTable({
    caption: `Against the fair price at decision; ${counted(cost.failed, 'order')} failed on chain, gas included`,
    columns: [{ label: 'part', align: 'left' }, { label: 'cost', unit: units.quote }, { label: 'share' }],
    rows: rows.map(([name, value]) => [name, quote(value), share(value)]),
    empty: 'nothing was traded',
  });
}

function riskTable({ risk, units }: PeriodReport): Markup {
  if ('missing' in risk) return missing(risk.missing);
  const rows = [
    ['mean size of net delta', `${signed(risk.meanAbsoluteBase).slice(1)} ${units.base}`],
    ['largest', `${signed(risk.largestBase)} ${units.base} at ${utcMinute(risk.largestAtSeconds)} UTC`],
    ['beyond the band', risk.beyondShare === null ? '– no band' : percent(risk.beyondShare)],
    [
      'what it made or lost',
      risk.errorPerDayQuote === null
        ? '– too few decisions'
        : `±${quote(risk.errorPerDayQuote)} ${units.quote} a day, one standard deviation`,
    ],
  ];
  return dataTable({
    caption: `Over ${count(risk.decisions)} decisions that know their net delta`,
    columns: [
      { label: 'measure', align: 'left' },
      { label: 'value', align: 'right' },
    ],
    rows,
    empty: 'nothing is known',
  });
}

function othersTable({ others, units }: PeriodReport): Markup {
  if ('missing' in others) return missing(others.missing);
  const few = 'too few decisions to measure';
  const row = (one: OtherPolicy) => [
    html`${one.name} <span class="unit">${one.parameters}</span>`,
    count(one.hedges),
    quote(one.turnoverQuote),
    quote(one.costQuote),
    count(one.heldBack),
    numberCell(one.errorPerDayQuote, quote, few),
  ];
  const steps =
    others.steps === others.of ? count(others.of) : `${count(others.steps)} of ${count(others.of)}`;
  return dataTable({
    caption: `Each decided again on ${steps} journaled snapshots, its own hedges followed in place of the vault's, filled at once at the plan's cost; pools as they were`,
    columns: [
      { label: 'policy', align: 'left' },
      { label: 'hedges' },
      { label: 'traded', unit: units.quote },
      { label: 'cost', unit: units.quote },
      { label: 'held back' },
      { label: 'error a day', unit: `${units.quote}, sd` },
    ],
    rows: others.policies.map(row),
    empty: 'no other policy was tried',
  });
}

function hedgesTable({ hedges, units }: PeriodReport): Markup {
  const shown = hedges.slice(-MOST_HEDGES);
  return dataTable({
    caption:
      shown.length < hedges.length
        ? `The newest ${count(shown.length)} of ${count(hedges.length)} hedges`
        : 'Hedges',
    columns: [
      { label: 'order', align: 'left' },
      { label: 'time', align: 'left' },
      { label: 'side', align: 'left' },
      { label: 'amount', unit: units.base },
      { label: 'fair price', unit: units.quote },
      { label: 'cost', unit: units.quote },
    ],
    rows: shown.map(({ orderId, atSeconds, side, base, fairPrice, costQuote }) => [
      orderId,
      utcMinute(atSeconds),
      side,
      signed(base).slice(1),
      quote(fairPrice),
      quote(costQuote),
    ]),
    empty: 'Nothing was traded.',
  });
}

function haltsTable({ halts }: PeriodReport): Markup {
  return dataTable({
    caption: 'Halts, each from when it began',
    columns: [
      { label: 'decision', align: 'left' },
      { label: 'time', align: 'left' },
      { label: 'reason', align: 'left' },
      { label: 'in words', align: 'left' },
    ],
    rows: halts.map(({ id, atSeconds, code, why }) => [id, utcMinute(atSeconds), reasonWords(code), why]),
    empty: 'It was never halted.',
  });
}
