import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { ConfigError } from '../../../../src/runtime/errors.ts';
import { registry } from '../../../../src/runtime/registry.ts';

const PUBLIC = 'kind: publicRpc, allowPublicMempool: true';

const parse = (chain: string, relay: string) =>
  parseConfig(
    'ballast.yaml',
    `chain: { id: 1, ${chain} }
journal: { kind: sqlite, path: ballast.sqlite }
relays: { node: { ${relay} } }
vaults:
  - name: eth
    account: { kind: safe, address: "0x1111111111111111111111111111111111111111" }
    base: WETH
    quote: USDC
    positions: [{ kind: balances }]
    venues: [{ kind: uniswapV3, pool: "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640" }]
    prices: [{ kind: chainlink, base: [{ feed: "0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419", heartbeatSeconds: 3600 }] }]
    volatility: { kind: fixedVolatility, volatility: 0.6 }
    policy: { kind: fixedBand, halfWidth: { base: 1.5 } }
`,
    { registry, environment: () => undefined },
  );
const urlOf = (chain: string, relay: string) =>
  (parse(chain, relay).relays.node!.config as { readonly url?: string }).url;

const several = `endpoints: [
    { name: own, url: "http://127.0.0.1:8545", roles: [read, head] },
    { name: sender, url: "https://sequencer.example", roles: [send] },
  ]`;

describe('a relay that is an endpoint of the chain', () => {
  it.each(['kind: sequencer', PUBLIC])('takes its address from there: %s', (kind) => {
    expect(urlOf(several, `${kind}, endpoint: sender`)).toBe('https://sequencer.example');
    expect(urlOf('rpc: "http://127.0.0.1:8545"', `${kind}, endpoint: rpc`)).toBe('http://127.0.0.1:8545');
    expect(urlOf(several, `${kind}, url: "https://other.example"`)).toBe('https://other.example');
  });

  it('leaves this machine where the endpoint does', () => {
    const { relays } = parse(several, 'kind: sequencer, endpoint: sender');
    const { sequencer } = registry.relays;
    const tools = { identity: null, fetch: globalThis.fetch } as never;
    expect(sequencer!.open('node', relays.node!.config, tools).isLoopback).toBe(false);
  });

  it.each([
    ['endpoint: sendr', /"sendr", which chain.endpoints does not have.*write sender instead/s],
    ['endpoint: own', /"own", an endpoint without the role send.*add send to the roles of own/s],
    ['timeoutMs: 500', /url, or endpoint/],
    ['endpoint: sender, url: "http://127.0.0.1:1"', /url, or endpoint/],
  ])('is refused with what to do: %s', (where, words) => {
    let found: unknown;
    try {
      parse(several, `kind: sequencer, ${where}`);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(ConfigError);
    const said = (found as ConfigError).issues.flatMap((issue) => Object.values(issue));
    expect(said.join(' ')).toMatch(words);
  });
});
