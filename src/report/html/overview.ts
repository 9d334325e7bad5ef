import { fixed, significant } from '../../core/report/format.ts';
import { bps, count, counted, quote, UNKNOWN } from '../../core/report/numbers.ts';
import { utcDay, utcMinute } from '../../core/report/utc.ts';
import type { ErrorBars } from '../../sim/study/blockBootstrap.ts';
import type { Known, PolicyReport, StudyReport } from '../document.ts';
import { costShares } from '../verdict.ts';
import { html, type Markup } from './markup.ts';
import { type Cell, cellOf, dataTable } from './table.ts';

const range = ({ low, high }: ErrorBars, form: (value: number) => string) => `${form(low)} to ${form(high)}`;

function tile(label: string, value: string, beneath: string): Markup {
  return html`<div class="tile"><dt>${label}</dt><dd>${value}</dd><dd class="beneath">${beneath}</dd></div>`;
}

function turnoverTile({ cost, turnoverQuote }: PolicyReport, unit: string): Markup {
  const share = turnoverQuote > 0 ? bps((10_000 * cost.total) / turnoverQuote) : UNKNOWN;
  return tile('cost of what was traded', share, `${count(turnoverQuote)} ${unit} turnover`);
}

const barsBeneath = (bars: Known<ErrorBars>, otherwise: string) =>
  'value' in bars ? `95 %: ${range(bars.value, quote)}` : otherwise;

/** A percent sign that no line begins with. */
const NARROW_PERCENT = '\u00a0%';

/** What came out, in one sentence and four figures, and what that does not show. */
export function verdictSection({ verdict, policies, units }: StudyReport): Markup {
  const baseline = policies[0];
  const tiles =
    baseline === undefined
      ? ''
      : html`<dl class="tiles" aria-label="${baseline.name}">
${tile(`cost, ${units.quote}`, quote(baseline.cost.total), barsBeneath(baseline.costBars, 'fee, impact and gas'))}
${tile(`hedging error, ${units.quote} an hour`, quote(baseline.risk.hedgingError), barsBeneath(baseline.errorBars, 'standard deviation'))}
${tile('hedges', count(baseline.hedges), `${significant(baseline.hedgesPerDay, 3)} a day`)}
${turnoverTile(baseline, units.quote)}
</dl>`;
  return html`<section id="verdict"><h2 class="quiet">What came out</h2>
<p class="lead">${verdict.sentence.replaceAll(' %', NARROW_PERCENT)}</p>
${tiles}
<ul class="limits" aria-label="What this does not show">${verdict.limits.map((limit) => html`<li>${limit}</li>`)}</ul>
</section>`;
}

/** What was taken for granted, what is not modelled, and what was wrong with the data. */
export function assumptionsSection(report: StudyReport): Markup {
  const { assumptions, notModelled, fromSeconds, toSeconds, steps, years, path, findings } = report;
  const span = `${utcDay(fromSeconds)} to ${utcDay(toSeconds)}, ${count(steps)} steps, ${significant(years, 3)} years`;
  const rows = [{ name: 'path', text: `${path}: ${span}` }, ...assumptions];
  return html`<section id="assumptions"><h2>Taken for granted</h2>
<div class="split even"><dl class="facts">${rows.map(({ name, text }) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>
<div><h3>Not modelled</h3><ul class="plain">${notModelled.map((text) => html`<li>${text}</li>`)}</ul></div></div>
<h3 id="findings">What was wrong with the data</h3>
${findingsTable(findings)}
</section>`;
}

const MOST_FINDINGS = 60;

function findingsTable(findings: StudyReport['findings']): Markup {
  const more = findings.length - MOST_FINDINGS;
  const beyond = more > 0 && html`<p class="note">and ${count(more)} more, in the JSON file</p>`;
  return html`${dataTable({
    caption: `${count(findings.length)} findings, and what was done about each`,
    columns: [
      { label: 'time, UTC', align: 'left' },
      { label: 'kind', align: 'left' },
      { label: 'found and done', align: 'left' },
    ],
    rows: findings
      .slice(0, MOST_FINDINGS)
      .map(({ timestampSeconds, kind, text }): readonly Cell[] => [
        timestampSeconds !== null && Number.isFinite(timestampSeconds)
          ? utcMinute(timestampSeconds)
          : { missing: 'it has no moment, or the time itself is bad' },
        kind,
        text,
      ]),
    empty: 'nothing was found wrong with the data',
  })}${beyond}`;
}

/** All policies side by side; the baseline is named in the header, so that no figure depends on who else is shown. */
export function policiesSection({ policies, baseline, units, paths }: StudyReport): Markup {
  const unit = units.quote;
  const score = ({ score: known }: PolicyReport): Cell =>
    cellOf(
      known,
      ({ ratio, bars }) =>
        html`<b>${fixed(ratio, 2)}</b>${'value' in bars && html` <small>${range(bars.value, (value) => fixed(value, 2))}</small>`}`,
    );
  const barred = (value: number, bars: Known<ErrorBars>) =>
    html`${quote(value)}${'value' in bars && html` <small>${range(bars.value, quote)}</small>`}`;
  return html`<section id="policies"><h2>Policies</h2>
${dataTable({
  caption: `On the path of the charts; score over ${counted(paths, 'path')}. Small figures are 95 % error bars. Low is good.`,
  columns: [
    { label: 'policy', align: 'left' },
    { label: 'hedges' },
    { label: 'cost', unit },
    { label: 'fee / impact / gas', unit: '%' },
    { label: 'hedging error', unit: `${unit}/h` },
    { label: 'shortfall 99 %', unit: `${unit}/h` },
    { label: 'deepest fall', unit },
    { label: 'score', unit: `${baseline} = 1` },
  ],
  rows: policies.map((policy): readonly Cell[] => [
    html`${policy.name} <small>${policy.parameters}</small>`,
    count(policy.hedges),
    barred(policy.cost.total, policy.costBars),
    costShares(policy.cost) ?? { missing: 'nothing was paid' },
    barred(policy.risk.hedgingError, policy.errorBars),
    quote(policy.risk.expectedShortfall99),
    quote(policy.risk.maxDrawdown),
    score(policy),
  ]),
  empty: 'no policy was run',
})}
<p class="note">Hedging error: standard deviation of hourly sums of net delta × price change. Shortfall: mean loss of the worst 1 % of the hours. Cost: fee, impact and gas, failed attempts included, against the fair price at decision. Score: cost over that of the baseline at equal hedging error, by the logarithm of cost between their settings at three levels; error bars draw whole weeks, the same for all.</p>
</section>`;
}
