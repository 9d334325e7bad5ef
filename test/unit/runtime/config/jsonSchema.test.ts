import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toJsonSchema } from '../../../../src/runtime/config/jsonSchema.ts';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { configSchema } from '../../../../src/runtime/config/schema.ts';
import { registry } from '../../../../src/runtime/registry.ts';

const root = new URL('../../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const { schema, families } = configSchema(registry);
const generated = JSON.parse(JSON.stringify(toJsonSchema(schema, families)));

describe('the JSON Schema of the config', () => {
  it('is the one that is committed', () => {
    const { title: _, ...committed } = JSON.parse(read('docs/ballast.schema.json'));
    expect(committed).toEqual(generated);
  });

  it('spells out every plug-in of every family by its kind', () => {
    const vault = generated.properties.vaults.items.properties;
    const kinds = (part: { oneOf: { properties: { kind: { const: string } } }[] }) =>
      part.oneOf.map((option) => option.properties.kind.const).sort();
    expect(kinds(vault.positions.items)).toEqual(Object.keys(registry.protocols).sort());
    expect(kinds(vault.venues.items)).toEqual(Object.keys(registry.venues).sort());
    expect(kinds(vault.policy)).toEqual(Object.keys(registry.policies).sort());
    expect(kinds(vault.account)).toEqual(Object.keys(registry.accounts).sort());
  });

  it('allows no unknown keys', () => {
    expect(generated.additionalProperties).toBe(false);
    expect(generated.properties.vaults.items.additionalProperties).toBe(false);
  });
});

describe('examples/ballast.yaml', () => {
  it('is a config that passes', () => {
    const environment = (name: string) => ({ RPC_URL: 'https://node.example/token' })[name];
    const config = parseConfig('ballast.yaml', read('examples/ballast.yaml'), { registry, environment });
    expect(config.vaults.map(({ name }) => name)).toEqual(['eth-strangle']);
    expect(config.submission.maxFeePerGasWei).toBe(200_000_000_000n);
  });

  it('passes with the bridge that it shows, and pools on either side of it', () => {
    const environment = () => 'https://node.example/token';
    const text = read('examples/ballast.yaml')
      .replace('    #   bridges: [USDT]', '    bridges: [USDT]')
      .replaceAll(/^ {6}# {3}- (\{ kind: uniswap.*)$/gm, '      - $1');
    const [vault] = parseConfig('ballast.yaml', text, { registry, environment }).vaults;
    expect(vault!.bridges).toHaveLength(1);
    expect(vault!.venues.map(({ kind }) => kind)).toEqual([...Array(4).fill('uniswapV3'), 'uniswapV4']);
    expect(vault!.venues[4]!.config).toMatchObject({ currencies: ['USDC', 'USDT'], fee: 10 });
  });
});

describe('every plug-in', () => {
  const samples = [
    ...Object.entries(registry.protocols).map(
      ([kind, { config, sample }]) => ['protocol', kind, config, sample] as const,
    ),
    ...Object.entries(registry.venues).map(
      ([kind, { config, sample }]) => ['venue', kind, config, sample] as const,
    ),
    ...Object.entries(registry.feeds).map(
      ([kind, { config, sample }]) => ['feed', kind, config, sample] as const,
    ),
    ...Object.entries(registry.accounts).map(
      ([kind, { config, sample }]) => ['account', kind, config, sample] as const,
    ),
    ...Object.entries(registry.relays).map(
      ([kind, { config, sample }]) => ['relay', kind, config, sample] as const,
    ),
    ...Object.entries(registry.signers).map(
      ([kind, { config, sample }]) => ['signer', kind, config, sample] as const,
    ),
  ];
  it.each(samples)('%s %s has a sample that its own schema accepts', (_family, _kind, config, sample) => {
    expect(config.safeParse(sample).success).toBe(true);
  });
});
