import type { ConcentratedPool } from '../../core/amm/pool.ts';
import { quoteExactIn, quoteExactOut } from '../../core/amm/swap.ts';
import type { Order } from '../../core/decision.ts';
import { BPS, sameAddress } from '../../core/units.ts';

/** What an order brings on pools as they stand. */
export interface SimulatedFill {
  readonly baseRaw: bigint;
  readonly quoteRaw: bigint;
  /** Providers' fees, in the token that was put in: base for a sale, quote for a purchase. */
  readonly feeRaw: bigint;
}

/**
 * Runs an order over pools with the guard's own checks: deadline, least fill, the order's limit pro rata.
 *
 * @param atSeconds time of the block that it is in
 * @returns null where it reverts
 */
export function fillOrder(
  order: Order,
  pools: readonly ConcentratedPool[],
  atSeconds: number,
): SimulatedFill | null {
  if (atSeconds > order.deadlineSeconds) return null;
  const isSale = order.side === 'sell';
  let [baseRaw, quoteRaw, feeRaw] = [0n, 0n, 0n];
  for (const leg of order.legs) {
    const pool = pools.find(({ address }) => sameAddress(address, leg.pool));
    if (pool === undefined) return null;
    const limit = leg.sqrtPriceLimitX96;
    if (isSale ? pool.sqrtPriceX96 <= limit : pool.sqrtPriceX96 >= limit) continue;
    const request = { zeroForOne: isSale, amountRaw: leg.baseRaw, sqrtPriceLimitX96: limit };
    const quote = isSale ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
    baseRaw += isSale ? quote.amountInRaw : quote.amountOutRaw;
    quoteRaw += isSale ? quote.amountOutRaw : quote.amountInRaw;
    feeRaw += quote.feeRaw;
  }
  if (baseRaw === 0n || baseRaw * BPS < order.baseRaw * BigInt(order.minFillBps)) return null;
  const limitRaw = order.quoteLimitRaw * baseRaw;
  const isWithin = isSale ? quoteRaw * order.baseRaw >= limitRaw : quoteRaw * order.baseRaw <= limitRaw;
  return isWithin ? { baseRaw, quoteRaw, feeRaw } : null;
}
