import { InvalidInputError } from '../errors.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from './tickMath.ts';

/** Largest amount that a pool's signed 256-bit argument can say. */
export const MAX_AMOUNT_RAW = (1n << 255n) - 1n;

/** Where a swap without a limit of its own ends: the pool lets no price reach the ends of the range themselves. */
const LOWEST_LIMIT_X96 = MIN_SQRT_PRICE_X96 + 1n;
const HIGHEST_LIMIT_X96 = MAX_SQRT_PRICE_X96 - 1n;

/** What to swap; `amountRaw` is given or wanted, as the function called says. */
export interface SwapRequest {
  /** True to sell token0 for token1: the price (token1 per token0) falls. */
  readonly zeroForOne: boolean;
  readonly amountRaw: bigint;
  /** The square root price never passes this; by default the end of the price range. */
  readonly sqrtPriceLimitX96?: bigint | undefined;
}

/**
 * Why a swap ended: everything was swapped; the given limit was reached; the default limit was, so the pool's
 * liquidity is exhausted; or what is known of the pool's ticks ends there and the rest cannot be told.
 */
export type SwapStop = 'filled' | 'priceLimit' | 'noLiquidity' | 'knownRangeEnd';

/** What a swap does, to the wei; amounts are raw. */
export interface SwapQuote {
  readonly zeroForOne: boolean;
  /** What the pool takes, fee included. */
  readonly amountInRaw: bigint;
  readonly amountOutRaw: bigint;
  /** The part of `amountInRaw` that is fee. */
  readonly feeRaw: bigint;
  /** The price that the swap ended at, fee apart. A pair's fee joins its reserves, so its own price ends a little further. */
  readonly sqrtPriceAfterX96: bigint;
  readonly tickAfter: number;
  readonly liquidityAfter: bigint;
  /** Initialised ticks crossed. */
  readonly ticksCrossed: number;
  /** True when the whole amount was swapped; when false, the amounts are what was swapped until the stop. */
  readonly filled: boolean;
  readonly stopped: SwapStop;
}

/**
 * Checks an amount against what a pool's argument can say.
 *
 * @throws InvalidInputError when it is not from 1 to 2^255 - 1
 */
export function assertAmount(amountRaw: bigint): void {
  if (amountRaw <= 0n || amountRaw > MAX_AMOUNT_RAW) {
    throw new InvalidInputError('amountRaw', amountRaw, 'an amount from 1 to 2^255 - 1');
  }
}

/**
 * The limit of a request, or the end of the price range where it gives none.
 *
 * @throws InvalidInputError when the limit is outside the price range
 */
export function limitOf({ zeroForOne, sqrtPriceLimitX96 }: SwapRequest): bigint {
  if (sqrtPriceLimitX96 === undefined) return zeroForOne ? LOWEST_LIMIT_X96 : HIGHEST_LIMIT_X96;
  if (sqrtPriceLimitX96 <= MIN_SQRT_PRICE_X96 || sqrtPriceLimitX96 >= MAX_SQRT_PRICE_X96) {
    const expected = `above ${MIN_SQRT_PRICE_X96} and below ${MAX_SQRT_PRICE_X96}`;
    throw new InvalidInputError('sqrtPriceLimitX96', sqrtPriceLimitX96, expected);
  }
  return sqrtPriceLimitX96;
}
