import { CorruptDataError, InvalidInputError } from '../errors.ts';
import type { Pool } from './pool.ts';
import { stepExactIn, stepExactOut } from './swapStep.ts';
import { tickIndexOf } from './tickIndex.ts';
import {
  MAX_SQRT_PRICE_X96,
  MAX_TICK,
  MIN_SQRT_PRICE_X96,
  MIN_TICK,
  maxUsableTick,
  minUsableTick,
  tickAtSqrtPrice,
} from './tickMath.ts';

/** The pool looks for its next tick within one word of 256 spacings, and stops at the word's end in any case. */
const TICKS_PER_WORD = 256;
/** Largest amount that a pool's signed 256-bit argument can say. */
const MAX_AMOUNT_RAW = (1n << 255n) - 1n;

/** Where a swap without a limit of its own ends: the pool lets no price reach the ends of the range themselves. */
const LOWEST_LIMIT_X96 = MIN_SQRT_PRICE_X96 + 1n;
const HIGHEST_LIMIT_X96 = MAX_SQRT_PRICE_X96 - 1n;

/** What to swap; see {@link quoteExactIn} and {@link quoteExactOut} for what `amountRaw` counts. */
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
 * Sells exactly `amountRaw` (fee included) to a pool: the same integers as the pool's own `swap` and as QuoterV2.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function quoteExactIn(pool: Pool, request: SwapRequest): SwapQuote {
  return simulateSwap(pool, request, true);
}

/**
 * Buys exactly `amountRaw` from a pool: the same integers as the pool's own `swap` and as QuoterV2.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function quoteExactOut(pool: Pool, request: SwapRequest): SwapQuote {
  return simulateSwap(pool, request, false);
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
  return simulateSwap(pool, { ...request, amountRaw: MAX_AMOUNT_RAW }, true);
}

/** The pool as a swap leaves it, for quoting what comes next. */
export function poolAfter(pool: Pool, quote: SwapQuote): Pool {
  return {
    ...pool,
    sqrtPriceX96: quote.sqrtPriceAfterX96,
    tick: quote.tickAfter,
    liquidity: quote.liquidityAfter,
  };
}

