import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/runtime/config/load.ts';
import { registry } from '../../../../src/runtime/registry.ts';

const ACCOUNT = '0x1111111111111111111111111111111111111111';
const CONTROLLER = '0x64187ae08781B09368e6253F9E94951243A493D5';
const OTHER = '0x3B960E47784150F5a63777201ee2B15253D713e8';
const THIRD = '0x25751853Eab4D0eB3652B5eB6ecB102A2789644B';

/** What is wrong with the positions of an otherwise good config: what was found, by place. */
function faults(...positions: readonly string[]): readonly string[] {
  const text = `
chain: { id: 1, rpc: "http://127.0.0.1:8545" }
journal: { kind: sqlite, path: ballast.db }
signer: { kind: env, variable: KEEPER_KEY }
relays: { flashbots: { kind: flashbots, url: "http://127.0.0.1:9000" } }
schedule: block
vaults:
  - name: eth-calls
    account: { kind: safe, address: "${ACCOUNT}" }
    base: WETH
    quote: USDC
    positions:
${positions.map((one) => `      - ${one}`).join('\n')}
    venues: [{ kind: uniswapV3, pool: "0x88e6A0c2dDD26FEEb64F039a2c41296FcB3f5640" }]
    prices: [{ kind: chainlink, base: [{ feed: "0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419", heartbeatSeconds: 3600 }] }]
    volatility: { kind: fixedVolatility, volatility: 0.6 }
    policy: { kind: fixedBand, halfWidth: { base: 1.5 } }
`;
  try {
    parseConfig('ballast.yaml', text, { registry, environment: () => undefined });
    return [];
  } catch (error) {
    const { issues } = error as { issues: readonly { path: string; found: string }[] };
    return issues.map(({ path, found }) => `${path}: ${found}`);
  }
}

describe('a position counted twice', () => {
  it.each([
    ['tokens, once with native money', '{ kind: balances }', '{ kind: balances, native: base }'],
    [
      'vaults of one controller, with other oTokens held',
      `{ kind: opyn, controller: "${CONTROLLER}" }`,
      `{ kind: opyn, controller: "${CONTROLLER}", otokens: ["${OTHER}"] }`,
    ],
    [
      'shares, at their value and looked through',
      `{ kind: erc4626, vault: "${OTHER}" }`,
      `{ kind: erc4626, vault: "${OTHER.toLowerCase()}", lookThrough: {} }`,
    ],
    [
      'shares, as what another reader takes for a token',
      `{ kind: erc4626, vault: "${OTHER}" }`,
      `{ kind: wrappedTokens, tokens: [{ token: "${OTHER}", as: base }] }`,
    ],
    [
      'NFTs of all pools, and those of one',
      `{ kind: uniswapV3Position, positionManager: "${OTHER}" }`,
      `{ kind: uniswapV3Position, positionManager: "${OTHER}", pools: ["${THIRD}"] }`,
    ],
    [
      'v4 positions, with other ids named',
      '{ kind: uniswapV4Position, ids: [1] }',
      '{ kind: uniswapV4Position, ids: [2] }',
    ],
    [
      'the margin of a perps account, with another of its markets',
      `{ kind: synthetix, perpsMarket: "${OTHER}", marketId: 100 }`,
      `{ kind: synthetix, perpsMarket: "${OTHER}", marketId: 200 }`,
    ],
    [
      'a loan, with other dollars',
      `{ kind: aaveV3, pool: "${OTHER}" }`,
      `{ kind: aaveV3, pool: "${OTHER}", countAs: [{ token: "${THIRD}", as: quote }] }`,
    ],
    [
      'the Opyn vaults of an account that is a theta vault',
      `{ kind: ribbon, vault: "${ACCOUNT}" }`,
      `{ kind: opyn, controller: "${CONTROLLER}" }`,
    ],
    [
      'a book, with another limit',
      '{ kind: book, from: desk.yaml }',
      '{ kind: book, from: desk.yaml, staleAfterSeconds: 60 }',
    ],
  ])('is refused: %s', (_, first, second) => {
    expect(faults(first)).toEqual([]);
    expect(faults(second)).toEqual([]);
    expect(faults(first, second)).toEqual([
      expect.stringMatching(/^vaults\[0\]\.positions\[1\]: .*positions\[0\] counts too$/),
    ]);
  });

  it.each([
    [
      'a strategy',
      `{ kind: squeeth, controller: "${CONTROLLER}", strategies: ["${OTHER}", "${OTHER.toLowerCase()}"] }`,
    ],
    ['a pool', `{ kind: premia, pools: ["${OTHER}", "${THIRD}", "${OTHER}"] }`],
    [
      'a token',
      `{ kind: wrappedTokens, tokens: [{ token: "${OTHER}", as: base }, { token: "${OTHER}", as: quote }] }`,
    ],
  ])('is refused within one entry: %s', (_, entry) => {
    expect(faults(entry)).toEqual([`vaults[0].positions[0]: ${OTHER.toLowerCase()} twice`]);
  });

  it('is none where two entries count different things', () => {
    expect(
      faults(
        '{ kind: balances }',
        `{ kind: uniswapV3Position, positionManager: "${OTHER}", pools: ["${THIRD}"] }`,
        `{ kind: uniswapV3Position, positionManager: "${OTHER}", pools: ["${CONTROLLER}"] }`,
        `{ kind: premia, pools: ["0x${'77'.repeat(20)}"] }`,
        '{ kind: book, from: desk.yaml }',
        '{ kind: book, from: other.yaml }',
        `{ kind: ribbon, vault: "0x${'78'.repeat(20)}" }`,
        `{ kind: opyn, controller: "${CONTROLLER}" }`,
        `{ kind: opyn, controller: "${ACCOUNT}" }`,
      ),
    ).toEqual([]);
  });
});

it('every reader says what it counts, for its own sample', () => {
  for (const [kind, { counts, sample }] of Object.entries(registry.protocols)) {
    expect(counts?.(sample, ACCOUNT).length, kind).toBeGreaterThan(0);
  }
});
