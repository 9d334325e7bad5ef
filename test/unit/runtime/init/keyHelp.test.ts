import { describe, expect, it } from 'vitest';
import { keyHelpLines } from '../../../../src/cli/output/init.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { toJsonSchema } from '../../../../src/runtime/config/jsonSchema.ts';
import { configSchema } from '../../../../src/runtime/config/schema.ts';
import { explainKey } from '../../../../src/runtime/init/keyHelp.ts';
import { registry } from '../../../../src/runtime/registry.ts';

describe('what a config key means', () => {
  it('is found by the last word of its path, wherever it stands', () => {
    const paths = explainKey(registry, 'maxSlippageBps').map(({ path }) => path);
    expect(paths).toContain('vaults[].limits.maxSlippageBps');
    expect(paths).toContain('vaults[].mandate.maxSlippageBps');
  });

  it('is found by its place as errors write it', () => {
    const [only, ...rest] = explainKey(registry, 'vaults[0].limits.maxGasQuote');
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      path: 'vaults[].limits.maxGasQuote',
      takes: 'number above 0',
      standard: defaultLimits.maxGasQuote,
    });
  });

  it('names the plug-in that a key belongs to, with its sample as the example', () => {
    const of = explainKey(registry, 'riskAversion').find(({ kind }) => kind === 'whalleyWilmott');
    const { sample } = registry.policies.whalleyWilmott as { readonly sample: unknown };
    expect(of?.examples).toEqual([(sample as { riskAversion: number }).riskAversion]);
  });

  it('proposes the key that was most likely meant', () => {
    expect(() => explainKey(registry, 'maxSlipageBps')).toThrow(
      expect.objectContaining({ action: 'did you mean maxSlippageBps?' }),
    );
  });

  it('knows every key at the top, and fits into 80 columns', () => {
    const { schema, families } = configSchema(registry);
    const keys = Object.keys(toJsonSchema(schema, families).properties ?? {});
    expect(keys.length).toBeGreaterThan(8);
    for (const key of keys) {
      const lines = keyHelpLines(explainKey(registry, key), plainStyle);
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
