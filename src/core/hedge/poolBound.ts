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

/** Where an order's worst price lies in a pool; null where the pool is there or beyond already. */
export function poolBound(pool: Pool, side: Side, base: Address, bound: Ratio): PoolBound | null {
  const baseIsToken0 = sameAddress(pool.token0, base);
  const zeroForOne = swapsZeroForOne(side, baseIsToken0);
  const feePips = swapFeePips(pool, zeroForOne);
  const limitX96 = sqrtPriceLimit(side, beforeFee(side, bound, feePips), baseIsToken0);
  const price = sqrtPriceOf(pool);
  return (zeroForOne ? limitX96 >= price : limitX96 <= price) ? null : { pool, zeroForOne, limitX96 };
}
