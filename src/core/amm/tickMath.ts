import { InvalidInputError } from '../errors.ts';

/** Lowest and highest tick of a Uniswap v3 pool. */
export const MIN_TICK = -887_272;
/** Highest tick that a pool can have: the price there is just below 2^128. */
export const MAX_TICK = 887_272;
/** Square root price at {@link MIN_TICK}, the lowest that a pool can have. */
export const MIN_SQRT_PRICE_X96 = 4_295_128_739n;
/** Square root price at {@link MAX_TICK}; a pool's price stays below it. */
export const MAX_SQRT_PRICE_X96 = 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_342n;

/** Factor i is 2^128 x 1.0001^(-2^i / 2), rounded to nearest: the square root price ratio of 2^i ticks downwards. */
const TICK_FACTORS_X128: readonly bigint[] = [
  0xfffcb933bd6fad37aa2d162d1a594001n,
  0xfff97272373d413259a46990580e213an,
  0xfff2e50f5f656932ef12357cf3c7fdccn,
  0xffe5caca7e10e4e61c3624eaa0941cd0n,
  0xffcb9843d60f6159c9db58835c926644n,
  0xff973b41fa98c081472e6896dfb254c0n,
  0xff2ea16466c96a3843ec78b326b52861n,
  0xfe5dee046a99a2a811c461f1969c3053n,
  0xfcbe86c7900a88aedcffc83b479aa3a4n,
  0xf987a7253ac413176f2b074cf7815e54n,
  0xf3392b0822b70005940c7a398e4b70f3n,
  0xe7159475a2c29b7443b29c7fa6e889d9n,
  0xd097f3bdfd2022b8845ad8f792aa5825n,
  0xa9f746462d870fdf8a65dc1f90e061e5n,
  0x70d869a156d2a1b890bb3df62baf32f7n,
  0x31be135f97d08fd981231505542fcfa6n,
  0x9aa508b5b7a84e1c677de54f3e99bc9n,
  0x5d6af8dedb81196699c329225ee604n,
  0x2216e584f5fa1ea926041bedfe98n,
  0x48a170391f7dc42444e8fa2n,
];
const ONE_X128 = 1n << 128n;
const MAX_UINT256 = (1n << 256n) - 1n;
const LOW_32_BITS = (1n << 32n) - 1n;

/**
 * Square root of the price (token1 per token0, raw) at a tick, 96 fractional bits, rounded up: bit for bit what
 * Uniswap v3's pools use (Uniswap v3 Core whitepaper, 2021, section 6).
 *
 * @throws InvalidInputError when `tick` is not an integer between {@link MIN_TICK} and {@link MAX_TICK}
 */
export function sqrtPriceAtTick(tick: number): bigint {
  if (!Number.isInteger(tick) || tick < MIN_TICK || tick > MAX_TICK) {
    throw new InvalidInputError('tick', tick, `an integer from ${MIN_TICK} to ${MAX_TICK}`);
  }
  const distance = Math.abs(tick);
  let ratioX128 = ONE_X128;
  for (let bit = 0; distance >> bit !== 0; bit++) {
    if (((distance >> bit) & 1) === 1) ratioX128 = (ratioX128 * TICK_FACTORS_X128[bit]!) >> 128n;
  }
  if (tick > 0) ratioX128 = MAX_UINT256 / ratioX128;
  return (ratioX128 + LOW_32_BITS) >> 32n;
}

const LOG_OF_SQRT_TICK = Math.log(1.0001) / 2;
const LOG_OF_Q96 = 96 * Math.LN2;
/**
 * The logarithm below is within 1e-9 ticks of the truth and the integer prices are within 5e-6 ticks of their real
 * ones (at the lowest price, where one unit of the integer is largest); nearer to a tick than this only the exact price
 * can tell on which side we are.
 */
const CERTAIN_DISTANCE = 1e-4;

/**
 * The greatest tick whose price is not above the given one.
 *
 * @throws InvalidInputError when the price is below {@link MIN_SQRT_PRICE_X96} or not below {@link MAX_SQRT_PRICE_X96}
 */
export function tickAtSqrtPrice(sqrtPriceX96: bigint): number {
  if (sqrtPriceX96 < MIN_SQRT_PRICE_X96 || sqrtPriceX96 >= MAX_SQRT_PRICE_X96) {
    const expected = `from ${MIN_SQRT_PRICE_X96} to below ${MAX_SQRT_PRICE_X96}`;
    throw new InvalidInputError('sqrtPriceX96', sqrtPriceX96, expected);
  }
  const estimate = (Math.log(Number(sqrtPriceX96)) - LOG_OF_Q96) / LOG_OF_SQRT_TICK;
  const nearest = Math.round(estimate);
  if (Math.abs(estimate - nearest) > CERTAIN_DISTANCE) return Math.floor(estimate);
  return nearest <= MAX_TICK && sqrtPriceAtTick(nearest) <= sqrtPriceX96 ? nearest : nearest - 1;
}

/** The lowest tick of a spacing that liquidity can start or end at. */
export function minUsableTick(tickSpacing: number): number {
  return Math.ceil(MIN_TICK / tickSpacing) * tickSpacing;
}

/** The highest tick of a spacing that liquidity can start or end at. */
export function maxUsableTick(tickSpacing: number): number {
  return Math.floor(MAX_TICK / tickSpacing) * tickSpacing;
}
