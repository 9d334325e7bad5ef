import { swapFeePips } from '../amm/poolTerms.ts';
import { quoteExactIn, quoteExactOut, type SwapQuote } from '../amm/swap.ts';
import { integerSqrtDown, integerSqrtUp } from '../math/integerSqrt.ts';
import type { Ratio } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import { max, min, mulDivUp } from '../units.ts';
import type { PoolBound, TwoHopBound, WayBound } from './poolBound.ts';

/** What a way does with an amount, to the wei, in the terms of a swap; one of two hops also says what each of them does. */
export type WayQuote = Pick<
  SwapQuote,
  'amountInRaw' | 'amountOutRaw' | 'feeRaw' | 'filled' | 'stopped' | 'liquidityAfter'
> & {
  /** On the pool of base. */
  readonly near: SwapQuote;
  /** On the pool of quote, where that is another one. */
  readonly far: SwapQuote | null;
};

/** Tries to come down to the amount at which two pools reach an order's worst price; the doubles are this close. */
const MAX_STEPS = 48;
const FIRST_STEP_SHARE = 1n << 46n;

function single(quote: SwapQuote): WayQuote {
  const { amountInRaw, amountOutRaw, feeRaw, filled, stopped, liquidityAfter } = quote;
  return { amountInRaw, amountOutRaw, feeRaw, filled, stopped, liquidityAfter, near: quote, far: null };
}

function swapOn(bound: PoolBound, amountRaw: bigint, exactIn: boolean): SwapQuote {
  const request = { zeroForOne: bound.zeroForOne, amountRaw, sqrtPriceLimitX96: bound.limitX96 };
  return exactIn ? quoteExactIn(bound.pool, request) : quoteExactOut(bound.pool, request);
}

/** The amount that comes out of the first pool goes into the second, or what the second wants is bought of the first. */
function swapOnBoth(
  { near, far }: TwoHopBound,
  side: Side,
  amountRaw: bigint,
  exactIn: boolean,
): WayQuote | null {
  const [first, second] = side === 'sell' ? [near, far] : [far, near];
  const given = swapOn(exactIn ? first : second, amountRaw, exactIn);
  const passed = exactIn ? given.amountOutRaw : given.amountInRaw;
  if (passed === 0n) return null;
  const other = swapOn(exactIn ? second : first, passed, exactIn);
  const [entry, exit] = exactIn ? [given, other] : [other, given];
  const stopper = given.filled ? other : given;
  const bridgeFeeRaw =
    entry.amountOutRaw === 0n ? 0n : mulDivUp(exit.feeRaw, entry.amountInRaw, entry.amountOutRaw);
  return {
    amountInRaw: entry.amountInRaw,
    amountOutRaw: exit.amountOutRaw,
    feeRaw: entry.feeRaw + bridgeFeeRaw,
    filled: given.filled && other.filled,
    stopped: stopper.stopped,
    liquidityAfter: stopper.liquidityAfter,
    near: side === 'sell' ? entry : exit,
    far: side === 'sell' ? exit : entry,
  };
}

/** What a pool's last unit trades at, as it moves a price of base: after the fee, quoteRaw / baseRaw up to a fixed factor. */
function marginal({ pool, zeroForOne }: PoolBound, side: Side, quote: SwapQuote): Ratio {
  const kept = BigInt(1_000_000 - swapFeePips(pool, zeroForOne));
  const square = quote.sqrtPriceAfterX96 * quote.sqrtPriceAfterX96;
  const baseIsToken0 = zeroForOne === (side === 'sell');
  const middle = baseIsToken0
    ? { numerator: square, denominator: 1n << 192n }
    : { numerator: 1n << 192n, denominator: square };
  return side === 'sell'
    ? { numerator: middle.numerator * kept, denominator: middle.denominator * 1_000_000n }
    : { numerator: middle.numerator * 1_000_000n, denominator: middle.denominator * kept };
}

/** Whether the last unit over both pools trades within the order's worst price. */
function isWithin(bound: TwoHopBound, side: Side, { near, far }: WayQuote): boolean {
  const [first, second] = [marginal(bound.near, side, near), marginal(bound.far, side, far!)];
  const price = first.numerator * second.numerator * bound.worst.denominator;
  const worst = bound.worst.numerator * first.denominator * second.denominator;
  return side === 'sell' ? price >= worst : price <= worst;
}

/** The most base that two pools trade within the order's worst price, as near to it as doubles tell; null where it is none. */
function mostOverBoth(bound: TwoHopBound, side: Side): WayQuote | null {
  let amountRaw = bound.mostRaw;
  let step = amountRaw / FIRST_STEP_SHARE + 1n;
  for (let tries = 0; tries < MAX_STEPS && amountRaw > 0n; tries++) {
    const quote = swapOnBoth(bound, side, amountRaw, side === 'sell');
    if (quote?.filled && isWithin(bound, side, quote)) return quote;
    amountRaw -= step;
    step *= 2n;
  }
  return null;
}

/**
 * Sells, or buys, so much base over a way, within the order's worst price; what is beyond it stays unfilled.
 *
 * @returns null where nothing is traded
 */
export function quoteBaseOf(bound: WayBound, side: Side, baseRaw: bigint): WayQuote | null {
  if (baseRaw <= 0n) return null;
  if (!('way' in bound)) return single(swapOn(bound, baseRaw, side === 'sell'));
  const quote = swapOnBoth(bound, side, baseRaw, side === 'sell');
  if (quote === null || (quote.filled && (baseRaw <= bound.surelyRaw || isWithin(bound, side, quote))))
    return quote;
  const most = mostOverBoth(bound, side);
  if (most === null) return null;
  const { stopped, liquidityAfter } = quote;
  return { ...most, filled: false, stopped: quote.filled ? 'priceLimit' : stopped, liquidityAfter };
}

/**
 * Asks a way for an amount of quote instead: bought with base for a sale, paid for base for a purchase.
 *
 * @returns null where nothing is traded
 */
export function quoteQuoteOf(bound: WayBound, side: Side, quoteRaw: bigint): WayQuote | null {
  if (quoteRaw <= 0n) return null;
  return 'way' in bound
    ? swapOnBoth(bound, side, quoteRaw, side === 'buy')
    : single(swapOn(bound, quoteRaw, side === 'buy'));
}

/** A pool's square root price where its own price is worse by the room that is left to the order's worst one. */
function limitBeside(hop: PoolBound, side: Side, quote: SwapQuote, room: Ratio): bigint {
  const square = quote.sqrtPriceAfterX96 * quote.sqrtPriceAfterX96;
  const baseIsToken0 = hop.zeroForOne === (side === 'sell');
  const { numerator, denominator } = baseIsToken0
    ? room
    : { numerator: room.denominator, denominator: room.numerator };
  return hop.zeroForOne
    ? max(integerSqrtUp((square * numerator + denominator - 1n) / denominator), hop.limitX96)
    : min(integerSqrtDown((square * numerator) / denominator), hop.limitX96);
}

/** Where each of two pools reaches the order's worst price while the other one stays where the quote leaves it. */
export function limitsBeside(
  bound: TwoHopBound,
  side: Side,
  { near, far }: WayQuote,
): { readonly nearX96: bigint; readonly farX96: bigint } {
  const [first, second] = [marginal(bound.near, side, near), marginal(bound.far, side, far!)];
  const room = {
    numerator: bound.worst.numerator * first.denominator * second.denominator,
    denominator: bound.worst.denominator * first.numerator * second.numerator,
  };
  return {
    nearX96: limitBeside(bound.near, side, near, room),
    farX96: limitBeside(bound.far, side, far!, room),
  };
}
