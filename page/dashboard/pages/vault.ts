import { signed, significant } from '../../../src/core/report/format.ts';
import { marginWords } from '../../../src/core/report/marginWords.ts';
import { bps, orUnknown, percent, profit, quote } from '../../../src/core/report/numbers.ts';
import type { PositionRow, VaultDocument, VaultMoney } from '../../../src/dashboard/documents.ts';
import { type Content, html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable, numberCell } from '../../../src/report/html/table.ts';
import { ago } from '../parts/ages.ts';
import { depthFigure } from '../parts/depth.ts';
import { gauge } from '../parts/gauge.ts';
import { profitFigure } from '../parts/profit.ts';
import {
  decisionHref,
  factList,
  foldable,
  kindBadge,
  known,
  orderHref,
  panel,
  shortAddresses,
  stateBadge,
  vaultHref,
} from '../parts/words.ts';

/** The places of a vault's page; charts are drawn into theirs. */
export function vaultShell(name: string): Markup {
  return html`<div id="vault-head" class="page-head"><h1>${name}</h1></div>
<div class="columns"><div class="main-column">
<section class="panel charts" id="charts"><h2>Over time</h2>
<div class="chart-tools"><div class="zoom" role="group" aria-label="Stretch of time">${RANGES.map(([seconds, word]) => html`<button type="button" data-range="${seconds}" aria-pressed="false">${word}</button>`)}</div>
<div class="zoom" role="group" aria-label="Zoom">${ZOOM.map(([action, sign, label]) => html`<button type="button" data-zoom="${action}" aria-label="${label}" title="${label}">${sign}</button>`)}</div></div>
${chart('price', 'Price and hedges', 'Triangles down are sales, up are purchases; larger for more.')}
${chart('delta', 'Net delta in its band', 'Inside the pale band the keeper waits; it trades back to the darker one. Hatched: halted.')}
${chart('cost', 'Cost so far, against a fixed band on the same path', '')}
<p class="note" id="chart-note"></p>
<details id="chart-table"><summary>The charts as a table</summary><div id="chart-rows"></div></details>
</section></div>
<div class="side-column" id="vault-side"></div></div>
<div class="panels" id="vault-panels"></div>`;
}

const RANGES = [
  [3_600, '1 h'],
  [86_400, '1 d'],
  [604_800, '7 d'],
  [0, 'All'],
] as const;

const ZOOM = [
  ['in', '+', 'Zoom in'],
  ['out', '−', 'Zoom out'],
  ['earlier', '←', 'Earlier'],
  ['later', '→', 'Later'],
] as const;

function chart(id: string, title: string, caption: string): Markup {
  return html`<figure class="chart"><figcaption id="${id}-title"><strong>${title}</strong> <span id="${id}-caption">${caption}</span></figcaption>
<div class="drawing" data-chart="${id}" role="application" aria-roledescription="chart" aria-labelledby="${id}-title" tabindex="0"><div class="skeleton"></div></div>
<p class="readout" id="${id}-readout"></p></figure>`;
}

/** Name, state and what to do. */
export function vaultHead({ row }: VaultDocument): Markup {
  return html`<p class="crumbs"><a href="#/">Fleet</a> / ${row.name}</p><h1>${row.name} ${stateBadge(row)}</h1>
<p class="sub">${row.policy ?? 'no decision yet'}${row.units === null ? '' : `, ${row.units.base}/${row.units.quote}`}</p>`;
}

/** What is so now: gauge, reason, what waiting and trading cost, greeks, limits. */
export function vaultSide(document: VaultDocument): Markup {
  const { row, exposure, margin, limits } = document;
  const why = row.decision?.why ?? 'no decision yet';
  const [base, unit] = [row.units?.base ?? 'base', row.units?.quote ?? 'quote'];
  return html`${panel(
    'now',
    'Now',
    html`${gauge(row, true)}${reason(document)}${factList([
      [
        'value',
        html`<span data-value="valueQuote">${known(row.valueQuote, quote, why)}</span>${row.valueQuote === null ? '' : ` ${unit}`}`,
      ],
      ['price', html`${known(row.spot, quote, why)}${row.spot === null ? '' : ` ${unit}`}`],
      ...(margin ?? []).map(
        (standing) => [standing.label, marginWords(standing, { base, quote: unit })] as const,
      ),
      [
        'open orders',
        row.openOrders.length === 0
          ? 'none'
          : row.openOrders.map(
              ({ id, status }) =>
                html`<a href="${orderHref(id)}">${id.slice(id.indexOf('#'))}</a> ${status} `,
            ),
      ],
      [
        'last hedge',
        row.lastHedge === null
          ? 'none among its newest orders'
          : html`<a href="${orderHref(row.lastHedge.orderId)}">${ago(row.lastHedge.atSeconds)} ago</a>`,
      ],
    ])}`,
  )}
${foldable(
  'greeks',
  'Greeks',
  factList([
    ['delta', html`${known(exposure?.delta, signed, why)} ${base}`],
    [
      'standard error',
      html`${known(exposure?.deltaStdError, (value) => significant(value, 3), 'its sources give none')} ${base}`,
    ],
    ['gamma', html`${known(exposure?.gamma, (value) => significant(value, 4), why)} ${base} per ${unit}`],
    ['vega', html`${known(exposure?.vega, quote, why)} ${unit} per 1.00`],
    ['theta', html`${known(exposure && exposure.theta / 365.25, profit, why)} ${unit} a day`],
    ['volatility', volatilityWords(document)],
    ...document.prices.map(
      ({ source, price, atSeconds, fault }) =>
        [
          shortAddresses(source),
          fault === null
            ? html`${quote(price)}, ${ago(atSeconds)} old`
            : html`<span class="bad">${fault}</span>`,
        ] as const,
    ),
  ]),
)}
${foldable('limits', 'Limits', limits.length === 0 ? html`<p class="empty">known with the first decision</p>` : factList(limits.map(({ name, value }) => [name, value] as const)))}`;
}

