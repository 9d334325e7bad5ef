import { CorruptDataError } from '../errors.ts';
import type { ConcentratedPool } from './pool.ts';
import {
  type Course,
  courseOf,
  goalOf,
  isUnknownAhead,
  type SwapGoal,
  type SwapState,
  startOf,
  walk,
} from './swapLoop.ts';
import { MAX_AMOUNT_RAW, type SwapQuote, type SwapRequest } from './swapQuote.ts';
import { type StretchProducts, stepExactInFrom, stepExactOut, stretchProducts } from './swapStep.ts';
import { tickAtSqrtPrice } from './tickMath.ts';

/**
 * Sums over the ticks and word ends ahead of a pool's price. What a swap takes and gives on a stretch that it crosses
 * whole does not depend on how much is swapped, so the state at every end is the same for all swaps that get there, of
 * an exact input and of an exact output alike: a quote is a search for the last end passed, and one step from there.
 */
export interface Ladder {
  readonly course: Course;
  /** States at the pool's price and at every end passed so far; grows as swaps go further. */
  readonly rungs: readonly SwapState[];
  /** The rungs' sums and square root prices as doubles, which keep the order of what they round. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly roots: readonly number[];
  /** The liquidity ahead of each rung; 0 where nothing is known of what is ahead. */
  readonly weights: readonly number[];
}

interface GrowingLadder extends Ladder {
  /** Whether the rung after the last has been asked for before, or is known not to exist. */
  ahead: 'unknown' | 'wanted' | 'none';
  readonly products: StretchProducts[];
  readonly rungs: SwapState[];
  readonly inputs: number[];
  readonly outputs: number[];
  readonly roots: number[];
  readonly weights: number[];
}

interface Ladders {
  falling?: GrowingLadder;
  rising?: GrowingLadder;
}

/**
 * The ladders of each pool, as long as the pool lives. They hold nothing but results of pure functions of the pool,
 * which nobody changes, so sharing them cannot change an answer.
 */
const ladders = new WeakMap<ConcentratedPool, Ladders>();

function growingLadder(pool: ConcentratedPool, zeroForOne: boolean): GrowingLadder {
  let known = ladders.get(pool);
  if (known === undefined) {
    known = {};
    ladders.set(pool, known);
  }
  const found = zeroForOne ? known.falling : known.rising;
  if (found !== undefined) return found;
  const course = courseOf(pool, zeroForOne);
  const made: GrowingLadder = { course, rungs: [startOf(course)], ahead: 'unknown', ...mirrors() };
  if (zeroForOne) known.falling = made;
  else known.rising = made;
  return made;
}

const mirrors = () => ({ inputs: [], outputs: [], roots: [], weights: [], products: [] });

/** Brings the doubles up to date with the rungs. */
function mirror(ladder: GrowingLadder): void {
  const { rungs, inputs, outputs, roots, weights, products, course } = ladder;
  for (let i = inputs.length; i < rungs.length; i++) {
    const { amountInRaw, amountOutRaw, sqrtPriceX96, liquidity, tick } = rungs[i]!;
    products.push(stretchProducts(sqrtPriceX96, liquidity, course.feePips));
    inputs.push(Number(amountInRaw));
    outputs.push(Number(amountOutRaw));
    roots.push(Number(sqrtPriceX96));
    weights.push(isUnknownAhead(course, tick) ? 0 : Number(liquidity));
  }
}

/** The last rung that a swap passes with something left to do; its first state where it does nothing at all. */
function lastPassed(ladder: GrowingLadder, { amountRaw, exactIn, sqrtPriceLimitX96, limitGiven }: SwapGoal) {
  const { rungs, inputs, outputs, roots, course } = ladder;
  if (rungs.length === 1) return 0;
  mirror(ladder);
  const { zeroForOne } = course;
  const sums = exactIn ? inputs : outputs;
  const amount = Number(amountRaw);
  const limit = limitGiven ? Number(sqrtPriceLimitX96) : 0;
  let passed = 0;
  let beyond = rungs.length;
  while (beyond - passed > 1) {
    const middle = (passed + beyond) >> 1;
    // Doubles that differ say for certain how the integers compare.
    const isBefore = !limitGiven || (zeroForOne ? roots[middle]! > limit : roots[middle]! < limit);
    if (isBefore && sums[middle]! < amount) passed = middle;
    else beyond = middle;
  }
  for (let next = passed + 1; next < rungs.length && sums[next]! <= amount; next++) {
    const { sqrtPriceX96, amountInRaw, amountOutRaw } = rungs[next]!;
    const before = zeroForOne ? sqrtPriceX96 > sqrtPriceLimitX96 : sqrtPriceX96 < sqrtPriceLimitX96;
    if (!before || (exactIn ? amountInRaw : amountOutRaw) >= amountRaw) break;
    passed = next;
  }
  return passed;
}

/**
 * Adds the rung ahead of the last where swaps keep ending short of it: the first one to do so is done with, those after
 * it find their last stretch known.
 */
