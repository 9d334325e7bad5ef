import { fixed } from '../../../src/core/report/format.ts';
import { base, counted, percent } from '../../../src/core/report/numbers.ts';
import type { OrderDocument, OrderRow, TimelineStep } from '../../../src/dashboard/documents.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable } from '../../../src/report/html/table.ts';
import { ago } from '../parts/ages.ts';
import { decisionHref, hashText, missing, orderHref, panel } from '../parts/words.ts';
import { instrumentsTable } from './decisions.ts';
import { vaultLink } from './vault.ts';

/** Orders of all vaults, newest first. */
export function ordersPage(orders: readonly OrderRow[]): Markup {
  if (orders.length === 0) {
    return html`<h1>Orders</h1><div class="nothing"><p>No order has been decided yet: every hold has its reason among the <a href="#/decisions">decisions</a>.</p></div>`;
  }
  return html`<h1>Orders</h1>${dataTable({
    caption: `${counted(orders.length, 'order')} of all vaults, newest first`,
    columns: [
      { label: 'order', align: 'left' },
      { label: 'vault', align: 'left' },
      { label: 'side', align: 'left' },
      { label: 'base' },
      { label: 'state', align: 'left' },
      { label: 'decided' },
    ],
    rows: orders.map(({ id, vault, side, base: amount, status, atSeconds }) => [
      html`<a href="${orderHref(id)}" id="order-${id}">${id.slice(id.indexOf('#'))}</a>`,
      vaultLink(vault),
      side,
      base(amount),
      statusBadge(status),
      html`${ago(atSeconds)} ago`,
    ]),
    empty: '',
  })}`;
}

const TONES: Readonly<Record<string, string>> = {
  filled: 'good',
  final: 'good',
  paper: 'good',
  reverted: 'bad',
  expired: 'dim',
  abandoned: 'dim',
};

function statusBadge(status: string): Markup {
  return html`<span class="badge ${TONES[status] ?? 'warn'}">${status}</span>`;
}

/** One order: where is it, and did it get the planned price? */
export function orderPage(order: OrderDocument): Markup {
  const { id, vault, status, decisionId, side, timeline, relays, comparison, legs, transactionHash } = order;
  const { lending, instruments } = order;
  const isReduction = legs.length === 0 && lending.length > 0;
  const unit = order.units?.base ?? 'base';
  return html`<div class="page-head"><p class="crumbs"><a href="#/orders">Orders</a> / ${vaultLink(vault)} / ${id}</p><h1>${id} ${statusBadge(status)}</h1>
<p class="sub">${isReduction ? 'reduce: margin eased, nothing traded' : `${side} ${unit}`}, decided by <a href="${decisionHref(decisionId)}">${decisionId}</a>${transactionHash === null ? '' : html`, transaction ${hashText(transactionHash)}`}</p></div>
${panel('timeline', 'From decision to finality', timelineList(timeline))}
<div class="split even">${panel(
    'comparison',
    'Plan against fill',
    dataTable({
      caption: `Amounts in ${unit} and ${order.units?.quote ?? 'quote'}; costs against the price that was decided on`,
      columns: [{ label: 'what', align: 'left' }, { label: 'plan' }, { label: 'fill' }],
      rows: comparison.map(({ name, plan, fill }) => [
        name,
        plan,
        fill === '–' ? missing('not known yet, or not for this') : fill,
      ]),
      empty: '',
    }),
  )}<div>${panel(
    'relays',
    'Relays asked, and what they said',
    dataTable({
      caption: 'A relay that does not know is settled by the chain, never by waiting',
      columns: [
        { label: 'relay', align: 'left' },
        { label: 'answer', align: 'left' },
        { label: 'in its words', align: 'left' },
        { label: 'after', unit: 's' },
      ],
      rows: relays.map(({ relay, status: said, detail, afterSeconds }) => [
        relay,
        answerBadge(said),
        detail === '' ? missing('it said nothing more') : detail,
        fixed(afterSeconds, 2),
      ]),
      empty: 'no relay has been asked',
    }),
  )}${panel(
    'legs',
    'Legs',
    dataTable({
      caption: 'Pools that the order goes over',
      columns: [
        { label: 'pool', align: 'left' },
        { label: 'address', align: 'left' },
        { label: 'base', unit },
        { label: 'share' },
      ],
      rows: legs.map(({ venue, pool, base: amount, share, via }) => [
        via === null ? venue : `${venue}, then ${via}`,
        hashText(pool),
        base(amount),
        percent(share, 0),
      ]),
      empty:
        lending.length === 0 ? 'it has none' : 'none: it changes what is lent and owed, and trades nothing',
    }),
  )}${lending.length === 0 ? '' : lendingPanel(lending)}${instruments.length === 0 ? '' : panel('instruments', 'Done with', instrumentsTable(instruments, order.units))}</div></div>`;
}

function lendingPanel(steps: OrderDocument['lending']): Markup {
  return panel(
    'lending',
    'Beside the swaps',
    dataTable({
      caption: 'Withdrawals of liquidity and lending steps, in one transaction with the swaps, in this order',
      columns: [
        { label: 'when', align: 'left' },
        { label: 'step', align: 'left' },
        { label: 'amount' },
        { label: 'where', align: 'left' },
      ],
      rows: steps.map(({ when, kind, amount, pool }) => [when, kind, amount, hashText(pool)]),
      empty: '',
    }),
  );
}

const ANSWERS: Readonly<Record<string, string>> = {
  accepted: 'good',
  refused: 'bad',
  unknown: 'warn',
  withheld: 'dim',
};

function answerBadge(status: string): Markup {
  return html`<span class="badge ${ANSWERS[status] ?? 'dim'}">${status}</span>`;
}

function timelineList(steps: readonly TimelineStep[]): Markup {
  return html`<ol class="timeline">${steps.map((step, index) => {
    const before = steps[index - 1]?.atSeconds ?? null;
    const elapsed =
      step.atSeconds === null || before === null ? '' : `+${elapsedWords(step.atSeconds - before)}`;
    return html`<li class="${step.tone}"><span class="elapsed">${elapsed}</span><span class="knot" aria-hidden="true"></span><span class="step"><strong>${step.title}</strong><small>${step.detail}${step.atSeconds === null ? '' : ` · ${new Date(step.atSeconds * 1_000).toISOString().slice(11, 19)} UTC`}</small></span></li>`;
  })}</ol>`;
}

function elapsedWords(seconds: number): string {
  if (seconds < 1) return `${fixed(Math.max(0, seconds) * 1_000, 0)} ms`;
  if (seconds < 120) return `${fixed(seconds, 1)} s`;
  return `${fixed(seconds / 60, 0)} min`;
}
