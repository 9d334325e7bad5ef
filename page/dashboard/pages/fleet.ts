import { quote } from '../../../src/core/report/numbers.ts';
import { reasonWords } from '../../../src/core/report/reasonWords.ts';
import type { StateDocument, VaultRow } from '../../../src/dashboard/documents.ts';
import { type Content, html, type Markup } from '../../../src/report/html/markup.ts';
import { ago } from '../parts/ages.ts';
import { gauge } from '../parts/gauge.ts';
import { decisionHref, kindBadge, known, missing, orderHref, stateBadge, vaultHref } from '../parts/words.ts';

/** Every vault, worst first: does anything need me? */
export function fleetPage(state: StateDocument): Markup {
  if (state.vaults.length === 0) return empty(state);
  return html`<h1>Fleet</h1>
<div class="table fleet"><table role="table">
<caption>Every vault, what needs somebody first. The dot is net delta now; ticks are where the keeper acts; the darker zone is what it trades back to.</caption>
<thead role="rowgroup"><tr role="row">
<th scope="col" role="columnheader" class="left">vault</th><th scope="col" role="columnheader" class="left wide">net delta in its band</th><th scope="col" role="columnheader" class="right">value</th><th scope="col" role="columnheader" class="left">last decision</th><th scope="col" role="columnheader" class="left">open orders</th><th scope="col" role="columnheader" class="right">hedged</th></tr></thead>
<tbody role="rowgroup">${state.vaults.map(vaultLine)}</tbody></table></div>`;
}

function empty({ fault }: StateDocument): Markup {
  if (fault !== null)
    return html`<h1>Fleet</h1><div class="nothing"><p>The journal cannot be read now: ${fault}</p></div>`;
  return html`<h1>Fleet</h1><div class="nothing"><p>No vault has been looked at yet.</p><p>The first decision: <code>ballast run --shadow</code> decides, keeps a journal and sends nothing. Without a vault of your own: <code>ballast demo --watch</code></p></div>`;
}

function vaultLine(row: VaultRow): Markup {
  const { name, valueQuote, units, decision, openOrders, lastHedge, fault, halt } = row;
  const noValue = fault ?? decision?.why ?? 'no decision yet';
  return html`<tr role="row" data-vault="${name}" data-state="${row.state}">
<th scope="row" role="rowheader" class="left"><a class="vault-link" id="fleet-${name}" href="${vaultHref(name)}">${name}</a> ${stateBadge(row)}<small>${row.policy ?? ''}</small></th>
<td role="cell" class="left wide" data-label="net delta"><span>${gauge(row)}</span></td>
<td role="cell" class="right" data-label="value"><span data-value="valueQuote">${known(valueQuote, quote, noValue)}${valueQuote === null || units === null ? '' : html` <span class="unit">${units.quote}</span>`}</span></td>
<td role="cell" class="left decision" data-label="last decision"><span>${lastDecision(row)}${halt === null ? '' : html`<small class="bad">until resumed: ${halt.why}</small>`}</span></td>
<td role="cell" class="left" data-label="open orders"><span>${openOrders.length === 0 ? 'none' : openOrders.map(({ id, status }) => html`<a href="${orderHref(id)}">${id.slice(id.indexOf('#'))}</a> ${status} `)}</span></td>
<td role="cell" class="right" data-label="hedged"><span>${lastHedge === null ? missing('no hedge in its newest orders') : html`<a href="${orderHref(lastHedge.orderId)}">${ago(lastHedge.atSeconds)} ago</a>`}</span></td>
</tr>`;
}

function lastDecision({ decision, fault }: VaultRow): Content {
  if (fault !== null) return html`<span class="bad">${fault}</span>`;
  if (decision === null)
    return html`${missing('no decision yet')}<small><code>ballast run --shadow</code> makes the first</small>`;
  const { id, kind, code, atSeconds } = decision;
  return html`${kindBadge(kind)} <a href="${decisionHref(id)}">${reasonWords(code)}</a><small>${ago(atSeconds)} ago, block ${Number(decision.blockNumber).toLocaleString('en-US')}</small>`;
}
