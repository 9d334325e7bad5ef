import type { Side } from '../side.ts';
import { type Address, max, min, sameAddress } from '../units.ts';
import { type Ladder, ladderTo } from './ladder.ts';
import type { ConcentratedPool, ConstantProductPool, Pool } from './pool.ts';
import { swapFeePips } from './poolTerms.ts';
import { swapsZeroForOne } from './price.ts';
import { quoteExactIn, quoteExactOut } from './swap.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from './tickMath.ts';

const TWO_TO_96 = 2 ** 96;

/** Sums along a swap's way, as {@link Ladder} keeps them: in doubles, square root prices with 96 fractional bits. */
type Sums = Pick<Ladder, 'inputs' | 'outputs' | 'roots' | 'weights'>;

/**
 * How much of an order a pool takes at which price, in doubles: quick to evaluate, good for finding a split, never for
 * its final amounts. Prices are marginal, after fee, quote raw per base raw. Selling goes down the prices, buying up.
 */
export interface Depth {
  readonly pool: Pool;
  readonly side: Side;
  readonly zeroForOne: boolean;
  readonly baseIsToken0: boolean;
  /** Part of an input that is left after the fee. */
  readonly kept: number;
  /** Price of the first unit. */
  readonly best: number;
  /** The square root price, 96 fractional bits, beyond which nothing is traded. */
  readonly limitRoot: number;
  readonly sums: Sums;
  /** Ladders are built as far as they are asked for; square root price of the furthest asking so far. */
  built: number;
}

/** Limits, quote raw per base raw after fee, to the pool's own square root price at which the last unit trades. */
function rootAt(depth: Pick<Depth, 'side' | 'baseIsToken0' | 'kept'>, price: number): number {
  const before = depth.side === 'sell' ? price / depth.kept : price * depth.kept;
  return (depth.baseIsToken0 ? Math.sqrt(before) : Math.sqrt(1 / before)) * TWO_TO_96;
}

/** The marginal price after fee, quote raw per base raw, at which a pool stands at a square root price. */
function priceAt(depth: Pick<Depth, 'side' | 'baseIsToken0' | 'kept'>, root: number): number {
  const square = (root / TWO_TO_96) ** 2;
  const before = depth.baseIsToken0 ? square : 1 / square;
  return depth.side === 'sell' ? before * depth.kept : before / depth.kept;
}

function pairSums({ reserve0Raw, reserve1Raw }: ConstantProductPool): Sums {
  const [reserve0, reserve1] = [Number(reserve0Raw), Number(reserve1Raw)];
  return {
    inputs: [0],
    outputs: [0],
    roots: [Math.sqrt(reserve1 / reserve0) * TWO_TO_96],
    weights: [Math.sqrt(reserve0) * Math.sqrt(reserve1)],
  };
}

/**
 * The depth of a pool on one side of an order.
 *
 * @param limitX96 square root price that the order's worst price allows in this pool
 * @throws CorruptDataError when the pool's ticks are out of order
 */
export function depthOf(pool: Pool, side: Side, base: Address, limitX96: bigint): Depth {
  const baseIsToken0 = sameAddress(pool.token0, base);
  const zeroForOne = swapsZeroForOne(side, baseIsToken0);
  const kept = 1 - swapFeePips(pool, zeroForOne) / 1_000_000;
  const sums = pool.kind === 'concentrated' ? ladderTo(pool, zeroForOne, pool.sqrtPriceX96) : pairSums(pool);
  const start = sums.roots[0]!;
  const best = priceAt({ side, baseIsToken0, kept }, start);
  const limitRoot = Number(limitX96);
  return { pool, side, zeroForOne, baseIsToken0, kept, best, limitRoot, sums, built: start };
}

function reach(depth: Depth, pool: ConcentratedPool, root: number): void {
  const isBuilt = depth.zeroForOne ? root >= depth.built : root <= depth.built;
  if (isBuilt) return;
  const wanted = BigInt(Math.round(root));
  ladderTo(pool, depth.zeroForOne, max(MIN_SQRT_PRICE_X96 + 1n, min(wanted, MAX_SQRT_PRICE_X96 - 1n)));
  depth.built = root;
}

/** The last rung before a square root price. */
function rungBefore({ zeroForOne, sums: { roots } }: Depth, root: number): number {
  let before = 0;
  let beyond = roots.length;
  while (beyond - before > 1) {
    const middle = (before + beyond) >> 1;
    if (zeroForOne ? roots[middle]! > root : roots[middle]! < root) before = middle;
    else beyond = middle;
  }
  return before;
}

