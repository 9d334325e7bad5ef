import { CorruptDataError } from '../errors.ts';
import type { ConcentratedPool } from './pool.ts';
import { swapFeePips } from './poolTerms.ts';
import { assertAmount, limitOf, type SwapQuote, type SwapRequest } from './swapQuote.ts';
import { stepExactIn, stepExactOut } from './swapStep.ts';
import { type TickIndex, tickIndexOf } from './tickIndex.ts';
import { MAX_TICK, MIN_TICK, maxUsableTick, minUsableTick, tickAtSqrtPrice } from './tickMath.ts';

/** The pool looks for its next tick within one word of 256 spacings, and stops at the word's end in any case. */
const TICKS_PER_WORD = 256;

/** What all swaps of one pool in one direction share. */
export interface Course {
  readonly pool: ConcentratedPool;
  readonly zeroForOne: boolean;
  readonly index: TickIndex;
  readonly feePips: bigint;
  /** Where knowledge of the ticks ends; the end of all prices where they are all known. */
  readonly lowestKnown: number;
  readonly highestKnown: number;
}

/** Where a swap stands: the pool's state there, and what it has taken and given so far, raw. */
export interface SwapState {
  readonly sqrtPriceX96: bigint;
  readonly tick: number;
  readonly liquidity: bigint;
  /** Position in the tick list of the next tick ahead. */
  readonly position: number;
  readonly amountInRaw: bigint;
  readonly amountOutRaw: bigint;
  readonly feeRaw: bigint;
  readonly ticksCrossed: number;
}

/** How far a swap may go. */
export interface SwapGoal {
  readonly amountRaw: bigint;
  readonly exactIn: boolean;
  readonly sqrtPriceLimitX96: bigint;
  readonly limitGiven: boolean;
  /** Goes no further than the next tick or word end. */
  readonly oneEnd?: boolean;
}

/** Says what a request asks for. @throws InvalidInputError when the amount or the limit is impossible */
export function goalOf(request: SwapRequest, exactIn: boolean): SwapGoal {
  const { amountRaw, sqrtPriceLimitX96 } = request;
  assertAmount(amountRaw);
  return {
    amountRaw,
    exactIn,
    sqrtPriceLimitX96: limitOf(request),
    limitGiven: sqrtPriceLimitX96 !== undefined,
  };
}

/** The course of a pool in one direction. @throws CorruptDataError when the ticks are out of order */
export function courseOf(pool: ConcentratedPool, zeroForOne: boolean): Course {
  const { knownTicks, tickSpacing } = pool;
  return {
    pool,
    zeroForOne,
    index: tickIndexOf(pool.ticks),
    feePips: BigInt(swapFeePips(pool, zeroForOne)),
    lowestKnown: knownTicks.lower <= minUsableTick(tickSpacing) ? MIN_TICK : knownTicks.lower,
    highestKnown: knownTicks.upper >= maxUsableTick(tickSpacing) ? MAX_TICK : knownTicks.upper,
  };
}

/** Where every swap on a course begins. */
export function startOf({ pool, zeroForOne, index }: Course): SwapState {
  return {
    sqrtPriceX96: pool.sqrtPriceX96,
    tick: pool.tick,
    liquidity: pool.liquidity,
    position: index.positionAtOrBelow(pool.tick) + (zeroForOne ? 0 : 1),
    amountInRaw: 0n,
    amountOutRaw: 0n,
    feeRaw: 0n,
    ticksCrossed: 0,
  };
}

/** Whether nothing is known of the ticks that a swap at `tick` goes to. */
export function isUnknownAhead({ zeroForOne, lowestKnown, highestKnown }: Course, tick: number): boolean {
  return zeroForOne ? tick < lowestKnown : tick >= highestKnown;
}

/**
 * Swaps tick by tick from a state to the goal, the way the pool does.
 *
 * @param passed receives the state at every tick or word end that is passed with something left to swap
 * @throws CorruptDataError when the pool's ticks make its liquidity negative
 */
export function walk(course: Course, from: SwapState, goal: SwapGoal, passed?: SwapState[]): SwapQuote {
  const { pool, zeroForOne, index, feePips, lowestKnown, highestKnown } = course;
  const { ticks, tickSpacing } = pool;
  const { exactIn, sqrtPriceLimitX96: limit } = goal;
  const step = exactIn ? stepExactIn : stepExactOut;
  let { sqrtPriceX96, tick, liquidity, position, amountInRaw, amountOutRaw, feeRaw, ticksCrossed } = from;
  let remainingRaw = goal.amountRaw - (exactIn ? amountInRaw : amountOutRaw);
  let lastStepRaw = remainingRaw;
  let unknownAhead = false;

  while (remainingRaw > 0n && (zeroForOne ? sqrtPriceX96 > limit : sqrtPriceX96 < limit)) {
    unknownAhead = isUnknownAhead(course, tick);
    if (unknownAhead) break;

    const candidate = ticks[position];
    let nextTick = zeroForOne
      ? Math.max(wordStart(tick, tickSpacing), lowestKnown)
      : Math.min(wordEnd(tick, tickSpacing), highestKnown);
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
      amountInRaw += moved.takenRaw;
      amountOutRaw += moved.givenRaw;
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
      if (passed !== undefined && remainingRaw > 0n) {
        passed.push({
          sqrtPriceX96,
          tick,
          liquidity,
          position,
          amountInRaw,
          amountOutRaw,
          feeRaw,
          ticksCrossed,
        });
        if (goal.oneEnd === true) break;
      }
    } else if (sqrtPriceX96 !== start) {
      tick = tickAtSqrtPrice(sqrtPriceX96);
    }
  }

  const filled = remainingRaw === 0n;
  const unfilled = unknownAhead ? 'knownRangeEnd' : goal.limitGiven ? 'priceLimit' : 'noLiquidity';
  return {
    zeroForOne,
    amountInRaw,
    amountOutRaw,
    feeRaw,
    sqrtPriceAfterX96: sqrtPriceX96,
    tickAfter: tick,
    liquidityAfter: liquidity,
    ticksCrossed,
    filled,
    stopped: filled ? 'filled' : unfilled,
  };
}

/**
 * A swap worked out tick by tick from the pool's price on: what the ladder's quotes are held to.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function swapByLoop(pool: ConcentratedPool, request: SwapRequest, exactIn: boolean): SwapQuote {
  const goal = goalOf(request, exactIn);
  const course = courseOf(pool, request.zeroForOne);
  return walk(course, startOf(course), goal);
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

function negativeLiquidity(pool: ConcentratedPool, tick: number): CorruptDataError {
  return new CorruptDataError('liquidity', 'below 0', '0 or more after crossing a tick', {
    facts: { pool: pool.address, tick },
  });
}
