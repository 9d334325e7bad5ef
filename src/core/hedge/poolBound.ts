import { type Depth, depthOf, limitAtPrice } from '../amm/depth.ts';
import type { Pool } from '../amm/pool.ts';
import { sqrtPriceOf, swapFeePips } from '../amm/poolTerms.ts';
import { sqrtPriceLimit, swapsZeroForOne } from '../amm/price.ts';
import type { TwoHop, Way } from '../amm/twoHop.ts';
import { tradedAt, twoHopDepth } from '../amm/twoHopDepth.ts';
import type { WayDepth } from '../amm/wayDepth.ts';
import { type Ratio, ratioToNumber } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import { type Address, sameAddress } from '../units.ts';

/** A pool's own square root price, 96 fractional bits, at which an order's worst price is reached there. */
export interface PoolBound {
  readonly pool: Pool;
  readonly zeroForOne: boolean;
  readonly limitX96: bigint;
}

/** Two pools in a row, and how much base an order's worst price allows over both. */
export interface TwoHopBound {
  readonly way: TwoHop;
  /** Where the near pool stands when the far one has not moved and the worst price is reached; and the other way round. */
  readonly near: PoolBound;
  readonly far: PoolBound;
  /** Quote raw per base raw, fees included. */
  readonly worst: Ratio;
  /** Base at which the worst price is reached, to the last digits of a double. */
  readonly mostRaw: bigint;
  /** Up to here it certainly is not. */
  readonly surelyRaw: bigint;
}

/** A way as far as an order's worst price allows. */
export type WayBound = PoolBound | TwoHopBound;

/** A way that an order can take: exact bounds, and its depth in doubles. */
export interface Candidate {
  readonly bound: WayBound;
  readonly depth: WayDepth;
}

/** Part of what doubles say is certain, one in so many. */
const DOUBT_SHARE = 1_000_000_000n;

/** The bound as the pool's own price must stand: its fee comes on top of whatever price it trades at. */
function beforeFee(side: Side, bound: Ratio, feePips: number): Ratio {
  const kept = BigInt(1_000_000 - feePips);
  return side === 'sell'
    ? { numerator: bound.numerator * 1_000_000n, denominator: bound.denominator * kept }
    : { numerator: bound.numerator * kept, denominator: bound.denominator * 1_000_000n };
}

/**
 * Where an order's worst price lies in each pool; pools that are there or beyond already are left out.
 *
 * @throws InvalidInputError when the bound is not above 0
 */
export function poolBounds(
  pools: readonly Pool[],
  side: Side,
  base: Address,
  bound: Ratio,
): readonly PoolBound[] {
  const within: PoolBound[] = [];
  // Pools of one fee and one order of tokens share the limit, whose exact root takes longer than all the rest.
  const limits = new Map<number, bigint>();
  for (const pool of pools) {
    const baseIsToken0 = sameAddress(pool.token0, base);
    const zeroForOne = swapsZeroForOne(side, baseIsToken0);
    const feePips = swapFeePips(pool, zeroForOne);
    const key = baseIsToken0 ? feePips : -1 - feePips;
    const limitX96 = limits.get(key) ?? sqrtPriceLimit(side, beforeFee(side, bound, feePips), baseIsToken0);
    limits.set(key, limitX96);
    const price = sqrtPriceOf(pool);
    if (zeroForOne ? limitX96 < price : limitX96 > price) within.push({ pool, zeroForOne, limitX96 });
  }
  return within;
}

function twoHopCandidate(way: TwoHop, side: Side, base: Address, worst: Ratio): Candidate | null {
  const price = ratioToNumber(worst);
  const depth = twoHopDepth(way, side, base, price);
  const { base: most } = tradedAt(depth, price);
  const mostRaw = BigInt(Math.floor(most));
  if (mostRaw === 0n) return null;
  const hop = (own: Depth, other: Depth): PoolBound => ({
    pool: own.pool,
    zeroForOne: own.zeroForOne,
    limitX96: limitAtPrice(own, price / other.best),
  });
  const { near, far } = depth;
  const surelyRaw = mostRaw - mostRaw / DOUBT_SHARE - 1n;
  return { depth, bound: { way, near: hop(near, far), far: hop(far, near), worst, mostRaw, surelyRaw } };
}

/**
 * The ways that trade anything within an order's worst price, single pools first.
 *
 * @throws InvalidInputError when the bound is not above 0
 * @throws CorruptDataError when a pool's ticks are out of order
 */
export function candidatesOf(
  ways: readonly Way[],
  side: Side,
  base: Address,
  bound: Ratio,
): readonly Candidate[] {
  const pools = ways.filter((way) => way.kind !== 'twoHop');
  const direct = poolBounds(pools, side, base, bound).map((within) => ({
    bound: within,
    depth: depthOf(within.pool, side, base, within.limitX96),
  }));
  const twoHops = ways.flatMap((way) =>
    way.kind === 'twoHop' ? (twoHopCandidate(way, side, base, bound) ?? []) : [],
  );
  return [...direct, ...twoHops];
}

/** The way that a bound is of. */
export function wayOf(bound: WayBound): Way {
  return 'way' in bound ? bound.way : bound.pool;
}
