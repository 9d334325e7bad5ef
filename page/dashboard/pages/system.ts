import { count, percent } from '../../../src/core/report/numbers.ts';
import type { SystemDocument } from '../../../src/dashboard/documents.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable } from '../../../src/report/html/table.ts';
import { ago } from '../parts/ages.ts';
import { factList, panel } from '../parts/words.ts';

const facts = (rows: readonly { readonly name: string; readonly value: string }[]) =>
  factList(rows.map(({ name, value }) => [name, value] as const));

/** What the keeper stands on: build, arming, journal, endpoints, relays, rules. */
export function systemPage({
  build,
  keeper,
  arming,
  journal,
  chain,
  endpoints,
  relays,
  vaults,
}: SystemDocument): Markup {
  return html`<h1>System</h1><div class="grid">
${panel('build', 'Build', facts(build))}
${panel('keeper', 'Keeper', keeper.length === 0 ? html`<p class="empty">no keeper has written into this journal since it says so: <code>ballast run</code></p>` : facts(keeper))}
${panel('journal', 'Journal', facts(journal))}
${panel('chain', 'Chain', chainBody(chain))}
</div>
${panel(
  'arming',
  'Arming',
  arming.length === 0
    ? html`<p class="empty">without a config nothing can be said of arming</p>`
    : dataTable({
        caption: 'Whether each vault may trade off this machine: ballast arm, ballast disarm',
        columns: [
          { label: 'vault', align: 'left' },
          { label: 'standing', align: 'left' },
          { label: 'why', align: 'left' },
        ],
        rows: arming.map(({ vault, standing, why }) => [vault, standing, why]),
        empty: '',
      }),
)}
${panel(
  'endpoints',
  'RPC endpoints',
  dataTable({
    caption: 'As configured; addresses without what may be secret in them',
    columns: [
      { label: 'name', align: 'left' },
      { label: 'address', align: 'left' },
      { label: 'asked for', align: 'left' },
    ],
    rows: endpoints.map(({ name, url, roles }) => [name, url, roles]),
    empty: 'no chain is configured here',
  }),
)}
${panel(
  'system-relays',
  'Relays',
  dataTable({
    caption:
      'The chance that what a relay accepts lands in its window, by the journal; older orders count less',
    columns: [
      { label: 'relay', align: 'left' },
      { label: 'kind', align: 'left' },
      { label: 'score' },
      { label: 'orders' },
    ],
    rows: relays.map(({ name, kind, score, orders }) => [
      name,
      kind,
      percent(score, 0),
      orders < 0.5 ? 'none yet' : count(orders),
    ]),
    empty: 'no relay is configured and none was ever asked',
  }),
)}
<div class="grid">${vaults.map(({ name, policy, limits }) => panel(`rules-${name}`, `Rules of ${name}`, html`<p class="sub">${policy}</p>${facts(limits)}`))}</div>`;
}

function chainBody({ id, head, why }: SystemDocument['chain']): Markup {
  return factList([
    ['chain', id === null ? '–' : String(id)],
    head === null
      ? ['head', html`<span class="missing">–</span> ${why}`]
      : ['head', html`block ${count(Number(head.blockNumber))}, ${ago(head.atSeconds)} old`],
  ]);
}
