import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import { type PairUnits, priceAtSqrtPrice } from '../core/amm/price.ts';
import { type Address, sameAddress, type Token } from '../core/units.ts';
import { mainnet } from './addresses.ts';
import type { AnvilNode } from './node.ts';

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
  /** Whether WETH is traded against a dollar here, so that the pool follows the market's ETH price. */
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
    followsMarket: true,
  },
  usdcWeth3000: {
    name: 'USDC/WETH 0.3%',
    address: mainnet.usdcWeth3000,
    token0: usdc,
    token1: weth,
    feePips: 3000,
    tickSpacing: 60,
    followsMarket: true,
  },
  wethUsdt3000: {
    name: 'WETH/USDT 0.3%',
    address: mainnet.wethUsdt3000,
    token0: weth,
    token1: usdt,
    feePips: 3000,
    tickSpacing: 60,
    followsMarket: true,
  },
  wbtcWeth3000: {
    name: 'WBTC/WETH 0.3%',
    address: mainnet.wbtcWeth3000,
    token0: wbtc,
    token1: weth,
    feePips: 3000,
    tickSpacing: 60,
    followsMarket: false,
  },
} as const satisfies Readonly<Record<string, DevnetPool>>;

export type DevnetPoolName = keyof typeof devnetPools;

/** Which token is the base of a pool's price: WETH against dollars, WBTC against WETH. */
export function unitsOf(pool: DevnetPool): PairUnits {
  const base = pool.followsMarket ? weth : wbtc;
  const baseIsToken0 = sameAddress(pool.token0.address, base.address);
  const [baseToken, quoteToken] = baseIsToken0 ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
  return { baseIsToken0, baseDecimals: baseToken.decimals, quoteDecimals: quoteToken.decimals };
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
