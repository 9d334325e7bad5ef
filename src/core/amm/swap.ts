import { pairAfter, swapOnPair } from './constantProductSwap.ts';
import { swapByLadder } from './ladder.ts';
import type { Pool } from './pool.ts';
import { MAX_AMOUNT_RAW, type SwapQuote, type SwapRequest } from './swapQuote.ts';

export type { SwapQuote, SwapRequest, SwapStop } from './swapQuote.ts';

/**
 * Sells exactly `amountRaw` (fee included) to a pool: the same integers as the pool's own `swap` and as the quoters and
 * routers.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function quoteExactIn(pool: Pool, request: SwapRequest): SwapQuote {
  return pool.kind === 'concentrated' ? swapByLadder(pool, request, true) : swapOnPair(pool, request, true);
}

/**
 * Buys exactly `amountRaw` from a pool: the same integers as the pool's own `swap` and as the quoters and routers.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function quoteExactOut(pool: Pool, request: SwapRequest): SwapQuote {
  return pool.kind === 'concentrated' ? swapByLadder(pool, request, false) : swapOnPair(pool, request, false);
}

/**
 * All that a pool takes and gives until its price reaches `sqrtPriceLimitX96`: `stopped` is `priceLimit` when it gets
 * there. Where the price is past the limit already, the amounts are zero.
 *
 * @throws InvalidInputError when the limit is outside the price range
 */
export function quoteToPrice(
  pool: Pool,
  request: { readonly zeroForOne: boolean; readonly sqrtPriceLimitX96: bigint },
): SwapQuote {
  return quoteExactIn(pool, { ...request, amountRaw: MAX_AMOUNT_RAW });
}

/** The pool as a swap leaves it, for quoting what comes next. */
export function poolAfter<P extends Pool>(pool: P, quote: SwapQuote): P {
  if (pool.kind === 'constantProduct') return { ...pool, ...pairAfter(pool, quote) };
  return {
    ...pool,
    sqrtPriceX96: quote.sqrtPriceAfterX96,
    tick: quote.tickAfter,
    liquidity: quote.liquidityAfter,
  };
}
