import type { Pool } from '../amm/pool.ts';
import type { Leg } from '../decision.ts';
import { type Address, BPS, max, min } from '../units.ts';
import { splitOrder } from './split.ts';
import type { SplitOrder, SplitPart } from './splitTerms.ts';

/** An order looking for pools. */
export interface RouteRequest extends SplitOrder {
  readonly pools: readonly Pool[];
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
  /** Where each leg leaves its pool. */
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
function legLimit({ quote, limitX96 }: SplitPart, toleranceBps: number): bigint {
  const half = BigInt(toleranceBps);
  const { sqrtPriceAfterX96, zeroForOne } = quote;
  return zeroForOne
    ? max((sqrtPriceAfterX96 * (2n * BPS - half)) / (2n * BPS), limitX96)
    : min((sqrtPriceAfterX96 * (2n * BPS + half)) / (2n * BPS), limitX96);
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
    legs: parts.map((part) => ({
      kind: 'swap',
      venue: part.pool.venue,
      pool: part.pool.address,
      baseRaw: part.baseRaw,
      sqrtPriceLimitX96: legLimit(part, toleranceBps),
      ...v4KeyOf(part.pool),
    })),
    moves: parts.map(({ pool, quote }) => ({
      pool: pool.address,
      sqrtPriceAfterX96: quote.sqrtPriceAfterX96,
    })),
    baseRaw,
    quoteRaw,
    feeRaw,
    endsUnread,
  };
}
