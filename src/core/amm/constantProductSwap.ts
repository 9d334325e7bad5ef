import { integerSqrtDown } from '../math/integerSqrt.ts';
import { max, min, mulDivUp } from '../units.ts';
import {
  constantProductIn,
  constantProductOut,
  type PairReserves,
  requireReserves,
} from './constantProduct.ts';
import type { ConstantProductPool } from './pool.ts';
import { reserveSqrtPrice } from './poolTerms.ts';
import { assertAmount, limitOf, type SwapQuote, type SwapRequest } from './swapQuote.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96, tickAtSqrtPrice } from './tickMath.ts';

const BPS_IN_ONE = 10_000n;
/** A pair keeps its reserves in 112 bits, and refuses what does not fit. */
const MAX_RESERVE_RAW = (1n << 112n) - 1n;

/** A pair from one side. */
interface Side extends PairReserves {
  readonly zeroForOne: boolean;
}

function sideOf({ reserve0Raw, reserve1Raw, feeBps }: ConstantProductPool, zeroForOne: boolean): Side {
  return zeroForOne
    ? { zeroForOne, reserveInRaw: reserve0Raw, reserveOutRaw: reserve1Raw, feeBps }
    : { zeroForOne, reserveInRaw: reserve1Raw, reserveOutRaw: reserve0Raw, feeBps };
}

/**
 * The largest reserve of the input, fee left out of it, at which the price has not passed a limit. The product of the
 * reserves is k, so with the input as token0 the square root price there is sqrt(k) / reserve, and its inverse otherwise.
 */
function reserveAtLimit({ zeroForOne, reserveInRaw, reserveOutRaw }: Side, limitX96: bigint): bigint {
  const root = integerSqrtDown((reserveInRaw * reserveOutRaw) << 192n);
  return zeroForOne ? root / limitX96 : (root * limitX96) >> 192n;
}

/** The most that can be put in, fee included, before the price passes a limit. */
function inputToLimit(side: Side, limitX96: bigint): bigint {
  const room = (reserveAtLimit(side, limitX96) - side.reserveInRaw) * BPS_IN_ONE;
  return max(room / (BPS_IN_ONE - BigInt(side.feeBps)), 0n);
}

/** The most that can be taken out before the price passes a limit. */
function outputToLimit(side: Side, limitX96: bigint): bigint {
  const { reserveInRaw, reserveOutRaw } = side;
  const reserveIn = reserveAtLimit(side, limitX96);
  if (reserveIn <= reserveInRaw) return 0n;
  // One unit always stays: a pair cannot be emptied.
  return min(reserveOutRaw - mulDivUp(reserveInRaw, reserveOutRaw, reserveIn), reserveOutRaw - 1n);
}

/** The most that can be put in, fee included, before the pair has no room for it. */
function inputToRoom({ reserveInRaw }: Side): bigint {
  return max(MAX_RESERVE_RAW - reserveInRaw, 0n);
}

/** The most that can be taken out for no more than an input. */
function outputFor(side: Side, amountInRaw: bigint): bigint {
  if (amountInRaw === 0n) return 0n;
  const amountOutRaw = constantProductOut({ ...side, amountInRaw });
  if (amountOutRaw === 0n) return 0n;
  // The router asks a unit too much where the division leaves nothing.
  return (constantProductIn({ ...side, amountOutRaw }) ?? 0n) > amountInRaw
    ? amountOutRaw - 1n
    : amountOutRaw;
}

/** The price that a swap ends at: its output's reserve against its input's without the fee. */
function priceAfter(side: Side, amountInRaw: bigint): bigint {
  const { zeroForOne, reserveInRaw, reserveOutRaw, feeBps } = side;
  const reserveIn = reserveInRaw * BPS_IN_ONE + amountInRaw * (BPS_IN_ONE - BigInt(feeBps));
  const root = integerSqrtDown((reserveInRaw * reserveOutRaw) << 192n) * BPS_IN_ONE;
  const price = zeroForOne ? root / reserveIn : (reserveIn << 192n) / root;
  return min(max(price, MIN_SQRT_PRICE_X96), MAX_SQRT_PRICE_X96 - 1n);
}

/**
 * A swap on a pair, in the same terms as on a pool of ticks: one range, which ends where the pair has no room for more of
 * the input. The pair knows no price limit of its own, so with one the quote is of the largest amount that does not pass it.
 *
 * @throws InvalidInputError when the amount is not from 1 to 2^255 - 1, the limit is outside the price range, or the
 * pair has no reserves
 */
export function swapOnPair(pool: ConstantProductPool, request: SwapRequest, exactIn: boolean): SwapQuote {
  const { zeroForOne, amountRaw, sqrtPriceLimitX96 } = request;
  assertAmount(amountRaw);
  const limitX96 = limitOf(request);
  const side = sideOf(pool, zeroForOne);
  requireReserves(side);
  const toLimit = exactIn ? inputToLimit : outputToLimit;
  const room = inputToRoom(side);
  const mostOfRoom = exactIn ? room : outputFor(side, room);
  const mostToLimit = sqrtPriceLimitX96 === undefined ? mostOfRoom : toLimit(side, limitX96);
  const largest = min(mostOfRoom, mostToLimit);
  const filled = amountRaw <= largest;
  const swappedRaw = filled ? amountRaw : largest;
  const nothing = swappedRaw === 0n;
  const inputFor = (amountOutRaw: bigint) => constantProductIn({ ...side, amountOutRaw }) ?? 0n;
  const amountInRaw = exactIn || nothing ? swappedRaw : inputFor(swappedRaw);
  const amountOutRaw = nothing ? 0n : exactIn ? constantProductOut({ ...side, amountInRaw }) : swappedRaw;
  const sqrtPriceAfterX96 = nothing ? reserveSqrtPrice(pool) : priceAfter(side, amountInRaw);
  return {
    zeroForOne,
    amountInRaw,
    amountOutRaw,
    feeRaw: mulDivUp(amountInRaw, BigInt(pool.feeBps), BPS_IN_ONE),
    sqrtPriceAfterX96,
    tickAfter: tickAtSqrtPrice(sqrtPriceAfterX96),
    liquidityAfter: integerSqrtDown((side.reserveInRaw + amountInRaw) * (side.reserveOutRaw - amountOutRaw)),
    ticksCrossed: 0,
    filled,
    stopped: filled ? 'filled' : mostToLimit < mostOfRoom ? 'priceLimit' : 'noLiquidity',
  };
}

/** A pair as a swap leaves it: the fee stays in its reserves. */
export function pairAfter(pool: ConstantProductPool, quote: SwapQuote): ConstantProductPool {
  const { zeroForOne, amountInRaw, amountOutRaw } = quote;
  return {
    ...pool,
    reserve0Raw: pool.reserve0Raw + (zeroForOne ? amountInRaw : -amountOutRaw),
    reserve1Raw: pool.reserve1Raw + (zeroForOne ? -amountOutRaw : amountInRaw),
  };
}
