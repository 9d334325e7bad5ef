import type { Pool } from '../amm/pool.ts';
import { sqrtPriceOf, swapFeePips } from '../amm/poolTerms.ts';
import { sqrtPriceLimit, swapsZeroForOne } from '../amm/price.ts';
import type { Side } from '../decision.ts';
import type { Ratio } from '../math/ratio.ts';
import { type Address, sameAddress } from '../units.ts';

/** A pool's own square root price, 96 fractional bits, at which an order's worst price is reached there. */
export interface PoolBound {
  readonly pool: Pool;
  readonly zeroForOne: boolean;
  readonly limitX96: bigint;
}

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

/** {@link poolBounds} of one pool; null where the pool is at the worst price or beyond already. */
export function poolBound(pool: Pool, side: Side, base: Address, bound: Ratio): PoolBound | null {
  return poolBounds([pool], side, base, bound)[0] ?? null;
}