function volatilityWords({ volatility }: VaultDocument): Content {
  if (volatility === null) return known(null, percent, 'no decision yet');
  return html`${percent(volatility.value)}, ${volatility.source}, ${ago(volatility.atSeconds)} old`;
}

function reason({ row, explanation, warnings }: VaultDocument): Markup {
  const { decision, halt } = row;
  if (decision === null)
    return html`<p class="empty">No decision yet. <code>ballast run --shadow</code> makes the first and sends nothing.</p>`;
  return html`<p class="reason">${kindBadge(decision.kind)} <a href="${decisionHref(decision.id)}">${decision.why}</a> <small>${ago(decision.atSeconds)} ago</small></p>
${halt === null ? '' : html`<p class="alarm-box"><strong>Halted until somebody resumes it</strong>: ${halt.why}<br><code>ballast resume --vault ${row.name} --reason …</code></p>`}
${warnings.map(({ text }) => html`<p class="warn-box">${text}</p>`)}
${explanation === null ? '' : balance(explanation, row.units?.quote ?? '')}`;
}

/** Waiting against trading: two weights beside each other. */
export function balance(
  {
    waitingQuotePerHour,
    costNowQuote,
    changesAtGasQuote,
    changesAtGamma,
  }: NonNullable<VaultDocument['explanation']>,
  unit: string,
): Markup {
  const changes = [
    changesAtGasQuote === null ? null : `gas of ${significant(changesAtGasQuote, 3)} ${unit}`,
    changesAtGamma === null ? null : `gamma of ±${significant(changesAtGamma, 3)}`,
  ].filter((one) => one !== null);
  return html`<div class="balance"><p><span>waiting costs</span><strong>${significant(waitingQuotePerHour, 3)}</strong><small>${unit} an hour</small></p><p><span>trading costs</span><strong>${orUnknown(costNowQuote, quote)}</strong><small>${costNowQuote === null ? 'pools do not take all of it' : `${unit} once`}</small></p></div>
<p class="note">${changes.length === 0 ? 'No gas and no gamma alone would change it.' : `It would change at ${changes.join(', or at ')}.`}</p>`;
}

/** What takes the page's whole width: profit, depth, positions, how fills went. */
export function vaultPanels(document: VaultDocument, money: VaultMoney | null): Markup {
  const { row } = document;
  const unit = row.units?.quote ?? 'quote';
  return html`${foldable('profit', 'Profit and loss, taken apart', money === null ? skeleton('adding up the journal') : profitFigure(money, unit))}
${foldable('depth', 'Depth of its pools, with the next order', depthFigure(document.depth, row.units))}
${foldable('positions', 'Positions', positionsTable(document.positions, row.units, row.decision?.why ?? 'no decision yet'))}
${foldable('execution', 'How its fills went', executionTable(document.execution, unit))}`;
}

/** Stands where something is on its way. */
function skeleton(what: string): Markup {
  return html`<div class="skeleton" role="status"><span>${what}…</span></div>`;
}

function positionsTable(
  positions: readonly PositionRow[] | null,
  units: VaultDocument['row']['units'],
  why: string,
): Markup {
  if (positions === null) return html`<p class="empty"><span class="missing">–</span> ${why}</p>`;
  return dataTable({
    caption: 'What the vault holds and owes at its newest block',
    columns: [
      { label: 'position', align: 'left' },
      { label: 'kind', align: 'left' },
      { label: 'size' },
      { label: 'delta', unit: units?.base ?? 'base' },
      { label: 'gamma' },
      { label: 'value', unit: units?.quote ?? 'quote' },
    ],
    rows: positions.map(({ label, kind, size, delta, gamma, valueQuote, fault }) => [
      label,
      kind,
      size,
      numberCell(delta, signed, fault ?? 'not known'),
      numberCell(gamma, (value) => significant(value, 3), fault ?? 'not known'),
      numberCell(valueQuote, quote, fault ?? 'not known'),
    ]),
    empty: 'it holds nothing',
  });
}

function executionTable({ all, byRelay, byVenue }: VaultDocument['execution'], unit: string): Markup {
  const rows = [
    ['all', all] as const,
    ...Object.entries(byRelay).map(([name, summary]) => [`relay ${name}`, summary] as const),
    ...Object.entries(byVenue).map(([name, summary]) => [`venue ${name}`, summary] as const),
  ];
  return dataTable({
    caption: 'Its newest fills against their plans; a fill counts for every relay that had accepted it',
    columns: [
      { label: 'fills of', align: 'left' },
      { label: 'fills' },
      { label: 'slippage', unit: 'bps of plan' },
      { label: 'waited', unit: 'blocks' },
      { label: 'gas paid', unit },
      { label: 'gas planned', unit },
    ],
    rows: rows
      .filter(([, { fills }]) => fills > 0)
      .map(([name, { fills, slippageBps, delayBlocks, paidGasQuote, plannedGasQuote }]) => [
        name,
        fills,
        numberCell(slippageBps, (value) => bps(value).replace(' bps', ''), 'no fill is known'),
        numberCell(delayBlocks, (value) => significant(value, 2), 'no fill is known'),
        quote(paidGasQuote),
        quote(plannedGasQuote),
      ]),
    empty: 'no fill has been judged yet',
  });
}

/** A link to a vault with its symbols, for lists. */
export function vaultLink(name: string): Markup {
  return html`<a href="${vaultHref(name)}">${name}</a>`;
}
