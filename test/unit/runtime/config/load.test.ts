// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is how a config asks for a variable
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderError } from '../../../../src/cli/output/errors.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import * as policies from '../../../../src/policies/index.ts';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import type { Registry } from '../../../../src/runtime/registry.ts';

const hexAddress = z.string().regex(/^0x[0-9a-fA-F]{40}$/, { error: '0x and 40 hexadecimal digits' });
const withConfig = (config: z.ZodType, more = {}) => ({ config, ...more }) as never;

/** Plug-ins of the shapes that the config has to check; what they do is not looked at here. */
const registry: Registry = {
  accounts: { safe: withConfig(z.strictObject({ module: hexAddress })) },
  alerts: { webhook: withConfig(z.strictObject({ urlVariable: z.string() })) },
  feeds: {
    chainlink: withConfig(z.strictObject({ base: hexAddress, heartbeatSeconds: z.number().positive() }), {
      gives: 'price',
    }),
    fixedVolatility: withConfig(z.strictObject({ volatility: z.number().positive() }), {
      gives: 'volatility',
    }),
  },
  policies,
  protocols: { balances: withConfig(z.strictObject({})) },
  relays: { flashbots: withConfig(z.strictObject({ url: z.url() })) },
  signers: { env: withConfig(z.strictObject({ variable: z.string() })) },
  stores: { sqlite: withConfig(z.strictObject({ path: z.string() })) },
  venues: { uniswapV3: withConfig(z.strictObject({ pool: hexAddress })) },
} as Registry;

const GOOD = `chain: { id: 1, rpc: "http://127.0.0.1:8545" }
journal: { kind: sqlite, path: ballast.db }
signer: { kind: env, variable: KEEPER_KEY }
relays:
  flashbots: { kind: flashbots, url: "\${RELAY_URL}" }
schedule: block
vaults:
  - name: eth-calls
    account:
      kind: safe
      address: 0x1111111111111111111111111111111111111111
      module: "0x2222222222222222222222222222222222222222"
    base: WETH
    quote: USDC
    positions: [{ kind: balances }]
    venues:
      - kind: uniswapV3
        pool: 0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640
    prices:
      - { kind: chainlink, base: 0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419, heartbeatSeconds: 3600 }
    volatility: { kind: fixedVolatility, volatility: 0.6 }
    policy:
      kind: fixedBand
      halfWidth: { base: 1.5 }
`;

const ENVIRONMENT: Readonly<Record<string, string>> = {
  RELAY_URL: 'https://relay.example/secret-token-4711',
  BAD_RATE: 'top-secret-value',
};

const parse = (text: string, without: readonly string[] = []) =>
  parseConfig('ballast.yaml', text, { registry, environment: (name) => ENVIRONMENT[name], without });

function errorText(text: string): string {
  try {
    parse(text);
  } catch (error) {
    return renderError(error, plainStyle, createRedactor());
  }
  throw new Error('the config was accepted');
}

describe('a good config', () => {
  it('says what gas money costs where base is not its wrapped form', () => {
    const [vault] = parse(
      GOOD.replace('base: WETH', 'base: WBTC\n    nativePrice: 1').replace('quote: USDC', 'quote: WETH'),
    ).vaults;
    expect(vault?.nativePrice).toBe(1);
    const spelt = 'base: "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"';
    expect(parse(GOOD.replace('base: WETH', spelt)).vaults[0]?.nativePrice).toBe('base');
  });

  it('keeps addresses exact although YAML would read them as numbers', () => {
    const [vault] = parse(GOOD).vaults;
    expect(vault?.account).toMatchObject({
      address: '0x1111111111111111111111111111111111111111',
      config: { module: '0x2222222222222222222222222222222222222222' },
    });
    expect(vault?.venues[0]).toEqual({
      kind: 'uniswapV3',
      config: { pool: '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640' },
    });
  });

  it('fills in variables, defaults and plug-in defaults', () => {
    const config = parse(GOOD);
    expect(config.relays.flashbots?.config).toEqual({ url: 'https://relay.example/secret-token-4711' });
    expect(config.vaults[0]).toMatchObject({
      rate: 0,
      targetDelta: 0,
      numeraire: 'quote',
      limits: { maxSlippageBps: 100 },
    });
    expect(config.vaults[0]?.policy).toEqual({
      kind: 'fixedBand',
      config: { halfWidth: { base: 1.5 }, tradeTo: 'centre' },
    });
  });

  it.each([
    ['schedule: block', { kind: 'block' }],
    ['schedule: { seconds: 30 }', { kind: 'interval', seconds: 30 }],
    ['schedule: { cron: "*/5 * * * *" }', { kind: 'cron', expression: '*/5 * * * *', timeZone: 'UTC' }],
  ])('understands %s', (text, expected) => {
    expect(parse(GOOD.replace('schedule: block', text)).schedule).toEqual(expected);
  });

  it('neither checks nor fills in the parts that it is told to leave alone', () => {
    const asked: string[] = [];
    const environment = (name: string) => {
      asked.push(name);
      return undefined;
    };
    const text = GOOD.replace('kind: env,', 'kind: nonsense,');
    const config = parseConfig('f', text, {
      registry,
      environment,
      without: ['signer', 'identity', 'relays', 'alerts'],
    });
    expect(asked).toEqual([]);
    expect(config.signer).toBeNull();
    expect(config.relays).toEqual({});
  });
});

