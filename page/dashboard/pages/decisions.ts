import { signed, significant } from '../../../src/core/report/format.ts';
import { bps, count, counted, orUnknown, percent, quote } from '../../../src/core/report/numbers.ts';
import { reasonWords } from '../../../src/core/report/reasonWords.ts';
import { utcMinute } from '../../../src/core/report/utc.ts';
import type { DecisionDocument, VaultRow } from '../../../src/dashboard/documents.ts';
import type { DecisionRow } from '../../../src/dashboard/history/search.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable } from '../../../src/report/html/table.ts';
import { ago } from '../parts/ages.ts';
import { gauge } from '../parts/gauge.ts';
import {
  decisionHref,
  factList,
  kindBadge,
  known,
  missing,
  orderHref,
  shortAddresses,
  vaultHref,
} from '../parts/words.ts';
import { balance } from './vault.ts';

const KINDS = ['hold', 'hedge', 'reduce', 'halt', 'corrupt'] as const;

/** What the list is filtered by; empty text for everything. */
export interface FilterFields {
  readonly vault: string;
  readonly kind: string;
  readonly code: string;
  /** Words of the reason. */
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

/** Nothing filtered. */
export const noFilter: FilterFields = { vault: '', kind: '', code: '', text: '', from: '', to: '' };

/** The places of the page: filters, list, details. */
export function decisionsShell(
  vaults: readonly string[],
  codes: readonly string[],
  filter: FilterFields,
): Markup {
  const options = (names: readonly string[], chosen: string, words = (name: string) => name) =>
    html`<option value="">all</option>${names.map((name) => html`<option value="${name}" ${name === chosen ? html`selected` : ''}>${words(name)}</option>`)}`;
  return html`<h1>Decisions</h1>
<form class="filters" id="filters" role="search" aria-label="Decisions">
<label>vault <select name="vault" id="filter-vault">${options(vaults, filter.vault)}</select></label>
<label>kind <select name="kind" id="filter-kind">${options(KINDS, filter.kind)}</select></label>
<label>reason <select name="code" id="filter-code">${options(codes, filter.code, reasonWords)}</select></label>
<label>words in it <input type="search" name="text" id="filter-text" value="${filter.text}" autocomplete="off" maxlength="200"></label>
<label>from, UTC <input type="datetime-local" name="from" id="filter-from" value="${filter.from}"></label>
<label>to, UTC <input type="datetime-local" name="to" id="filter-to" value="${filter.to}"></label>
<button type="reset" id="filter-reset">Clear</button></form>
<p class="list-head"><span id="list-count" role="status"></span> <button type="button" id="list-new" hidden></button></p>
<div class="decisions"><div class="list" id="decision-list" role="region" aria-label="Decisions, newest first; arrow keys walk through them" tabindex="-1"></div>
<div class="detail" id="decision-detail"></div></div>`;
}

/** A decision in the list. */
export function decisionLine(row: DecisionRow, tabIndex: 0 | -1, isCurrent: boolean): Markup {
  const { id, vault, atSeconds, kind, code, netDelta, netDeltaAfter, costQuote } = row;
  const time = utcMinute(atSeconds);
  const seconds = String(Math.floor(atSeconds) % 60).padStart(2, '0');
  const delta =
    netDeltaAfter === null
      ? orUnknown(netDelta, signed)
      : `${orUnknown(netDelta, signed)} → ${signed(netDeltaAfter)}`;
  return html`<a href="${decisionHref(id)}" tabindex="${tabIndex}" ${isCurrent ? html`aria-current="true"` : ''}><span class="when"><span class="year">${time.slice(0, 5)}</span>${time.slice(5)}:${seconds}</span><span class="who">${vault}</span>${kindBadge(kind)}<span class="why">${code === 'corrupt' ? 'damaged row of the journal' : reasonWords(code)}</span><span class="delta">${delta}</span><span class="cost">${costQuote === null ? '' : quote(costQuote)}</span></a>`;
}

/** One decision: the sentence, the balance, the inputs. */
export function decisionDetail(found: DecisionDocument): Markup {
  const { id, vault, kind, corrupt, atSeconds, blockNumber, why, cost, units, explanation, orderId, policy } =
    found;
  const unit = units?.quote ?? 'quote';
  if (corrupt !== null) {
    return html`<h2>${id} ${kindBadge('corrupt')}</h2><p class="alarm-box">This row of the journal cannot be believed: ${corrupt}. It is kept as it is. See JournalCorruptError in docs/errors.md.</p>`;
  }
  return html`<p class="crumbs"><a href="#/decisions" class="back">Decisions</a> / <a href="${vaultHref(vault)}">${vault}</a></p>
<h2>${id} ${kindBadge(kind)}</h2><p class="reason">${why}</p>
${found.warnings.map(({ text }) => html`<p class="warn-box">${text}</p>`)}
${gauge(rowOf(found), true)}
${explanation === null ? '' : balance(explanation, unit)}
${factList([
  [
    'when',
    atSeconds === null ? missing('not known') : html`${utcMinute(atSeconds)} UTC, ${ago(atSeconds)} ago`,
  ],
  ['block', blockNumber === null ? missing('not known') : count(Number(blockNumber))],
  ['policy', policy ?? missing('not known')],
  ['order', orderId === null ? 'none' : html`<a href="${orderHref(orderId)}">${orderId}</a>`],
  ...(cost === null
    ? []
    : ([
        ['cost', `${quote(cost.totalQuote)} ${unit}, ${bps(cost.bps)}`],
        [
          'of that',
          `fee ${quote(cost.feeQuote)} + impact ${quote(cost.impactQuote)} + gas ${quote(cost.gasQuote)}`,
        ],
      ] as const)),
])}
${found.precautions === null ? '' : precautionsTable(found.precautions)}
${found.instruments.length === 0 ? '' : instrumentsTable(found.instruments, units)}
${dataTable({
  caption: 'What it looked at',
  columns: [
    { label: 'input', align: 'left' },
    { label: 'value' },
    { label: 'source', align: 'left' },
    { label: 'age then' },
  ],
  rows: found.inputs.map(({ name, value, source, atSeconds: at }) => [
    name,
    value,
    shortAddresses(source),
    at === null || atSeconds === null ? missing('it has no time') : ageThen(atSeconds - at),
  ]),
  empty: 'reading failed, so there was nothing to look at',
})}
<p class="note">The same at the prompt: <code>ballast explain ${id}</code></p>`;
}

/** Breakers, stress and events that were looked at before the decision. */
function precautionsTable({ level, rows }: NonNullable<DecisionDocument['precautions']>): Markup {
  return html`<p class="sub" id="precautions">looked at before it: stress level <span class="badge ${LEVELS[level] ?? 'dim'}">${level}</span></p>${dataTable(
    {
      caption: 'Stress as a share of its limit, breakers that tripped, dated events',
      columns: [
        { label: 'what', align: 'left' },
        { label: 'of its limit' },
        { label: 'in words', align: 'left' },
      ],
      rows: rows.map(({ name, use, text }) => [name, use === null ? '' : percent(use, 0), text]),
      empty: 'no breaker tripped, no dated event near',
    },
  )}`;
}

const LEVELS: Readonly<Record<string, string>> = {
  normal: 'good',
  cautious: 'warn',
  reduce: 'act',
  halt: 'bad',
};

/** What a trade is done with, beside swaps, and what that costs to hold. */
export function instrumentsTable(
  instruments: DecisionDocument['instruments'],
  units: DecisionDocument['units'],
): Markup {
  const unit = units?.quote ?? 'quote';
  return dataTable({
    caption: 'What it is done with, and what holding that costs',
    columns: [
      { label: 'with', align: 'left' },
      { label: 'base', unit: units?.base ?? 'base' },
      { label: 'once', unit },
      { label: 'a day', unit },
    ],
    rows: instruments.map(({ kind, base, onceQuote, perDayQuote }) => [
      kind,
      significant(base, 5),
      quote(onceQuote),
      quote(perDayQuote),
    ]),
    empty: '',
  });
}

function ageThen(seconds: number): Markup {
  return html`${known(Math.max(0, seconds), (value) => `${count(value)} s`, 'not known')}`;
}

/** A decision as the gauge takes it. */
function rowOf(found: DecisionDocument): VaultRow {
  const { netDelta, netDeltaAfter, band, units, vault, policy } = found;
  return {
    name: vault,
    policy,
    units,
    state: found.kind === 'halt' ? 'halt' : 'ok',
    halt: null,
    netDelta,
    shareOfAct: found.shareOfAct,
    band,
    netDeltaAfter,
    valueQuote: null,
    spot: null,
    openOrders: [],
    lastHedge: null,
    decision: null,
    fault: netDelta === null ? found.why : null,
  };
}

/** How much of a list is shown, in words. */
export function countWords(total: number, isComplete: boolean): string {
  return `${counted(total, 'decision')}${isComplete ? '' : ` so far; older ones are being read`}`;
}
