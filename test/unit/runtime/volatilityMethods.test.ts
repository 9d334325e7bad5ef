import { describe, expect, it } from 'vitest';
import { uniswapVolatility } from '../../../src/adapters/feeds/index.ts';
import type { VaultConfig } from '../../../src/runtime/config/schema.ts';
import { registry } from '../../../src/runtime/registry.ts';
import { sourcesWithMethods } from '../../../src/runtime/volatilityMethods.ts';
import { contextAt } from '../../support/readContext.ts';

describe('sources with other methods', () => {
  const volatility: VaultConfig['volatility'] = [
    { kind: 'uniswapVolatility', config: uniswapVolatility.sample },
    { kind: 'fixedVolatility', config: { volatility: 0.6 } },
  ];
  const choice = {
    halfLifeSeconds: 3_600,
    models: ['garch', 'gjr'] as const,
    horizonsSeconds: [86_400, 604_800],
  };
  const sources = sourcesWithMethods({ volatility } as unknown as VaultConfig, choice, { registry, fetch });

  it('are those that have a method, once for each: realized, ewma, and every model at every horizon', () => {
    expect(sources.map(({ method }) => method)).toEqual([
      { kind: 'realized' },
      { kind: 'ewma', halfLifeSeconds: 3_600 },
      { kind: 'garch', model: 'garch', horizonSeconds: 86_400 },
      { kind: 'garch', model: 'garch', horizonSeconds: 604_800 },
      { kind: 'garch', model: 'gjr', horizonSeconds: 86_400 },
      { kind: 'garch', model: 'gjr', horizonSeconds: 604_800 },
    ]);
  });

  it('ask for the same history, so that one round of calls serves all of them', () => {
    const asked = sources.map(({ feed }) => {
      if (!('read' in feed)) throw new Error('a feed of the chain was expected');
      return feed.read(contextAt()).next().value;
    });
    expect(asked.length).toBe(6);
    for (const calls of asked) expect(calls).toEqual(asked[0]);
    expect(new Set(sources.map(({ feed }) => feed.key)).size).toBe(6);
  });
});