/** Where the pool stands after trading down, or up, to a price, within its limit. */
function clampedRoot(depth: Depth, price: number): number {
  const root = rootAt(depth, price);
  const { limitRoot, zeroForOne } = depth;
  const within = zeroForOne ? Math.max(root, limitRoot) : Math.min(root, limitRoot);
  if (depth.pool.kind === 'concentrated') reach(depth, depth.pool, within);
  return within;
}

function amountIn({ sums, kept, zeroForOne }: Depth, rung: number, root: number): number {
  const from = sums.roots[rung]!;
  const weight = sums.weights[rung]!;
  const moved = zeroForOne ? TWO_TO_96 / root - TWO_TO_96 / from : (root - from) / TWO_TO_96;
  return sums.inputs[rung]! + (weight * Math.max(moved, 0)) / kept;
}

function amountOut({ sums, zeroForOne }: Depth, rung: number, root: number): number {
  const from = sums.roots[rung]!;
  const weight = sums.weights[rung]!;
  const moved = zeroForOne ? (from - root) / TWO_TO_96 : TWO_TO_96 / from - TWO_TO_96 / root;
  return sums.outputs[rung]! + weight * Math.max(moved, 0);
}

/** Base that the pool trades until its marginal price after fee is `price`, raw. */
export function baseAtPrice(depth: Depth, price: number): number {
  const root = clampedRoot(depth, price);
  const rung = rungBefore(depth, root);
  return depth.side === 'sell' ? amountIn(depth, rung, root) : amountOut(depth, rung, root);
}

/** Quote that the pool gives, or takes with the fee, until its marginal price after fee is `price`, raw. */
export function quoteAtPrice(depth: Depth, price: number): number {
  const root = clampedRoot(depth, price);
  const rung = rungBefore(depth, root);
  return depth.side === 'sell' ? amountOut(depth, rung, root) : amountIn(depth, rung, root);
}

/** The square root price, 96 fractional bits, at which a pool's marginal price after fee is `price`; within the range of prices. */
export function limitAtPrice(depth: Depth, price: number): bigint {
  const root = rootAt(depth, price);
  const wanted = Number.isFinite(root) ? BigInt(Math.round(root)) : MAX_SQRT_PRICE_X96;
  return max(MIN_SQRT_PRICE_X96 + 1n, min(wanted, MAX_SQRT_PRICE_X96 - 1n));
}

/** Builds the ladder as far as an amount of base goes, or the limit. */
function reachBase(depth: Depth, pool: ConcentratedPool, baseRaw: number): void {
  const { side, zeroForOne, limitRoot, sums } = depth;
  const known = side === 'sell' ? sums.inputs : sums.outputs;
  if (known[known.length - 1]! > baseRaw) return;
  const swap = {
    zeroForOne,
    amountRaw: max(1n, BigInt(Math.ceil(baseRaw))),
    sqrtPriceLimitX96: max(
      MIN_SQRT_PRICE_X96 + 1n,
      min(BigInt(Math.round(limitRoot)), MAX_SQRT_PRICE_X96 - 1n),
    ),
  };
  if (side === 'sell') quoteExactIn(pool, swap);
  else quoteExactOut(pool, swap);
  ladderTo(pool, zeroForOne, pool.sqrtPriceX96);
}

/**
 * The marginal price after fee at which a pool stands once it traded an amount of base, quote raw per base raw: what
 * {@link baseAtPrice} is asked, the other way round.
 *
 * @returns null where the pool does not trade that much within its limit
 */
export function priceAtBase(depth: Depth, baseRaw: number): number | null {
  if (depth.pool.kind === 'concentrated') reachBase(depth, depth.pool, baseRaw);
  const { side, zeroForOne, kept, limitRoot, sums } = depth;
  const known = side === 'sell' ? sums.inputs : sums.outputs;
  let rung = 0;
  let beyond = known.length;
  while (beyond - rung > 1) {
    const middle = (rung + beyond) >> 1;
    if (known[middle]! <= baseRaw) rung = middle;
    else beyond = middle;
  }
  const rest = baseRaw - known[rung]!;
  const from = sums.roots[rung]!;
  const moved = rest > 0 ? (side === 'sell' ? rest * kept : rest) / sums.weights[rung]! : 0;
  // An input moves the price of token0 by its own amount and that of token1 by the inverse; an output the other way.
  const isInverse = zeroForOne === (side === 'sell');
  const step = zeroForOne ? -moved : moved;
  const root = isInverse ? TWO_TO_96 / (TWO_TO_96 / from - step) : from + step * TWO_TO_96;
  const isWithin = zeroForOne ? root >= limitRoot : root > 0 && root <= limitRoot;
  return isWithin ? priceAt(depth, root) : null;
}
