import { createRequire } from 'node:module';
import type * as SdkCore from '@uniswap/sdk-core';
import type * as V3Sdk from '@uniswap/v3-sdk';
import type { ConcentratedPool } from '../../src/core/amm/pool.ts';
import type { SwapRequest } from '../../src/core/amm/swap.ts';

const require = createRequire(import.meta.url);

/** Uniswap's own SDK, the second opinion on swaps. Its ESM build does not load in Node: this is the CommonJS one. */
export const v3Sdk = require('@uniswap/v3-sdk') as typeof V3Sdk;
const sdkCore = require('@uniswap/sdk-core') as typeof SdkCore;

type Jsbi = V3Sdk.Pool['liquidity'];
const jsbi = createRequire(require.resolve('@uniswap/v3-sdk'))('jsbi') as { BigInt(value: string): Jsbi };

/** A bigint as the SDK's own big integer. */
export function toJsbi(value: bigint): Jsbi {
  return jsbi.BigInt(value.toString());
}

/** What the SDK's swap says of a pool: the amount that was not given, unsigned, and where the pool ends. */
export interface SdkSwap {
  readonly calculatedRaw: bigint;
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  readonly liquidity: bigint;
}

/** The SDK's tick list of a pool; build it once per pool, it checks itself. */
export function sdkTicks(pool: ConcentratedPool): V3Sdk.TickListDataProvider {
  const magnitude = (value: bigint) => (value < 0n ? -value : value);
  return new v3Sdk.TickListDataProvider(
    pool.ticks.map(({ index, liquidityNet }) => ({
      index,
      liquidityNet: liquidityNet.toString(),
      liquidityGross: magnitude(liquidityNet).toString(),
    })),
    pool.tickSpacing,
  );
}

/** A pool as the SDK's users hold it, and amounts of its token0. */
export interface SdkPool {
  readonly pool: V3Sdk.Pool;
  amount0(amountRaw: bigint): SdkCore.CurrencyAmount<SdkCore.Token>;
}

/** The same pool as an SDK object with its ticks in memory. */
export function sdkPool(pool: ConcentratedPool): SdkPool {
  const token0 = new sdkCore.Token(1, pool.token0, 18);
  const token1 = new sdkCore.Token(1, pool.token1, 18);
  const [price, liquidity] = [pool.sqrtPriceX96.toString(), pool.liquidity.toString()];
  return {
    pool: new v3Sdk.Pool(token0, token1, pool.feePips, price, liquidity, pool.tick, sdkTicks(pool)),
    amount0: (amountRaw) => sdkCore.CurrencyAmount.fromRawAmount(token0, amountRaw.toString()),
  };
}

/** Runs the SDK's swap over the same pool and request. */
export async function sdkSwap(
  pool: ConcentratedPool,
  request: SwapRequest,
  exactIn: boolean,
): Promise<SdkSwap> {
  const swapped = await v3Sdk.v3Swap(
    toJsbi(BigInt(pool.feePips)),
    toJsbi(pool.sqrtPriceX96),
    pool.tick,
    toJsbi(pool.liquidity),
    pool.tickSpacing,
    sdkTicks(pool),
    request.zeroForOne,
    toJsbi(exactIn ? request.amountRaw : -request.amountRaw),
    request.sqrtPriceLimitX96 === undefined ? undefined : toJsbi(request.sqrtPriceLimitX96),
  );
  const calculatedRaw = BigInt(swapped.amountCalculated.toString());
  return {
    calculatedRaw: calculatedRaw < 0n ? -calculatedRaw : calculatedRaw,
    sqrtPriceX96: BigInt(swapped.sqrtRatioX96.toString()),
    tick: swapped.tickCurrent,
    liquidity: BigInt(swapped.liquidity.toString()),
  };
}
