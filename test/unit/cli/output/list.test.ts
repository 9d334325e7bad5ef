import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pluginLines } from '../../../../src/cli/output/list.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { type PluginFacts, pluginsNamed, pluginsOf } from '../../../../src/runtime/plugins.ts';
import { type Registry, registry } from '../../../../src/runtime/registry.ts';

const all = pluginsOf(registry);
const families = Object.keys(registry) as (keyof Registry)[];
const lines = pluginLines(all, plainStyle);

describe('the list of plug-ins', () => {
  it('has every plug-in of every family once, and says what each does', () => {
    const wanted = families.flatMap((family) =>
      Object.keys(registry[family]).map((kind) => `${family} ${kind}`),
    );
    expect(all.map(({ family, kind }) => `${family} ${kind}`).sort()).toEqual(wanted.sort());
    for (const { summary } of all) expect(summary.length).toBeGreaterThan(10);
  });

  it('says of everything that reads a contract what it was verified on, and of nothing else', () => {
    const onChain = ['protocols', 'accounts', 'venues', 'feeds'];
    for (const { family, verified } of all) expect(verified !== null).toBe(onChain.includes(family));
    const unproved = all.filter(({ family, verified }) => family === 'protocols' && verified === 'abi-only');
    expect(unproved.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['gmx', 'opyn', 'panoptic', 'premia', 'ribbon', 'squeeth', 'synthetix']),
    );
  });

  it('has samples that are configs of their plug-ins', () => {
    for (const { family, kind, sample } of all) {
      if (sample === null) continue;
      const plugin = registry[family][kind] as { config?: { parse(input: unknown): unknown } };
      if (plugin.config !== undefined) expect(plugin.config.parse(sample)).toEqual(sample);
    }
  });

  it('fits into 80 columns, with the second and third column below their heads', () => {
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const head = lines.find((line) => line.startsWith('kind '))!;
    for (const { kind, verified, summary } of all) {
      const row = lines.find((line) => line.startsWith(`${kind} `))!;
      expect(row.indexOf(verified ?? '–')).toBe(head.indexOf('verified'));
      const first = row.slice(head.indexOf('what')).trim();
      expect(summary.startsWith(first)).toBe(true);
      expect(first).not.toBe('');
    }
  });

  it('shows samples that can be pasted into a config', () => {
    const index = lines.findIndex((line) => line.startsWith('squeeth '));
    const from = lines.findIndex((line, at) => at > index && line.startsWith('  {'));
    const to = lines.findIndex((line, at) => at >= from && line.endsWith('}'));
    expect(parse(lines.slice(from, to + 1).join('\n'))).toEqual({
      kind: 'squeeth',
      ...(registry.protocols.squeeth!.sample as object),
    });
  });
});

describe('a word', () => {
  const kinds = (found: readonly PluginFacts[]) => found.map(({ kind }) => kind);

  it.each([['venues'], ['venue'], ['Venues']])('%s means a family', (word) => {
    expect(kinds(pluginsNamed(all, word)).sort()).toEqual(Object.keys(registry.venues).sort());
  });

  it('means one plug-in, and its family is shown alone', () => {
    const found = pluginsNamed(all, 'opyn');
    expect(kinds(found)).toEqual(['opyn']);
    expect(pluginLines(found, plainStyle).join('\n')).not.toContain('venues');
  });

  it('that means nothing is refused with what was probably meant', () => {
    expect(() => pluginsNamed(all, 'squeth')).toThrow(
      expect.objectContaining({ code: 'PLUGIN_UNKNOWN', action: 'did you mean squeeth?' }),
    );
  });
});
