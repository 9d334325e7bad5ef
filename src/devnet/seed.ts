import { encodeFunctionData } from 'viem';
import { devnetAggregatorAbi } from '../../abis/devnetAggregator.ts';
import { devnetTokenAbi } from '../../abis/devnetToken.ts';
import { erc20Abi } from '../../abis/erc20.ts';
import { nonfungiblePositionManagerAbi } from '../../abis/nonfungiblePositionManager.ts';
import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import { weth9Abi } from '../../abis/weth9.ts';
import type { LiquidityRange } from '../core/amm/liquidityLayers.ts';
import { type Address, type Hex, sameAddress } from '../core/units.ts';
import { devnetAggregators, mainnet } from './addresses.ts';
import { type Call, callOf } from './node/transactions.ts';
import { amountsOfRange } from './pools/liquidityShape.ts';
import type { DevnetPool } from './pools/pools.ts';

const MAX_UINT256 = (1n << 256n) - 1n;
const MAX_UINT128 = (1n << 128n) - 1n;
/** Slots for past prices that each pool starts with; a real pool has hundreds. */
const OBSERVATIONS = 32;
/** 8 decimals of the USD feeds. */
const FEED_UNIT = 1e8;

/** Gives an account so much of a token: WETH by paying ether in, the others by their open mint. */
export function fundCall(token: Address, account: Address, amountRaw: bigint): readonly Call[] {
  if (!sameAddress(token, mainnet.weth)) return [callOf(token, devnetTokenAbi, 'mint', [account, amountRaw])];
  return [
    callOf(mainnet.weth, weth9Abi, 'deposit', [], amountRaw),
    callOf(mainnet.weth, weth9Abi, 'transfer', [account, amountRaw]),
  ];
}

/** Lets a contract take whatever it needs of a token from the caller. */
export function approveCall(token: Address, spender: Address, amountRaw = MAX_UINT256): Call {
  return callOf(token, erc20Abi, 'approve', [spender, amountRaw]);
}

/** Creates a pool at a price, through the position manager, which lands on the real pool's address. */
export function createPoolCalls(pool: DevnetPool, sqrtPriceX96: bigint): readonly Call[] {
  const tokens = [pool.token0.address, pool.token1.address] as const;
  return [
    callOf(
      mainnet.nonfungiblePositionManager,
      nonfungiblePositionManagerAbi,
      'createAndInitializePoolIfNecessary',
      [...tokens, pool.feePips, sqrtPriceX96],
    ),
    callOf(pool.address, uniswapV3PoolAbi, 'increaseObservationCardinalityNext', [OBSERVATIONS]),
  ];
}

/** Mints ranges of liquidity for `recipient` in one call; the caller pays. */
export function mintRangesCall(
  pool: DevnetPool,
  ranges: readonly LiquidityRange[],
  sqrtPriceX96: bigint,
  recipient: Address,
): Call {
  const mints = ranges.map((range): Hex => {
    const { amount0Raw, amount1Raw } = amountsOfRange(range, sqrtPriceX96);
    const mint = {
      token0: pool.token0.address,
      token1: pool.token1.address,
      fee: pool.feePips,
      tickLower: range.tickLower,
      tickUpper: range.tickUpper,
      amount0Desired: amount0Raw,
      amount1Desired: amount1Raw,
      amount0Min: 0n,
      amount1Min: 0n,
      recipient,
      deadline: MAX_UINT128,
    };
    return encodeFunctionData({ abi: nonfungiblePositionManagerAbi, functionName: 'mint', args: [mint] });
  });
  return callOf(mainnet.nonfungiblePositionManager, nonfungiblePositionManagerAbi, 'multicall', [mints]);
}

/** A USD price as a feed's answer, 8 decimals, nearest. */
export function feedAnswer(price: number): bigint {
  return BigInt(Math.round(price * FEED_UNIT));
}

/** The feeds' first rounds. */
export function firstAnswerCalls(ethUsd: number): readonly Call[] {
  const answer = (aggregator: Address, price: number) =>
    callOf(aggregator, devnetAggregatorAbi, 'transmit', [feedAnswer(price)]);
  return [
    answer(devnetAggregators.ethUsd, ethUsd),
    answer(devnetAggregators.usdcUsd, 1),
    answer(devnetAggregators.usdtUsd, 1),
  ];
}