function simulateSwap(pool: Pool, request: SwapRequest, exactIn: boolean): SwapQuote {
  const { zeroForOne, amountRaw } = request;
  if (amountRaw <= 0n || amountRaw > MAX_AMOUNT_RAW) {
    throw new InvalidInputError('amountRaw', amountRaw, 'an amount from 1 to 2^255 - 1');
  }
  const limit = priceLimit(request);
  const { ticks } = pool;
  const index = tickIndexOf(ticks);
  const step = exactIn ? stepExactIn : stepExactOut;
  const feePips = BigInt(pool.feePips);
  const lowestKnown =
    pool.knownTicks.lower <= minUsableTick(pool.tickSpacing) ? MIN_TICK : pool.knownTicks.lower;
  const highestKnown =
    pool.knownTicks.upper >= maxUsableTick(pool.tickSpacing) ? MAX_TICK : pool.knownTicks.upper;

  let { sqrtPriceX96, tick, liquidity } = pool;
  let position = index.positionAtOrBelow(tick) + (zeroForOne ? 0 : 1);
  let remainingRaw = amountRaw;
  let calculatedRaw = 0n;
  let feeRaw = 0n;
  let lastStepRaw = amountRaw;
  let ticksCrossed = 0;
  let unknownAhead = false;

  while (remainingRaw > 0n && (zeroForOne ? sqrtPriceX96 > limit : sqrtPriceX96 < limit)) {
    unknownAhead = zeroForOne ? tick < lowestKnown : tick >= highestKnown;
    if (unknownAhead) break;

    const candidate = ticks[position];
    let nextTick = zeroForOne
      ? Math.max(wordStart(tick, pool.tickSpacing), lowestKnown)
      : Math.min(wordEnd(tick, pool.tickSpacing), highestKnown);
    const crosses =
      candidate !== undefined && (zeroForOne ? candidate.index >= nextTick : candidate.index <= nextTick);
    if (crosses) nextTick = candidate.index;

    const sqrtPriceAtNextX96 = index.sqrtPriceAt(nextTick);
    const limitFirst = zeroForOne ? sqrtPriceAtNextX96 < limit : sqrtPriceAtNextX96 > limit;
    const target = limitFirst ? limit : sqrtPriceAtNextX96;
    const start = sqrtPriceX96;
    if (liquidity === 0n) {
      sqrtPriceX96 = target;
    } else {
      const likelyWhole = remainingRaw > lastStepRaw;
      const moved = step(
        { sqrtPriceX96, sqrtPriceTargetX96: target, liquidity, feePips, likelyWhole },
        remainingRaw,
      );
      lastStepRaw = exactIn ? moved.takenRaw : moved.givenRaw;
      sqrtPriceX96 = moved.sqrtPriceNextX96;
      feeRaw += moved.feeRaw;
      remainingRaw -= lastStepRaw;
      calculatedRaw += exactIn ? moved.givenRaw : moved.takenRaw;
    }

    if (sqrtPriceX96 === sqrtPriceAtNextX96) {
      if (crosses) {
        liquidity += zeroForOne ? -candidate.liquidityNet : candidate.liquidityNet;
        if (liquidity < 0n) throw negativeLiquidity(pool, candidate.index);
        position += zeroForOne ? -1 : 1;
        ticksCrossed += 1;
      }
      // Having arrived from above, the price belongs to the tick below.
      tick = zeroForOne ? nextTick - 1 : nextTick;
    } else if (sqrtPriceX96 !== start) {
      tick = tickAtSqrtPrice(sqrtPriceX96);
    }
  }

  const filled = remainingRaw === 0n;
  const swappedRaw = amountRaw - remainingRaw;
  return {
    zeroForOne,
    amountInRaw: exactIn ? swappedRaw : calculatedRaw,
    amountOutRaw: exactIn ? calculatedRaw : swappedRaw,
    feeRaw,
    sqrtPriceAfterX96: sqrtPriceX96,
    tickAfter: tick,
    liquidityAfter: liquidity,
    ticksCrossed,
    filled,
    stopped: filled ? 'filled' : stopReason(unknownAhead, request.sqrtPriceLimitX96 !== undefined),
  };
}

function stopReason(unknownAhead: boolean, limitGiven: boolean): SwapStop {
  if (unknownAhead) return 'knownRangeEnd';
  return limitGiven ? 'priceLimit' : 'noLiquidity';
}

function priceLimit({ zeroForOne, sqrtPriceLimitX96 }: SwapRequest): bigint {
  if (sqrtPriceLimitX96 === undefined) return zeroForOne ? LOWEST_LIMIT_X96 : HIGHEST_LIMIT_X96;
  if (sqrtPriceLimitX96 <= MIN_SQRT_PRICE_X96 || sqrtPriceLimitX96 >= MAX_SQRT_PRICE_X96) {
    const expected = `above ${MIN_SQRT_PRICE_X96} and below ${MAX_SQRT_PRICE_X96}`;
    throw new InvalidInputError('sqrtPriceLimitX96', sqrtPriceLimitX96, expected);
  }
  return sqrtPriceLimitX96;
}

/** First tick of the bitmap word that holds `tick`. */
function wordStart(tick: number, tickSpacing: number): number {
  const span = TICKS_PER_WORD * tickSpacing;
  return Math.floor(tick / span) * span;
}

/** Last tick of the bitmap word that holds the spacing after `tick`. */
function wordEnd(tick: number, tickSpacing: number): number {
  const after = Math.floor(tick / tickSpacing) + 1;
  return (Math.floor(after / TICKS_PER_WORD) * TICKS_PER_WORD + TICKS_PER_WORD - 1) * tickSpacing;
}

function negativeLiquidity(pool: Pool, tick: number): CorruptDataError {
  return new CorruptDataError('liquidity', 'below 0', '0 or more after crossing a tick', {
    facts: { pool: pool.address, tick },
  });
}
