import { uniswapV2FactoryAbi } from '../../../abis/uniswapV2Factory.ts';
import { uniswapV2PairAbi } from '../../../abis/uniswapV2Pair.ts';
import { uniswapV2Router02Abi } from '../../../abis/uniswapV2Router02.ts';
import { constantProductOut, type PairReserves } from '../../core/amm/constantProduct.ts';
import { priceToRatio, sqrtPriceDown } from '../../core/amm/price.ts';
import { integerSqrtDown } from '../../core/math/integerSqrt.ts';
import type { Ratio } from '../../core/math/ratio.ts';
import { type Address, mulDivDown, Q96, type Token } from '../../core/units.ts';
import { mainnet } from '../addresses.ts';
import { addresses, at } from '../contracts.ts';
import type { Arbitrage } from '../market/market.ts';
import { npmBytecode } from '../node/artifacts.ts';
import type { AnvilNode } from '../node/node.ts';
import type { Placement } from '../node/place.ts';
import { type Call, callOf } from '../node/transactions.ts';
import { approveCall, fundCall } from '../seed.ts';
import { devnetTokens, unitsOf } from './pools.ts';

/** A Uniswap v2 pair of the devnet. */
export interface DevnetPair {
  readonly name: string;
  readonly address: Address;
  readonly token0: Token;
  readonly token1: Token;
  readonly baseIsToken0: boolean;
  /** WETH that it starts with, and dollars to match. */
  readonly depthBase: bigint;
}

const { weth, usdc, usdt } = devnetTokens;

/** The pairs that a devnet with `uniswapV2` has. */
export const devnetPairs = {
  usdcWeth: {
    name: 'USDC/WETH v2',
    address: mainnet.usdcWethPair,
    token0: usdc,
    token1: weth,
    baseIsToken0: false,
    depthBase: 6_000n,
  },
  wethUsdt: {
    name: 'WETH/USDT v2',
    address: mainnet.wethUsdtPair,
    token0: weth,
    token1: usdt,
    baseIsToken0: true,
    depthBase: 10_000n,
  },
} as const satisfies Readonly<Record<string, DevnetPair>>;

const pairs: readonly DevnetPair[] = Object.values(devnetPairs);
const ETHER = 10n ** 18n;
/** Of a thousand units of input the pair counts these. */
const KEPT = 997n;
const THOUSAND = 1_000n;
const FEE_BPS = 30;
const FOREVER = (1n << 64n) - 1n;

/** Factory and router. */
export function pairPlacements(): readonly Placement[] {
  return [
    at(
      'uniswapV2Factory',
      npmBytecode('@uniswap/v2-core/build/UniswapV2Factory.json'),
      addresses(mainnet.weth),
    ),
    at(
      'uniswapV2Router02',
      npmBytecode('@uniswap/v2-periphery/build/UniswapV2Router02.json'),
      addresses(mainnet.uniswapV2Factory, mainnet.weth),
    ),
  ];
}

/** Calls that open the pairs, by the liquidity provider, and the arbitrageur's approvals. */
export const openPairs = {
  open: (provider: Address, startPrice: number): readonly Call[] =>
    pairs.flatMap((pair) => {
      const { base, quote } = sidesOf(pair);
      const baseRaw = pair.depthBase * ETHER;
      const { numerator, denominator } = priceToRatio(startPrice, unitsOf(pair));
      return [
        callOf(mainnet.uniswapV2Factory, uniswapV2FactoryAbi, 'createPair', [
          pair.token0.address,
          pair.token1.address,
        ]),
        ...fundCall(base.address, pair.address, baseRaw),
        ...fundCall(quote.address, pair.address, (baseRaw * numerator) / denominator),
        callOf(pair.address, uniswapV2PairAbi, 'mint', [provider]),
      ];
    }),
  approvals: (): readonly Call[] =>
    [weth, usdc, usdt].map(({ address }) => approveCall(address, mainnet.uniswapV2Router02)),
};

/** Brings each pair to the market's price. */
export function pairArbitrage(node: AnvilNode, arbitrageur: Address): readonly Arbitrage[] {
  return pairs.map((pair) => async (price) => {
    const [reserve0, reserve1] = await node.read(pair.address, uniswapV2PairAbi, 'getReserves');
    const units = unitsOf(pair);
    const wantedX96 = sqrtPriceDown(priceToRatio(price, units), units.baseIsToken0);
    const squared = mulDivDown(wantedX96, wantedX96, Q96);
    const zeroForOne = squared * reserve0 < reserve1 * Q96;
    // The input's reserve over the output's, at the price that is wanted.
    const reserves = zeroForOne
      ? { reserveInRaw: reserve0, reserveOutRaw: reserve1, feeBps: FEE_BPS }
      : { reserveInRaw: reserve1, reserveOutRaw: reserve0, feeBps: FEE_BPS };
    const goal = zeroForOne
      ? { numerator: Q96, denominator: squared }
      : { numerator: squared, denominator: Q96 };
    const amountInRaw = inputTo(reserves, goal);
    // A pair reverts where it would give nothing.
    if (amountInRaw === 0n || constantProductOut({ ...reserves, amountInRaw }) === 0n) return [];
    const path = [pair.token0.address, pair.token1.address];
    return [
      callOf(mainnet.uniswapV2Router02, uniswapV2Router02Abi, 'swapExactTokensForTokens', [
        amountInRaw,
        0n,
        zeroForOne ? path : path.toReversed(),
        arbitrageur,
        FOREVER,
      ]),
    ];
  });
}

/**
 * What has to be put in so that the reserves' ratio becomes t = numerator / denominator, the fee staying in the pair: the
 * positive root of 997 x^2 + 1997 R x + 1000 R (R - t r) = 0, R and r the reserves of input and output.
 */
function inputTo({ reserveInRaw, reserveOutRaw }: PairReserves, { numerator, denominator }: Ratio): bigint {
  const gap = (numerator * reserveOutRaw) / denominator - reserveInRaw;
  if (gap <= 0n) return 0n;
  const b = (KEPT + THOUSAND) * reserveInRaw;
  const root = integerSqrtDown(b * b + 4n * KEPT * THOUSAND * reserveInRaw * gap);
  return (root - b) / (2n * KEPT);
}

function sidesOf({ token0, token1, baseIsToken0 }: DevnetPair) {
  return baseIsToken0 ? { base: token0, quote: token1 } : { base: token1, quote: token0 };
}
