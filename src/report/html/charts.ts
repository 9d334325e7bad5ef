import type { StudyReport } from '../document.ts';
import { html, type Markup } from './markup.ts';
import { periodsTable } from './policyPanels.ts';

/** What the page's script draws: the columns by policy, and what to call things. */
export interface ChartData {
  readonly units: StudyReport['units'];
  readonly costTimestampSeconds: readonly number[];
  /** Place of the policy that costs are set against; null where it would be against itself. */
  readonly against: number | null;
  readonly policies: readonly Pick<StudyReport['policies'][number], 'name' | 'series' | 'costs' | 'marks'>[];
}

/** Picks what charts need out of a report. */
export function chartData({ units, costTimestampSeconds, policies }: StudyReport): ChartData {
  const fixedBand = policies.findIndex(({ name }) => name.startsWith('fixedBand'));
  const against = Math.max(fixedBand, 0);
  return {
    units,
    costTimestampSeconds,
    against: policies.length > 1 ? against : null,
    policies: policies.map(({ name, series, costs, marks }) => ({ name, series, costs, marks })),
  };
}

function chart(id: string, title: string, caption: Markup): Markup {
  return html`<figure class="chart">
<h3 id="${id}-title">${title}</h3>
<div class="drawing" data-chart="${id}" role="application" aria-roledescription="chart" aria-labelledby="${id}-title" aria-describedby="${id}-caption" tabindex="0"></div>
<p class="readout" id="${id}-readout"></p>
<figcaption id="${id}-caption">${caption}</figcaption>
</figure>`;
}

const ZOOM = [
  ['in', '+', 'Zoom in'],
  ['out', '−', 'Zoom out'],
  ['earlier', '←', 'Earlier'],
  ['later', '→', 'Later'],
  ['all', 'All', 'Show all'],
] as const;

/** Price and hedges, net delta in its band, and costs over time, sharing one cursor. */
export function overTimeSection(report: StudyReport): Markup {
  const { policies, units } = report;
  const { against } = chartData(report);
  const other = against === null ? null : policies[against]!.name;
  const shown = policies[0]?.series;
  const thinned = shown !== undefined && shown.of > shown.timestampSeconds.length;
  return html`<section id="over-time"><h2>Over time</h2>
<noscript><p class="note">These four charts need JavaScript; the tables beneath do not.</p></noscript>
<div class="zoom" role="group" aria-label="Zoom of the charts over time">${ZOOM.map(([action, sign, label]) => html`<button type="button" data-zoom="${action}" aria-label="${label}" title="${label}">${sign}</button>`)}</div>
${chart('price', 'Price and hedges', html`Quote per base, ${units.quote} per ${units.base}. Triangles down are sales, up are purchases, larger for more.${thinned && ' Thinned to what can be seen: each stretch keeps its first, last, lowest and highest step, so that no breach is lost.'}`)}
${chart('delta', 'Net delta in its band', html`${units.base}. The shaded band is where the policy waits; it moves with gas, depth, gamma and volatility. Where a policy has no band there is no shade.`)}
${chart('cost', other === null ? 'Cost so far' : `Cost so far, against ${other} on the same path`, html`${units.quote}: fee, impact and gas. The thick line is the policy that is chosen above${other !== null && html`, the dashed one ${other}`}.`)}
${chart('parts', 'Cost so far by part', html`${units.quote}, from below: <span class="key s2">swap fees</span>, <span class="key s3">impact</span>, <span class="key s1">gas</span> of all attempts.`)}
${policies.map((policy, index) => html`<details data-policy="${index}"><summary>The same as a table: ${policy.name}</summary>${periodsTable(policy, units)}</details>`)}
</section>`;
}
