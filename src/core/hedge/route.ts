import type { Pool } from '../amm/pool.ts';
import { sqrtPriceOf, swapFeePips } from '../amm/poolTerms.ts';
import { sqrtPriceLimit, swapsZeroForOne } from '../amm/price.ts';
import { quoteExactIn, quoteExactOut } from '../amm/swap.ts';
import type { Leg, Side } from '../decision.ts';
import type { Ratio } from '../math/ratio.ts';
import { type Address, BPS, max, min, sameAddress } from '../units.ts';

/** An order looking for pools. */
export interface RouteRequest {
  readonly side: Side;
  readonly baseRaw: bigint;
  readonly base: Address;
  readonly pools: readonly Pool[];
  /** No unit is traded at a worse price than this, fee included. */
  readonly bound: Ratio;
  /** How far beyond the planned price a leg may go when the pool has moved meanwhile. */
  readonly toleranceBps: number;
}

/** Where an order goes, and what the pools' arithmetic says it brings or costs. */
export interface Route {
  readonly legs: readonly Leg[];
  /** At most what was asked: what the pools can give inside the bound. */
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Liquidity providers' fee, in the token that was put in: base for a sale, quote for a purchase. */
  readonly feeRaw: bigint;
  /** True when the pool may have more to give, but its ticks were not read any further. */
  readonly endsUnread: boolean;
}

/** The bound as the pool's own price must stand: its fee comes on top of whatever price it trades at. */
function poolBound(side: Side, bound: Ratio, feePips: number): Ratio {
  const kept = BigInt(1_000_000 - feePips);
  return side === 'sell'
    ? { numerator: bound.numerator * 1_000_000n, denominator: bound.denominator * kept }
    : { numerator: bound.numerator * kept, denominator: bound.denominator * 1_000_000n };
}

/** The planned price after the swap, moved on by the tolerance (half of it in square-root terms), never past the bound. */
function legLimit(sqrtAfterX96: bigint, boundX96: bigint, zeroForOne: boolean, toleranceBps: number): bigint {
  const half = BigInt(toleranceBps);
  return zeroForOne
    ? max((sqrtAfterX96 * (2n * BPS - half)) / (2n * BPS), boundX96)
    : min((sqrtAfterX96 * (2n * BPS + half)) / (2n * BPS), boundX96);
}

/** The order on one pool alone; null where that pool is already beyond the bound. */
function routeOn(pool: Pool, request: RouteRequest): Route | null {
  const { side, baseRaw, base, bound, toleranceBps } = request;
  const baseIsToken0 = sameAddress(pool.token0, base);
  const zeroForOne = swapsZeroForOne(side, baseIsToken0);
  const boundX96 = sqrtPriceLimit(side, poolBound(side, bound, swapFeePips(pool, zeroForOne)), baseIsToken0);
  if (zeroForOne ? boundX96 >= sqrtPriceOf(pool) : boundX96 <= sqrtPriceOf(pool)) return null;
  const swap = { zeroForOne, amountRaw: baseRaw, sqrtPriceLimitX96: boundX96 };
  const quote = side === 'sell' ? quoteExactIn(pool, swap) : quoteExactOut(pool, swap);
  const filledRaw = side === 'sell' ? quote.amountInRaw : quote.amountOutRaw;
  const quoteRaw = side === 'sell' ? quote.amountOutRaw : quote.amountInRaw;
  if (filledRaw === 0n || quoteRaw === 0n) return null;
  const sqrtPriceLimitX96 = legLimit(quote.sqrtPriceAfterX96, boundX96, zeroForOne, toleranceBps);
  const leg: Leg = {
    kind: 'swap',
    venue: pool.venue,
    pool: pool.address,
    baseRaw: filledRaw,
    sqrtPriceLimitX96,
  };
  return {
    legs: [leg],
    baseRaw: filledRaw,
    quoteRaw,
    feeRaw: quote.feeRaw,
    endsUnread: quote.stopped === 'knownRangeEnd',
  };
}

/** Whether `a` is the better route: it fills more, or as much at a better price. */
function isBetter(a: Route, b: Route, side: Side): boolean {
  if (a.baseRaw !== b.baseRaw) return a.baseRaw > b.baseRaw;
  return side === 'sell' ? a.quoteRaw > b.quoteRaw : a.quoteRaw < b.quoteRaw;
}

/** Finds the pool that takes the most of an order inside its bound, and of those the one with the best price. */
export function route(request: RouteRequest): Route | null {
  let best: Route | null = null;
  for (const pool of request.pools) {
    const candidate = routeOn(pool, request);
    if (candidate !== null && (best === null || isBetter(candidate, best, request.side))) best = candidate;
  }
  return best;
}
