import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricDefinitions } from '../../../src/runtime/metrics/definitions.ts';
import { createExporter } from '../../../src/runtime/metrics/exporter.ts';

const docs = join(import.meta.dirname, '../../../docs');
const read = (file: string) => readFileSync(join(docs, file), 'utf8');

/** Every name that a scrape can hold, with the labels that it can have. */
const exported = new Map<string, readonly string[]>(
  metricDefinitions.flatMap(({ name, type, labels }): [string, readonly string[]][] =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ]
      : [[name, labels]],
  ),
);

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const rules = (parse(read('monitoring/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
interface Panel {
  readonly id: number;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard = JSON.parse(read('monitoring/grafana.json')) as { panels: Panel[] };

const namesIn = (text: string) => [...text.matchAll(/ballast_\w+/g)].map(([name]) => name);
/** Labels that an expression or its words ask for: by (…), {label=…}, {{label}}. */
const labelsIn = (expression: string, words: string) => [
  ...[...expression.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',')),
  ...[...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label),
  ),
  ...[...words.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label = '']) => label),
];

describe.each([
  ...rules.map(({ alert, expr, annotations }) => [alert, expr, annotations.summary] as const),
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => [title, expr, legendFormat] as const),
  ),
])('%s: %s', (_, expr, words) => {
  it('asks only for what a keeper exports, by labels that it has', () => {
    const names = namesIn(expr);
    expect(names.filter((name) => !exported.has(name))).toEqual([]);
    const known = names.flatMap((name) => exported.get(name) ?? []);
    expect(
      labelsIn(expr, words)
        .map((label) => label.trim())
        .filter((label) => label !== '' && !known.includes(label)),
    ).toEqual([]);
  });
});

describe('the alert rules', () => {
  it('are as many as documented, each with a severity and a section to turn to', () => {
    expect(rules.length).toBeGreaterThanOrEqual(9);
    const sections = [...read('alerts.md').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      const [file, section] = annotations.runbook.split('#');
      expect(file).toBe('docs/alerts.md');
      expect(sections).toContain(section);
    }
  });
});

describe('the dashboard', () => {
  it('lays no panel over another', () => {
    for (const a of dashboard.panels) {
      for (const b of dashboard.panels) {
        if (a.id >= b.id) continue;
        const [p, q] = [a.gridPos, b.gridPos];
        const isApart = p.x + p.w <= q.x || q.x + q.w <= p.x || p.y + p.h <= q.y || q.y + q.h <= p.y;
        expect(isApart, `${a.title} and ${b.title}`).toBe(true);
      }
    }
  });
  it('shows nearly everything that is exported', () => {
    const shown = new Set(
      dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => namesIn(expr))),
    );
    const hidden = metricDefinitions.filter(
      ({ name, type }) => !shown.has(type === 'histogram' ? `${name}_bucket` : name),
    );
    expect(hidden.map(({ name }) => name).sort()).toEqual([
      'ballast_mode',
      'ballast_order_oldest_timestamp_seconds',
      'ballast_vault_info',
    ]);
  });
});

describe('names', () => {
  it('are those of docs/metrics.md, with their labels', () => {
    const rows = [...read('metrics.md').matchAll(/^\| `(ballast_\w+)` \| (\w+) \| ([^|]*) \|/gm)].map(
      ([, name, type, labels = '']) => ({
        name,
        type,
        labels: labels
          .split(',')
          .map((label) => label.trim())
          .filter((label) => label !== '' && label !== '–'),
      }),
    );
    const wanted = metricDefinitions.map(({ name, type, labels }) => ({ name, type, labels: [...labels] }));
    expect(rows).toEqual(wanted);
  });
  it('are in base units, the unit last, totals after it', () => {
    for (const { name, type } of metricDefinitions) {
      expect(name).toMatch(/^ballast_[a-z_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
    }
  });
});

describe('a value that is no number', () => {
  it('is left out and counted, and the sample before it is gone', async () => {
    const exporter = createExporter();
    exporter.set('ballast_spot_quote', { vault: 'a' }, 3_000);
    exporter.set('ballast_spot_quote', { vault: 'a' }, Number.NaN);
    exporter.add('ballast_gas_used_total', { vault: 'a' }, Number.POSITIVE_INFINITY);
    exporter.observe('ballast_tick_duration_seconds', { stage: 'tick' }, Number.NaN);
    const text = await exporter.text();
    expect(text).not.toMatch(/ballast_spot_quote\{/);
    expect(text).not.toMatch(/NaN|Inf\s*$/m);
    for (const metric of ['spot_quote', 'gas_used_total', 'tick_duration_seconds'])
      expect(text).toContain(`ballast_samples_omitted_total{metric="ballast_${metric}"} 1`);
  });
});
