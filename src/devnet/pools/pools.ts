import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { type PairUnits, priceAtSqrtPrice } from '../../core/amm/price.ts';
import type { Address, Token } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import type { AnvilNode } from '../node/node.ts';

/** A pool of the devnet. */
export interface DevnetPool {
  /** For people: `USDC/WETH 0.05%`. */
  readonly name: string;
  readonly address: Address;
  readonly token0: Token;
  readonly token1: Token;
  /** Hundredths of a basis point: 500 = 0.05 %. */
  readonly feePips: number;
  readonly tickSpacing: number;
  /** Which token's price, in the other, is the pool's price here: WETH in dollars, WBTC in WETH. */
  readonly baseIsToken0: boolean;
  /** Whether the pool follows the market's ETH price. */
  readonly followsMarket: boolean;
}

/** The devnet's tokens. */
export const devnetTokens = {
  weth: { address: mainnet.weth, symbol: 'WETH', decimals: 18 },
  usdc: { address: mainnet.usdc, symbol: 'USDC', decimals: 6 },
  usdt: { address: mainnet.usdt, symbol: 'USDT', decimals: 6 },
  wbtc: { address: mainnet.wbtc, symbol: 'WBTC', decimals: 8 },
} as const satisfies Readonly<Record<string, Token>>;

const { weth, usdc, usdt, wbtc } = devnetTokens;

/** Every pool that the devnet knows; WBTC/WETH is there only when a snapshot of it is loaded. */
export const devnetPools = {
  usdcWeth500: {
    name: 'USDC/WETH 0.05%',
    address: mainnet.usdcWeth500,
    token0: usdc,
    token1: weth,
    feePips: 500,
    tickSpacing: 10,
    baseIsToken0: false,
    followsMarket: true,
  },
  usdcWeth3000: {
    name: 'USDC/WETH 0.3%',
    address: mainnet.usdcWeth3000,
    token0: usdc,
    token1: weth,
    feePips: 3000,
    tickSpacing: 60,
    baseIsToken0: false,
    followsMarket: true,
  },
  wethUsdt3000: {
    name: 'WETH/USDT 0.3%',
    address: mainnet.wethUsdt3000,
    token0: weth,
    token1: usdt,
    feePips: 3000,
    tickSpacing: 60,
    baseIsToken0: true,
    followsMarket: true,
  },
  wbtcWeth3000: {
    name: 'WBTC/WETH 0.3%',
    address: mainnet.wbtcWeth3000,
    token0: wbtc,
    token1: weth,
    feePips: 3000,
    tickSpacing: 60,
    baseIsToken0: true,
    followsMarket: false,
  },
} as const satisfies Readonly<Record<string, DevnetPool>>;

/** A pool's short name, for example `usdcWeth500`. */
export type DevnetPoolName = keyof typeof devnetPools;

/** Which token is base, and the decimals of both. */
export function unitsOf({
  token0,
  token1,
  baseIsToken0,
}: Pick<DevnetPool, 'token0' | 'token1' | 'baseIsToken0'>): PairUnits {
  const [base, quote] = baseIsToken0 ? [token0, token1] : [token1, token0];
  return { baseIsToken0, baseDecimals: base.decimals, quoteDecimals: quote.decimals };
}

/** A pool's square root price on the newest block. */
export async function readSqrtPrice(node: AnvilNode, pool: DevnetPool): Promise<bigint> {
  const [sqrtPriceX96] = await node.read(pool.address, uniswapV3PoolAbi, 'slot0');
  return sqrtPriceX96;
}

/** A pool's price on the newest block: quote per base, whole tokens. */
export async function readPrice(node: AnvilNode, pool: DevnetPool): Promise<number> {
  return priceAtSqrtPrice(await readSqrtPrice(node, pool), unitsOf(pool));
}
