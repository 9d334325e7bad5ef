import { utcDay } from '../../core/report/utc.ts';
import type { StudyReport } from '../document.ts';
import { calibrationSection } from './calibration.ts';
import { chartData, overTimeSection } from './charts.ts';
import { distributionFigure } from './distribution.ts';
import { frontierFigure } from './frontier.ts';
import { type Content, html, jsonMarkup, Markup } from './markup.ts';
import { assumptionsSection, policiesSection, verdictSection } from './overview.ts';
import {
  notTradedTable,
  openAtEndList,
  refusalsTable,
  roundsTable,
  waterfall,
  worstHoursTable,
} from './policyPanels.ts';
import { colourClass } from './shapes.ts';
import { type SourceHash, standalonePage } from './standalonePage.ts';

/** What a page brings along, so that it asks nobody for anything. */
export interface PageAssets {
  /** Style sheets, in order. */
  readonly styles: readonly string[];
  /** Scripts, in order. */
  readonly scripts: readonly string[];
  /** Names the parts of others that are in the page, with their licences. */
  readonly licences: string;
}

/**
 * A report as one HTML page that needs nothing else.
 *
 * @throws nothing; whatever is in the report is escaped
 */
export function reportPage(report: StudyReport, assets: PageAssets, hashOf: SourceHash): string {
  const { title, vault, path, fromSeconds, toSeconds } = report;
  const body = html`<main>
${verdictSection(report)}
${assumptionsSection(report)}
${policiesSection(report)}
<section id="frontier"><h2>Cost against risk</h2>${frontierFigure(report.frontiers, report.units.quote)}</section>
${byPolicy(report)}
${report.calibration !== null && calibrationSection(report.calibration, report.units.quote)}
${reproduceSection(report)}
</main>
<div id="tip" role="presentation" hidden></div>
<p id="live" class="unseen" role="status" aria-live="polite"></p>
<script type="application/json" id="chart-data">${jsonMarkup(chartData(report))}</script>
<!--
${new Markup(assets.licences.replaceAll('--', '—'))}
-->`;
  const sub = `vault ${vault} · ${path} · ${utcDay(fromSeconds)} to ${utcDay(toSeconds)}`;
  const { styles, scripts } = assets;
  return standalonePage(
    { title, heading: title, sub, skipTo: 'verdict', links: links(report), body, styles, scripts },
    hashOf,
  );
}

const SECTIONS = [
  ['verdict', 'Result'],
  ['assumptions', 'Taken for granted'],
  ['policies', 'Policies'],
  ['frontier', 'Cost against risk'],
  ['over-time', 'Over time'],
  ['profit', 'Profit and loss'],
  ['distribution', 'Hourly error'],
  ['not-traded', 'Not traded'],
  ['rounds', 'Rounds'],
  ['worst', 'Worst hours'],
  ['calibration', 'Calibration'],
  ['reproduce', 'Reproduce'],
] as const;

function links({ calibration }: StudyReport): Content {
  return SECTIONS.filter(([id]) => id !== 'calibration' || calibration !== null).map(
    ([id, label]) => html`<li><a href="#${id}">${label}</a></li>`,
  );
}

/** What is shown of one policy at a time, and the choice of which; without JavaScript all are shown. */
function byPolicy(report: StudyReport): Markup {
  const { policies, units } = report;
  const panels = (of: (policy: StudyReport['policies'][number]) => Content) =>
    policies.map((policy, index) => html`<div data-policy="${index}">${of(policy)}</div>`);
  const choice = policies.map(
    ({ name }, index) =>
      html`<label class="${colourClass(index)}"><input type="radio" name="policy" value="${index}"${index === 0 ? new Markup(' checked') : ''}><span>${name}</span></label>`,
  );
  return html`<div class="by-policy">
${policies.length > 1 && html`<fieldset class="switch"><legend>Shown below</legend>${choice}</fieldset>`}
${overTimeSection(report)}
<section id="profit"><h2>Profit and loss taken apart</h2>${panels((policy) => waterfall(policy, units.quote))}</section>
<section id="distribution"><h2>Hourly hedging error</h2>${panels((policy) => distributionFigure(policy, units.quote))}</section>
<section id="not-traded"><h2>Not traded, and why</h2>${panels((policy) => html`<div class="split even">${notTradedTable(policy)}${refusalsTable(policy)}</div>`)}</section>
<section id="rounds"><h2>Rounds: premium against hedging</h2>${panels((policy) => html`${roundsTable(policy, units.quote)}<h3>Open at the end, not counted above</h3>${openAtEndList(policy)}`)}</section>
<section id="worst"><h2>Worst hours</h2>${panels((policy) => worstHoursTable(policy, units))}</section>
</div>`;
}

function reproduceSection({ reproduce }: StudyReport): Markup {
  const { command, seed, version, configHash, dataHash } = reproduce;
  const missing = (why: string) => html`<span class="missing">–</span> ${why}`;
  const rows: readonly (readonly [string, Content])[] = [
    ['seed', seed ?? missing('nothing in this report was drawn')],
    ['ballast', version],
    ['config hash', configHash ?? missing('no config file was used')],
    ['data hash', dataHash ?? missing('the path was simulated: the seed is enough')],
  ];
  return html`<section id="reproduce"><h2>Get the same again</h2>
<pre tabindex="0"><code>${command}</code></pre>
<dl class="facts">${rows.map(([name, text]) => html`<div><dt>${name}</dt><dd><code>${text}</code></dd></div>`)}</dl>
</section>`;
}
