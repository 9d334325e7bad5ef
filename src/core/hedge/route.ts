import type { Pool } from '../amm/pool.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from '../amm/tickMath.ts';
import type { Way } from '../amm/twoHop.ts';
import type { Leg } from '../decision.ts';
import { integerSqrtDown, integerSqrtUp } from '../math/integerSqrt.ts';
import { type Address, BPS, max, min } from '../units.ts';
import { splitOrder } from './split.ts';
import type { PartSwap, SplitOrder, SplitPart } from './splitTerms.ts';

/** An order looking for pools. */
export interface RouteRequest extends SplitOrder {
  readonly pools: readonly Way[];
  /** How far beyond the planned price a leg may go when the pool has moved meanwhile. */
  readonly toleranceBps: number;
}

/** A pool's price before and after a route, square roots with 96 fractional bits. */
export interface PoolMove {
  readonly pool: Address;
  readonly sqrtPriceAfterX96: bigint;
}

/** Where an order goes, and what the pools' arithmetic says it brings or costs. */
export interface Route {
  readonly legs: readonly Leg[];
  /** Where each swap leaves its pool. */
  readonly moves: readonly PoolMove[];
  /** At most what was asked: what the pools can give inside the bound. */
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Liquidity providers' fees, in the token that was put in: base for a sale, quote for a purchase. */
  readonly feeRaw: bigint;
  /** True when a pool may have more to give, but its ticks were not read any further. */
  readonly endsUnread: boolean;
}

/** The planned price after the swap, moved on by the tolerance (half of it in square-root terms), never past the bound. */
function swapLimit({ quote, limitX96 }: PartSwap, toleranceBps: number): bigint {
  const half = BigInt(toleranceBps);
  const { sqrtPriceAfterX96, zeroForOne } = quote;
  return zeroForOne
    ? max((sqrtPriceAfterX96 * (2n * BPS - half)) / (2n * BPS), limitX96)
    : min((sqrtPriceAfterX96 * (2n * BPS + half)) / (2n * BPS), limitX96);
}

/** Halfway, in price, to where a swap would reach the order's worst price alone: two that both go there reach it. */
function halfway({ quote, limitX96, pool }: PartSwap): PartSwap {
  const product = quote.sqrtPriceAfterX96 * limitX96;
  const root = quote.zeroForOne ? integerSqrtUp(product) : integerSqrtDown(product);
  return { pool, quote, limitX96: root };
}

/** The leg of a part. The near swap of two hops may go halfway to the bound at most: the far one's room is the other half. */
function legOf(part: SplitPart, toleranceBps: number): Leg {
  const { pool, baseRaw, via } = part;
  const near = via === undefined ? part : halfway(part);
  const leg: Leg = {
    kind: 'swap',
    ...swapTarget(pool),
    baseRaw,
    sqrtPriceLimitX96: swapLimit(near, toleranceBps),
  };
  return via === undefined ? leg : { ...leg, via: farSwapOf(via, toleranceBps) };
}

/**
 * A far swap that stops short undoes the whole order, so it may run as far as the bound leaves room and at least by the
 * tolerance; the price is held by the order's own limit.
 */
function farSwapOf(via: NonNullable<SplitPart['via']>, toleranceBps: number): NonNullable<Leg['via']> {
  const { token, pool, quote } = via;
  const room = halfway(via).limitX96;
  const unbounded = quote.zeroForOne ? MIN_SQRT_PRICE_X96 + 1n : MAX_SQRT_PRICE_X96 - 1n;
  const tolerated = swapLimit({ pool, quote, limitX96: unbounded }, toleranceBps);
  const sqrtPriceLimitX96 = quote.zeroForOne ? min(room, tolerated) : max(room, tolerated);
  return { token, ...swapTarget(pool), sqrtPriceLimitX96 };
}

/** What a leg names its pool with. */
export function swapTarget(pool: Pool): Pick<Leg, 'venue' | 'pool' | 'v4Key'> {
  const { venue, address } = pool;
  return { venue, pool: address, ...v4KeyOf(pool) };
}

/** What a leg needs to name a v4 pool. */
export function v4KeyOf(pool: Pool): Pick<Leg, 'v4Key'> {
  return pool.kind === 'concentrated' && pool.v4Key !== undefined ? { v4Key: pool.v4Key } : {};
}

/**
 * Finds the pools that an order goes to, and makes legs of it that may run on by the tolerance and never past the bound.
 *
 * @returns null where no pool trades anything within the bound, or the order is for nothing
 */
export function route(request: RouteRequest): Route | null {
  const { pools, toleranceBps, ...order } = request;
  const split = order.baseRaw === 0n ? null : splitOrder(pools, order);
  if (split === null) return null;
  const { parts, baseRaw, quoteRaw, feeRaw, endsUnread } = split;
  return {
    legs: parts.map((part) => legOf(part, toleranceBps)),
    moves: parts
      .flatMap((part) => (part.via === undefined ? [part] : [part, part.via]))
      .map(({ pool, quote }) => ({ pool: pool.address, sqrtPriceAfterX96: quote.sqrtPriceAfterX96 })),
    baseRaw,
    quoteRaw,
    feeRaw,
    endsUnread,
  };
}
