import type { Address } from '../../core/units.ts';
import { type Devnet, type DevnetVenue, devnetPairs, devnetV4Pools } from '../../devnet/index.ts';

/** What a config for a vault on the devnet is made of. */
export interface DevnetConfigFacts {
  readonly devnet: Pick<Devnet, 'url' | 'chainId' | 'addresses'>;
  /** Kinds of pools that the devnet has beside v3; none where absent. */
  readonly venues?: readonly DevnetVenue[];
  readonly account: Address;
  readonly heldOtokens: readonly Address[];
  readonly relayUrl: string;
  readonly journalPath: string;
  /** Environment variables that hold the keeper's key and the relay identity's. */
  readonly variables: { readonly keeper: string; readonly identity: string };
}

/** The pools of WETH and USDC that each kind brings, as the config names them. */
const venueLines: Readonly<Record<DevnetVenue, readonly string[]>> = {
  uniswapV2: [`      - { kind: uniswapV2, pool: "${devnetPairs.usdcWeth.address}" }\n`],
  uniswapV4: Object.values(devnetV4Pools).map(
    ({ feePips, tickSpacing, key }) =>
      `      - { kind: uniswapV4, fee: ${feePips}, tickSpacing: ${tickSpacing}${BigInt(key.currency0) === 0n ? ', native: base' : ''} }\n`,
  ),
};

/** How every config that a devnet writes begins. */
export const DEVNET_CONFIG_HEAD = '# A vault on the devnet.';

/** A config file for a vault on the devnet: the same text that a user would write, with nothing in it for demos only. */
export function devnetConfigText(facts: DevnetConfigFacts): string {
  const { devnet, account, heldOtokens, relayUrl, journalPath, variables, venues = [] } = facts;
  const { addresses } = devnet;
  const otokens = heldOtokens.map((address) => `"${address}"`).join(', ');
  return `${DEVNET_CONFIG_HEAD} On mainnet it reads the same, with another rpc, account, signer and relay.
chain: { id: ${devnet.chainId}, rpc: "${devnet.url}" }
journal: { kind: sqlite, path: "${journalPath}" }
signer: { kind: env, variable: ${variables.keeper} }
identity: { kind: env, variable: ${variables.identity} }
relays:
  devRelay: { kind: flashbots, url: "${relayUrl}" }
schedule: block
submission: { windowBlocks: 3 }
vaults:
  - name: eth-strangle
    account: { kind: safe, address: "${account}" }
    base: WETH
    quote: USDC
    positions:
      - { kind: balances }
      - { kind: opyn, controller: "${addresses.opynController}", otokens: [${otokens}], allowUnverified: true }
      - { kind: uniswapV3Position, positionManager: "${addresses.nonfungiblePositionManager}" }
    venues:
      - { kind: uniswapV3, pool: "${addresses.usdcWeth500}" }
      - { kind: uniswapV3, pool: "${addresses.usdcWeth3000}" }
${venues.flatMap((venue) => venueLines[venue]).join('')}    prices:
      - kind: chainlink
        base: [{ feed: "${addresses.ethUsdFeed}", heartbeatSeconds: 3900 }]
        quote: { feed: "${addresses.usdcUsdFeed}", heartbeatSeconds: 86700 }
    volatility: { kind: fixedVolatility, volatility: 0.65 }
    policy: { kind: fixedBand, halfWidth: { base: 4 }, tradeTo: centre }
    limits: { maxSlippageBps: 150, quoteToleranceBps: 100, maxDivergenceBps: 200 }
    mandate:
      maxSlippageBps: 150
      turnoverCapacityQuote: 5000000
      turnoverRefillPerDayQuote: 5000000
      minBase: 0
      maxBase: 10000
`;
}
