import { InvalidInputError } from '../errors.ts';
import { integerSqrtDown, integerSqrtUp } from '../math/integerSqrt.ts';
import { exactRatio, type Ratio, ratioToNumber } from '../math/ratio.ts';
import type { Side } from '../side.ts';
import { max, min } from '../units.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from './tickMath.ts';

/** Which of a pool's two tokens is base, and how many decimals base and quote have. */
export interface PairUnits {
  readonly baseIsToken0: boolean;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
}

const ONE_X192 = 1n << 192n;

/** The price at a square root price as the exact fraction quoteRaw / baseRaw. */
export function priceRatio(sqrtPriceX96: bigint, baseIsToken0: boolean): Ratio {
  const square = sqrtPriceX96 * sqrtPriceX96;
  return baseIsToken0
    ? { numerator: square, denominator: ONE_X192 }
    : { numerator: ONE_X192, denominator: square };
}

/** A fraction quoteRaw / baseRaw as quote per base in whole tokens. */
export function ratioToPrice(
  ratio: Ratio,
  { baseDecimals, quoteDecimals }: Omit<PairUnits, 'baseIsToken0'>,
): number {
  return ratioToNumber({
    numerator: ratio.numerator * 10n ** BigInt(baseDecimals),
    denominator: ratio.denominator * 10n ** BigInt(quoteDecimals),
  });
}

/**
 * Quote per base in whole tokens as the exact fraction quoteRaw / baseRaw.
 *
 * @throws InvalidInputError when `price` is not finite and above 0
 */
export function priceToRatio(price: number, { baseDecimals, quoteDecimals }: PairUnits): Ratio {
  if (!(price > 0 && price < Number.POSITIVE_INFINITY)) {
    throw new InvalidInputError('price', price, 'a finite price above 0');
  }
  const exact = exactRatio(price);
  return {
    numerator: exact.numerator * 10n ** BigInt(quoteDecimals),
    denominator: exact.denominator * 10n ** BigInt(baseDecimals),
  };
}

/** The price at a square root price, quote per base in whole tokens. */
export function priceAtSqrtPrice(sqrtPriceX96: bigint, units: PairUnits): number {
  return ratioToPrice(priceRatio(sqrtPriceX96, units.baseIsToken0), units);
}

/** The square root price at a price quoteRaw / baseRaw, rounded down, not limited to a pool's range. */
export function sqrtPriceDown(price: Ratio, baseIsToken0: boolean): bigint {
  const { numerator, denominator } = token1PerToken0(price, baseIsToken0);
  return integerSqrtDown((numerator * ONE_X192) / denominator);
}

/** The square root price at a price quoteRaw / baseRaw, rounded up, not limited to a pool's range. */
export function sqrtPriceUp(price: Ratio, baseIsToken0: boolean): bigint {
  const { numerator, denominator } = token1PerToken0(price, baseIsToken0);
  return integerSqrtUp((numerator * ONE_X192 + denominator - 1n) / denominator);
}

/** Whether selling or buying base swaps token0 for token1. */
export function swapsZeroForOne(side: Side, baseIsToken0: boolean): boolean {
  return (side === 'sell') === baseIsToken0;
}

/**
 * The `sqrtPriceLimitX96` of a swap whose marginal price, fee apart, must not be worse than a bound: lowest when
 * selling base, highest when buying. Rounded against us: the limit may stop a swap one step early, never one late.
 *
 * @param bound quoteRaw / baseRaw
 * @throws InvalidInputError when the bound is not above 0
 */
export function sqrtPriceLimit(side: Side, bound: Ratio, baseIsToken0: boolean): bigint {
  const limit = swapsZeroForOne(side, baseIsToken0)
    ? sqrtPriceUp(bound, baseIsToken0)
    : sqrtPriceDown(bound, baseIsToken0);
  return min(max(limit, MIN_SQRT_PRICE_X96 + 1n), MAX_SQRT_PRICE_X96 - 1n);
}

function token1PerToken0({ numerator, denominator }: Ratio, baseIsToken0: boolean): Ratio {
  if (numerator <= 0n || denominator <= 0n) {
    throw new InvalidInputError('price', `${numerator}/${denominator}`, 'a fraction above 0');
  }
  return baseIsToken0 ? { numerator, denominator } : { numerator: denominator, denominator: numerator };
}