function lookAhead(ladder: GrowingLadder): void {
  const { course, rungs } = ladder;
  const last = rungs.length;
  if (ladder.ahead === 'unknown') {
    ladder.ahead = 'wanted';
    return;
  }
  if (ladder.ahead === 'none') return;
  const { zeroForOne } = course;
  const everything = goalOf({ zeroForOne, amountRaw: MAX_AMOUNT_RAW }, true);
  try {
    walk(course, rungs[last - 1]!, { ...everything, oneEnd: true }, rungs);
  } catch (error) {
    // No swap may ever get to the tick at fault; one that does says so itself.
    if (!(error instanceof CorruptDataError)) throw error;
  }
  ladder.ahead = rungs.length === last ? 'none' : 'unknown';
}

const noStep = { takenRaw: 0n, givenRaw: 0n, feeRaw: 0n };

/** The one step that is left from a rung to the next. */
function lastStep({ course, rungs, products }: GrowingLadder, passed: number, goal: SwapGoal): SwapQuote {
  const { zeroForOne, feePips } = course;
  const { exactIn, sqrtPriceLimitX96: limit, limitGiven } = goal;
  const from = rungs[passed]!;
  const next = rungs[passed + 1]!;
  const limitFirst = limitGiven && (zeroForOne ? next.sqrtPriceX96 < limit : next.sqrtPriceX96 > limit);
  const target = limitFirst ? limit : next.sqrtPriceX96;
  const { sqrtPriceX96, liquidity } = from;
  const remainingRaw = goal.amountRaw - (exactIn ? from.amountInRaw : from.amountOutRaw);
  const stretch = { sqrtPriceX96, sqrtPriceTargetX96: target, liquidity, feePips, likelyWhole: false };
  const moved =
    liquidity === 0n
      ? { ...noStep, sqrtPriceNextX96: target }
      : exactIn
        ? stepExactInFrom(stretch, remainingRaw, products[passed]!)
        : stepExactOut(stretch, remainingRaw);
  const sqrtPriceAfterX96 = moved.sqrtPriceNextX96;
  const arrives = sqrtPriceAfterX96 === next.sqrtPriceX96;
  const filled = remainingRaw === (exactIn ? moved.takenRaw : moved.givenRaw);
  const at = arrives ? next : from;
  return {
    zeroForOne,
    amountInRaw: exactIn && filled ? goal.amountRaw : from.amountInRaw + moved.takenRaw,
    amountOutRaw: exactIn || !filled ? from.amountOutRaw + moved.givenRaw : goal.amountRaw,
    feeRaw: from.feeRaw + moved.feeRaw,
    sqrtPriceAfterX96,
    tickAfter: arrives || sqrtPriceAfterX96 === sqrtPriceX96 ? at.tick : tickAtSqrtPrice(sqrtPriceAfterX96),
    liquidityAfter: at.liquidity,
    ticksCrossed: at.ticksCrossed,
    filled,
    stopped: filled ? 'filled' : limitGiven ? 'priceLimit' : 'noLiquidity',
  };
}

/**
 * A swap by the pool's ladder: the same integers as tick by tick, in a time that does not grow with the ticks crossed
 * once the ladder reaches that far. The first swap to get there builds it on its way.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, or the limit is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function swapByLadder(pool: ConcentratedPool, request: SwapRequest, exactIn: boolean): SwapQuote {
  const goal = goalOf(request, exactIn);
  const ladder = growingLadder(pool, request.zeroForOne);
  const { course, rungs } = ladder;
  const passed = lastPassed(ladder, goal);
  const from = rungs[passed]!;
  if (passed === rungs.length - 1) {
    const quote = walk(course, from, goal, rungs);
    if (passed === rungs.length - 1) lookAhead(ladder);
    return quote;
  }
  const { sqrtPriceLimitX96: limit, limitGiven } = goal;
  const { zeroForOne } = request;
  const atLimit = limitGiven && (zeroForOne ? from.sqrtPriceX96 <= limit : from.sqrtPriceX96 >= limit);
  return atLimit ? walk(course, from, goal) : lastStep(ladder, passed, goal);
}

/**
 * The ladder of a pool in one direction, built at least as far as a square root price, or as the pool is known.
 *
 * @throws InvalidInputError when the price is outside the price range
 * @throws CorruptDataError when the pool's ticks are out of order or make its liquidity negative
 */
export function ladderTo(pool: ConcentratedPool, zeroForOne: boolean, sqrtPriceX96: bigint): Ladder {
  const ladder = growingLadder(pool, zeroForOne);
  const { rungs } = ladder;
  const last = rungs[rungs.length - 1]!;
  if (zeroForOne ? last.sqrtPriceX96 > sqrtPriceX96 : last.sqrtPriceX96 < sqrtPriceX96) {
    swapByLadder(pool, { zeroForOne, amountRaw: MAX_AMOUNT_RAW, sqrtPriceLimitX96: sqrtPriceX96 }, true);
  }
  mirror(ladder);
  return ladder;
}
