import type { Address } from '../../core/units.ts';
import { wellKnownSymbols, wellKnownToken } from '../config/tokens.ts';

/** A Chainlink feed as its operator publishes it. */
export interface KnownFeed {
  /** The proxy, not the aggregator behind it. */
  readonly feed: Address;
  /** Longest time between two answers, as the feed promises. */
  readonly heartbeatSeconds: number;
  /** What the feed itself has to say that it is, for example `ETH / USD`. */
  readonly description: string;
}

/** Where the contracts stand that a config is put together from; each is asked before it is believed. */
export interface KnownContracts {
  readonly name: string;
  /** Tokens that a pair is looked for among. */
  readonly tokens: Readonly<Record<string, Address>>;
  readonly uniswapV3Factory: Address;
  readonly nonfungiblePositionManager: Address;
  readonly uniswapV2Factory: Address | null;
  /** Whether the v4 contracts stand where the plug-ins expect them. */
  readonly hasUniswapV4: boolean;
  readonly aavePool: Address | null;
  readonly opyn: { readonly controller: Address; readonly otokenFactory: Address } | null;
  /** Dollar feeds by the token that they price. */
  readonly dollarFeeds: Readonly<Record<string, KnownFeed>>;
  /** The private way to blocks that is written down where none is named. */
  readonly relay: Readonly<Record<string, unknown>> & { readonly name: string; readonly kind: string };
}

const HOUR = 3_600;
const DAY = 86_400;

const feed = (address: Address, heartbeatSeconds: number, description: string): KnownFeed => ({
  feed: address,
  heartbeatSeconds,
  description,
});

const sequencer = (url: string) => ({ name: 'sequencer', kind: 'sequencer', url });

/** Chains whose contracts are known here, by chain id; the devnet stands where mainnet's do. */
const KNOWN: Readonly<Record<number, KnownContracts>> = {
  1: {
    name: 'Ethereum',
    tokens: Object.fromEntries(
      wellKnownSymbols(1).map((symbol) => [symbol, wellKnownToken(1, symbol)?.address as Address]),
    ),
    uniswapV3Factory: '0x1F98431c8aD98523631AE4a59f267346ea31F984',
    nonfungiblePositionManager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88',
    uniswapV2Factory: '0x5C69bEe701ef814a2B6a3EDD4B1652CB9cc5aA6f',
    hasUniswapV4: true,
    aavePool: '0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2',
    opyn: {
      controller: '0x4ccc2339F87F6c59c6893E1A678c2266cA58dC72',
      otokenFactory: '0x7C06792Af1632E77cb27a558Dc0885338F4Bdf8E',
    },
    dollarFeeds: {
      WETH: feed('0x5f4eC3Df9cbd43714FE2740f5E3616155c5b8419', HOUR, 'ETH / USD'),
      USDC: feed('0x8fFfFfd4AfB6115b954Bd326cbe7B4BA576818f6', DAY, 'USDC / USD'),
      USDT: feed('0x3E7d1eAB13ad0104d2750B8863b489D65364e32D', DAY, 'USDT / USD'),
      DAI: feed('0xAed0c38402a5d19df6E4c03F4E2DceD6e29c1ee9', HOUR, 'DAI / USD'),
      WBTC: feed('0xF4030086522a5bEEa4988F8cA5B36dbC97BeE88c', HOUR, 'BTC / USD'),
    },
    relay: { name: 'flashbots', kind: 'flashbots', url: 'https://relay.flashbots.net' },
  },
  8453: {
    name: 'Base',
    tokens: {
      WETH: '0x4200000000000000000000000000000000000006',
      USDC: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    },
    uniswapV3Factory: '0x33128a8fC17869897dcE68Ed026d694621f6FDfD',
    nonfungiblePositionManager: '0x03a520b32C04BF3bEEf7BEb72E919cf822Ed34f1',
    uniswapV2Factory: null,
    hasUniswapV4: false,
    aavePool: '0xA238Dd80C259a72e81d7e4664a9801593F98d1c5',
    opyn: null,
    dollarFeeds: {
      WETH: feed('0x71041dddad3595F9CEd3DcCFBe3D1F4b0a16Bb70', 1_200, 'ETH / USD'),
      USDC: feed('0x7e860098F58bBFC8648a4311b374B1D669a2bc6B', DAY, 'USDC / USD'),
    },
    relay: sequencer('https://mainnet-sequencer.base.org'),
  },
  42161: {
    name: 'Arbitrum One',
    tokens: {
      WETH: '0x82aF49447D8a07e3bd95BD0d56f35241523fBab1',
      USDC: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831',
    },
    uniswapV3Factory: '0x1F98431c8aD98523631AE4a59f267346ea31F984',
    nonfungiblePositionManager: '0xC36442b4a4522E871399CD717aBDD847Ab11FE88',
    uniswapV2Factory: null,
    hasUniswapV4: false,
    aavePool: '0x794a61358D6845594F94dc1DB02A252b5b4814aD',
    opyn: null,
    dollarFeeds: {
      WETH: feed('0x639Fe6ab55C921f74e7fac1ee960C0B6293ba612', DAY, 'ETH / USD'),
      USDC: feed('0x50834F3163758fcC1Df9973b6e91f0F0F0434aD3', DAY, 'USDC / USD'),
    },
    relay: sequencer('https://arb1-sequencer.arbitrum.io/rpc'),
  },
};

/** The contracts of a chain, null where none are known. */
export function knownContracts(chainId: number): KnownContracts | null {
  return KNOWN[chainId] ?? null;
}