it('names a relay of the ladder that the config does not have, and the one that was meant', () => {
  const text = `${GOOD}submission: { ladder: [{ relays: [flashbot], blocks: 2 }] }\n`;
  const error = errorText(text);
  expect(error).toContain('submission.ladder[0].relays[0]');
  expect(error).toContain('write flashbots instead of flashbot');
});

it('leaves the relays of the ladder alone where relays are not looked at, as on a fork', () => {
  const text = `${GOOD}submission: { ladder: [{ relays: [flashbots], blocks: 2 }] }\n`;
  const { submission, relays } = parse(text, ['signer', 'signers', 'identity', 'relays', 'alerts']);
  expect(relays).toEqual({});
  expect(submission.ladder?.[0]?.relays).toEqual(['flashbots']);
});

describe('a bad config names line, path, found, expected and what to do', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['a wrong type', 'halfWidth: { base: 1.5 }', 'halfWidth: { base: "1%" }'],
    ['an unknown key with a near one', 'rpc: "http://127.0.0.1:8545"', 'rcp: "http://127.0.0.1:8545"'],
    ['an unknown key with nothing near', 'schedule: block', 'schedule: block\ncolour: red'],
    ['an unknown key inside a plug-in', 'variable: KEEPER_KEY', 'variable: KEEPER_KEY, varible: X'],
    ['an unknown kind', 'kind: fixedBand', 'kind: fixdBand'],
    ['a missing kind', 'kind: uniswapV3\n        pool', 'pool'],
    ['a missing key', '    base: WETH\n', ''],
    ['an empty list', 'positions: [{ kind: balances }]', 'positions: []'],
    ['a number out of range', 'heartbeatSeconds: 3600', 'heartbeatSeconds: -1'],
    ['an unset variable', '${RELAY_URL}', '${NOBODY_SET_THIS}'],
    ['a schedule of no known form', 'schedule: block', 'schedule: { seconds: 0 }'],
    ['nothing that fits', 'halfWidth: { base: 1.5 }', 'halfWidth: 3'],
    ['an unknown token', 'base: WETH', 'base: WEHT'],
    ['gas at the price of a base that it is not paid in', 'base: WETH', 'base: WBTC'],
    ['positions counted twice', '[{ kind: balances }]', '[{ kind: balances }, { kind: balances }]'],
    [
      'a pool counted twice',
      '    prices:',
      '      - { kind: uniswapV3, pool: "0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640" }\n    prices:',
    ],
    ['bad YAML', 'schedule: block', 'schedule: [block'],
    ['a duplicated key', 'schedule: block', 'schedule: block\nschedule: block'],
    ['a bad cron', 'schedule: block', 'schedule: { cron: "61 * * * *" }'],
    ['no address of the account', '      address: 0x1111111111111111111111111111111111111111\n', ''],
    ['no quote token', '    quote: USDC\n', ''],
    ['a number that is none', 'volatility: 0.6', 'volatility: .nan'],
    ['a number without end', 'heartbeatSeconds: 3600', 'heartbeatSeconds: .inf'],
    [
      'an address with a digit mistyped',
      '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640',
      '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5641',
    ],
    [
      'an amount beyond what the module can hold',
      '    policy:',
      '    mandate: { maxBase: 1e40, turnoverCapacityQuote: 1, turnoverRefillPerDayQuote: 1, minBase: 0 }\n    policy:',
    ],
    ['a bad address', '0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640', '0x88e6'],
  ];
  it.each(cases)('%s', (_, from, to) => {
    expect(GOOD).toContain(from);
    expect(`\n${errorText(GOOD.replace(from, to))}\n`).toMatchSnapshot();
  });

  it('never shows a value that came out of the environment', () => {
    const text = errorText(GOOD.replace('schedule: block', 'schedule: ${BAD_RATE}'));
    expect(text).toContain('${BAD_RATE}');
    expect(text).not.toContain('top-secret-value');
  });

  it.each([
    ['a key', `0x${'ab12'.repeat(16)}`],
    ['a key without 0x', 'ab12'.repeat(16)],
    ['a seed phrase', 'test test test test test test test test test test test junk'],
  ])('never shows %s that stands where something else belongs', (_, secret) => {
    const text = errorText(
      GOOD.replace('pool: 0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640', `pool: "${secret}"`),
    );
    expect(text).toContain('vaults[0].venues[0].pool');
    expect(text).not.toContain(secret.slice(2, 30));
  });

  it('tells all errors at once, in the order of the file', () => {
    const text = errorText(
      GOOD.replace('rpc:', 'rcp:')
        .replace('kind: balances', 'kind: balance')
        .replace('base: 1.5', 'base: 0')
        .concat('  - name: eth-calls\n'),
    );
    expect(`\n${text}\n`).toMatchSnapshot();
  });

  it('an empty file asks for the parts that must be there', () => {
    expect(`\n${errorText('')}\n`).toMatchSnapshot();
  });

  it('aliases of aliases that grow beyond all bounds are refused', () => {
    const layers = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [of, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'] as const)
      layers.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`);
    expect(errorText(layers.join('\n'))).toMatch(/alias count .*\n.*plain YAML\n.*write the values out/);
  });

  it('no line is wider than 80 columns for ordinary values', () => {
    for (const [, from, to] of cases) {
      const lines = errorText(GOOD.replace(from, to)).split('\n');
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    }
  });
});
