import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { book } from '../../../src/adapters/protocols/index.ts';
import type { VaultTerms } from '../../../src/core/snapshot.ts';
import { loadStudy } from '../../../src/runtime/backtest/loadStudy.ts';
import { eventsOf } from '../../../src/runtime/calendar/eventsText.ts';
import { toJsonSchema } from '../../../src/runtime/config/jsonSchema.ts';
import { loadConfig } from '../../../src/runtime/config/load.ts';
import { configSchema } from '../../../src/runtime/config/schema.ts';
import { createLog } from '../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../src/runtime/log/redact.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { systemTools } from '../../../src/runtime/worlds/tools.ts';

const folder = join(import.meta.dirname, '../../../examples');
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

const configs = ['ballast.yaml', 'operated.yaml'];
const studies = ['backtest.yaml', 'calibrate.yaml'];
const books = ['book.csv', 'book.yaml'];
const calendars = ['events.yaml'];
const scripts = ['library.ts'];

it('every example is tried here, but the plug-ins, which have tests of their own', () => {
  const there = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  expect(there.sort()).toEqual([...configs, ...studies, ...books, ...calendars, ...scripts].sort());
});

describe.each(configs)('%s', (name) => {
  /** As far as nothing is asked of anybody: no node, no key. */
  const asked: string[] = [];
  const environment = (variable: string) => {
    asked.push(variable);
    return 'http://127.0.0.1:1';
  };

  it('passes every check of a config', async () => {
    const config = await loadConfig(at(name), { registry, environment });
    expect(config.vaults.length).toBeGreaterThan(0);
    expect(asked.length).toBeGreaterThan(0);
  });

  it('names a schema that is there, and that knows its keys', () => {
    const [, schema = ''] = /\$schema=(\S+)/.exec(read(name)) ?? [];
    const committed: unknown = JSON.parse(readFileSync(join(folder, schema), 'utf8'));
    const { schema: own, families } = configSchema(registry);
    expect(Object.keys((committed as { properties: object }).properties)).toEqual(
      Object.keys(toJsonSchema(own, families).properties ?? {}),
    );
  });
});

describe.each(studies)('%s', (name) => {
  it('is a study with markets and policies', async () => {
    const redactor = createRedactor();
    const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
    const { markets, policies } = await loadStudy(at(name), tools);
    expect(markets.length).toBeGreaterThan(0);
    expect(policies.length).toBeGreaterThan(1);
  });
});

describe.each(books)('%s', (name) => {
  it('is a book whose every row counts, of the time that it says', async () => {
    const vault = {
      base: { address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2', symbol: 'WETH', decimals: 18 },
      quote: { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 },
      rate: 0,
    } as unknown as VaultTerms;
    const load = async (from: string) => ({ text: read(from), modifiedAtSeconds: null });
    const { signal } = new AbortController();
    const stated = await book.observe({ from: name, staleAfterSeconds: 86_400 }, vault, { load, signal });
    const rows = [...read(name).matchAll(/(?:kind: |^)(option|spot|perp)\b/gm)].map(([, kind]) => kind);
    expect(rows.length).toBeGreaterThan(3);
    // What is owed is a spot row of less than nothing.
    expect(stated.positions.map(({ kind }) => (kind === 'debt' ? 'spot' : kind))).toEqual(rows);
    expect(stated.observedAtSeconds).toBe(Date.parse('2026-11-20T08:00:00Z') / 1_000);
  });
});

describe.each(calendars)('%s', (name) => {
  it('is a calendar whose events each change something', () => {
    const events = eventsOf(name, read(name));
    expect(events.length).toBeGreaterThan(1);
    for (const { changes } of events) expect(Object.keys(changes).length).toBeGreaterThan(0);
  });
});

describe('library.ts', () => {
  it('runs, and the volatility that it finds is the one that it priced with', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => {});
    try {
      await import('../../../examples/library.ts');
      const lines = said.mock.calls.map(([line]) => String(line));
      expect(lines).toHaveLength(4);
      expect(lines[1]).toBe('implied 65.00 %');
      for (const line of lines) expect(line).not.toMatch(/NaN|undefined|Infinity/);
    } finally {
      said.mockRestore();
    }
  });
});
