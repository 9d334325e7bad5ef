import { integerSqrtDown } from '../math/integerSqrt.ts';
import type { ConstantProductPool, Pool } from './pool.ts';

const ONE_IN_PIPS = 1_000_000;
const PIPS_IN_BPS = 100;

/**
 * The whole fee on the input of a swap in one direction, hundredths of a basis point. Where v4's protocol takes its
 * share first, the providers' fee is taken of what is left: p + l - floor(p l / 10^6), rounded up as the pool does
 * (Uniswap v4 core, ProtocolFeeLibrary.calculateSwapFee).
 */
export function swapFeePips(pool: Pool, zeroForOne: boolean): number {
  if (pool.kind === 'constantProduct') return pool.feeBps * PIPS_IN_BPS;
  const { feePips, protocolFeePips } = pool;
  if (protocolFeePips === undefined) return feePips;
  const protocol = zeroForOne ? protocolFeePips.zeroForOne : protocolFeePips.oneForZero;
  return protocol + feePips - Math.floor((protocol * feePips) / ONE_IN_PIPS);
}

/**
 * The square root of a pair's reserve1 / reserve0, 96 fractional bits, rounded down: the price at which a v3 pool of the
 * same depth would stand.
 */
export function reserveSqrtPrice({ reserve0Raw, reserve1Raw }: ConstantProductPool): bigint {
  return integerSqrtDown((reserve1Raw << 192n) / reserve0Raw);
}

/** The square root price (token1 per token0, raw) at which a pool of any kind stands, 96 fractional bits. */
export function sqrtPriceOf(pool: Pool): bigint {
  return pool.kind === 'constantProduct' ? reserveSqrtPrice(pool) : pool.sqrtPriceX96;
}
