import { count, quote } from '../../../src/core/report/numbers.ts';
import type { ResearchDocument } from '../../../src/dashboard/views/research.ts';
import { frontierFigure } from '../../../src/report/html/frontier.ts';
import { html, type Markup } from '../../../src/report/html/markup.ts';
import { dataTable } from '../../../src/report/html/table.ts';
import { panel } from '../parts/words.ts';

/** Reports beside the config: which policy, and which risk aversion? */
export function researchPage({ folder, reports, unreadable }: ResearchDocument): Markup {
  const nothing = html`<div class="nothing"><p>No report was found${folder === null ? '' : html` in <code>${folder}</code>`}.</p><p>Make one: <code>ballast backtest --html report.html</code> writes the page and its JSON, which is shown here.</p></div>`;
  return html`<h1>Research</h1>
${reports.length === 0 ? nothing : ''}
${unreadable.map(({ file, why }) => html`<p class="warn-box">${file} cannot be read: ${why}</p>`)}
${reports.map((report, index) =>
  panel(
    `report-${index}`,
    report.title,
    html`<p class="lead">${report.verdict}</p>${report.frontiers.some(({ points }) => points.length > 0) ? frontierFigure(report.frontiers, report.unit) : html`<p class="empty">it has no frontier: one setting was tried</p>`}
${dataTable({
  caption: 'Policies on its first path',
  columns: [
    { label: 'policy', align: 'left' },
    { label: 'parameters', align: 'left' },
    { label: 'hedges' },
    { label: 'cost', unit: report.unit },
  ],
  rows: report.policies.map(({ name, parameters, hedges, cost }) => [
    name,
    parameters,
    count(hedges),
    quote(cost),
  ]),
  empty: 'it has none',
})}<p class="note"><code>${report.file}</code>, made by <code>${report.command}</code></p>`,
  ),
)}`;
}
