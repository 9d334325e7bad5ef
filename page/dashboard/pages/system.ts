import { count, percent } from '../../../src/core/report/numbers.ts';
import { reasonWords } from '../../../src/core/report/reasonWords.ts';
import type { SystemDocument } from '../../../src/dashboard/systemDocument.ts';
import { type Content, html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable } from '../../../src/report/html/table.ts';
import { ago } from '../parts/ages.ts';
import { factList, known, missing, panel } from '../parts/words.ts';

const facts = (rows: readonly { readonly name: string; readonly value: string }[]) =>
  factList(rows.map(({ name, value }) => [name, value] as const));

/** What the keeper stands on: build, arming, journal, endpoints, relays, rules. */
export function systemPage(document: SystemDocument): Markup {
  const { build, keeper, arming, halts, journal, chain, endpoints, probationSeconds, relays, vaults } =
    document;
  return html`<h1>System</h1><div class="grid">
${panel('build', 'Build', facts(build))}
${panel('keeper', 'Keeper', keeper.length === 0 ? html`<p class="empty">no keeper has written into this journal since it says so: <code>ballast run</code></p>` : facts(keeper))}
${panel('journal', 'Journal', facts(journal))}
${panel('chain', 'Chain', chainBody(chain))}
${document.operations.length === 0 ? '' : panel('operations', 'Watched by', facts(document.operations))}
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
${halts.length === 0 ? '' : haltsPanel(halts)}
${endpointsPanel(endpoints, probationSeconds)}
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
      orders < 0.5 ? missing('no order has been settled by it yet') : percent(score, 0),
      orders < 0.5 ? 'none yet' : count(orders),
    ]),
    empty: 'no relay is configured and none was ever asked',
  }),
)}
${alertsPanel(document)}
<div class="grid">${vaults.map(({ name, policy, limits }) => panel(`rules-${name}`, `Rules of ${name}`, html`<p class="sub">${policy}</p>${facts(limits)}`))}</div>`;
}

const NO_KEEPER = 'only the page that a keeper serves knows it';

/** Said once beneath a table whose dashes all have the same reason. */
const notKnownHere = (what: string) =>
  html`<p class="note">${what}: not known here, since no keeper stands beside this page. The one that <code>ballast run</code> serves shows it.</p>`;

function haltsPanel(halts: SystemDocument['halts']): Markup {
  return panel(
    'halts',
    'Kept halts',
    dataTable({
      caption: 'What halts a vault until somebody resumes it: ballast resume --reason',
      columns: [
        { label: 'vault', align: 'left' },
        { label: 'halted by', align: 'left' },
        { label: 'why', align: 'left' },
        { label: 'since' },
        { label: 'resumed last', align: 'left' },
      ],
      rows: halts.map(({ vault, halt, resumed }) => [
        vault,
        halt === null ? 'nothing now' : html`<span class="badge bad">${reasonWords(halt.code)}</span>`,
        halt === null ? '' : halt.why,
        halt === null ? '' : html`${ago(halt.sinceSeconds)} ago`,
        resumed === null ? 'never' : html`by ${resumed.by}, ${ago(resumed.atSeconds)} ago: ${resumed.reason}`,
      ]),
      empty: '',
    }),
  );
}

function endpointsPanel(
  endpoints: SystemDocument['endpoints'],
  probationSeconds: SystemDocument['probationSeconds'],
): Markup {
  return panel(
    'endpoints',
    'RPC endpoints',
    html`${dataTable({
      caption:
        'Addresses without what may be secret in them; requests and errors since the keeper started, for as long as it runs',
      columns: [
        { label: 'name', align: 'left' },
        { label: 'address', align: 'left' },
        { label: 'asked for', align: 'left' },
        { label: 'standing', align: 'left' },
        { label: 'requests' },
        { label: 'errors' },
        { label: 'last error', align: 'left' },
      ],
      rows: endpoints.map(({ name, url, roles, health }) => [
        name,
        url,
        roles,
        standing(health, probationSeconds),
        known(health?.requests, count, NO_KEEPER),
        known(health?.errors, count, NO_KEEPER),
        health === null ? missing(NO_KEEPER) : lastError(health.lastError),
      ]),
      empty: 'no chain is configured here',
    })}${endpoints.length > 0 && endpoints.every(({ health }) => health === null) && notKnownHere('How each endpoint answers, and which is left out')}`,
  );
}

type Health = SystemDocument['endpoints'][number]['health'];

function standing(health: Health, probationSeconds: number | null): Content {
  if (health === null) return missing(NO_KEEPER);
  if (health.leftOut === null) {
    return health.requests === 0 ? 'not asked yet' : html`<span class="badge good">asked</span>`;
  }
  const { reason, sinceSeconds } = health.leftOut;
  const again = probationSeconds === null ? '' : `; looked at again every ${count(probationSeconds)} s`;
  return html`<span class="badge bad">left out</span> for ${ago(sinceSeconds)}: ${reason}${again}`;
}

function lastError(error: NonNullable<Health>['lastError']): Content {
  return error === null ? 'none' : html`${error.code}, ${ago(error.atSeconds)} ago`;
}

function alertsPanel({ channels, lasting, chain }: SystemDocument): Markup {
  const told = dataTable({
    caption: 'What was told since the keeper started and has not been told to be over',
    columns: [
      { label: 'severity', align: 'left' },
      { label: 'about', align: 'left' },
      { label: 'what', align: 'left' },
      { label: 'since' },
    ],
    rows: (lasting ?? []).map(({ severity, subject, title, sinceSeconds }) => [
      html`<span class="badge ${SEVERITIES[severity] ?? 'dim'}">${severity}</span>`,
      subject,
      title,
      html`${ago(sinceSeconds)} ago`,
    ]),
    empty: 'nothing',
  });
  return panel(
    'alerts',
    'Alerts',
    html`${dataTable({
      caption: 'Who is told',
      columns: [
        { label: 'channel', align: 'left' },
        { label: 'kind', align: 'left' },
        { label: 'hears of', align: 'left' },
        { label: 'not delivered' },
      ],
      rows: channels.map(({ name, kind, tells, failures, lastFailureAtSeconds }) => [
        name,
        kind,
        tells,
        failures === null || lastFailureAtSeconds === null
          ? known(failures, count, NO_KEEPER)
          : html`<span class="badge bad">${count(failures)}</span>, last ${ago(lastFailureAtSeconds)} ago`,
      ]),
      empty:
        chain.id === null
          ? 'without a config nothing can be said of who is told'
          : 'no channel is configured: nobody is told anything',
    })}${lasting === null ? notKnownHere('What was not delivered, and what people were told of that is not over') : told}`,
  );
}

const SEVERITIES: Readonly<Record<string, string>> = { critical: 'bad', warning: 'warn' };

function chainBody({ id, head, why }: SystemDocument['chain']): Markup {
  return factList([
    ['chain', id === null ? '–' : String(id)],
    head === null
      ? ['head', html`<span class="missing">–</span> ${why}`]
      : ['head', html`block ${count(Number(head.blockNumber))}, ${ago(head.atSeconds)} old`],
  ]);
}
