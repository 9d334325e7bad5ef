import { priceToRatio, sqrtPriceDown } from '../amm/price.ts';
import { amount0Down, amount1Down } from '../amm/sqrtPriceMath.ts';
import { sqrtPriceAtTick } from '../amm/tickMath.ts';
import { InvalidInputError } from '../errors.ts';
import { max, min, Q96, toWhole } from '../units.ts';

/** Liquidity between two square root prices, at one. */
export interface LiquidityAtPrice {
  readonly liquidity: bigint;
  readonly sqrtPriceX96: bigint;
  readonly sqrtPriceLowerX96: bigint;
  readonly sqrtPriceUpperX96: bigint;
}

/** Tokens in a liquidity position, raw. */
export interface LiquidityAmounts {
  readonly amount0Raw: bigint;
  readonly amount1Raw: bigint;
}

/**
 * What burning liquidity gives at a price, uncollected fees apart: the pool's own integers, rounded down (Uniswap v3
 * Core whitepaper, 2021, section 6.4.1).
 *
 * @throws InvalidInputError when the liquidity is negative or the range is not one
 */
export function liquidityAmounts(position: LiquidityAtPrice): LiquidityAmounts {
  const { liquidity, sqrtPriceX96, sqrtPriceLowerX96, sqrtPriceUpperX96 } = position;
  if (liquidity < 0n) throw new InvalidInputError('liquidity', liquidity, 'liquidity at or above 0');
  if (sqrtPriceLowerX96 <= 0n || sqrtPriceLowerX96 >= sqrtPriceUpperX96) {
    const found = `${sqrtPriceLowerX96} to ${sqrtPriceUpperX96}`;
    throw new InvalidInputError('range', found, 'a lower price above 0 and below the upper price');
  }
  const inside = max(sqrtPriceLowerX96, min(sqrtPriceX96, sqrtPriceUpperX96));
  return {
    amount0Raw: amount0Down(inside, sqrtPriceUpperX96, liquidity),
    amount1Raw: amount1Down(sqrtPriceLowerX96, inside, liquidity),
  };
}

/** A liquidity position in the pool's own integers. */
export interface RawLiquidityExposure extends LiquidityAmounts {
  /** All of it counted in quote, raw. */
  readonly valueRaw: bigint;
  /** dValue / dPrice: the base in it, raw. */
  readonly deltaRaw: bigint;
  /** Price^2 x d2Value / dPrice2, quote raw; at or below 0, and 0 outside the range. */
  readonly dollarGammaRaw: bigint;
}

/**
 * Value and greeks of liquidity in exact integers, rounded towards zero, with base as either token. In the range, with
 * base as token0, value is L (2 s - a - s^2 / b) for square root prices a < s < b, so delta is the base held and dollar
 * gamma is -L s / 2; with base as token1 the same in 1 / s.
 *
 * @throws InvalidInputError when the liquidity is negative or the range is not one
 */
export function rawLiquidityExposure(
  position: LiquidityAtPrice,
  baseIsToken0: boolean,
): RawLiquidityExposure {
  const { liquidity, sqrtPriceX96, sqrtPriceLowerX96, sqrtPriceUpperX96 } = position;
  const { amount0Raw, amount1Raw } = liquidityAmounts(position);
  const square = sqrtPriceX96 * sqrtPriceX96;
  const inRange = sqrtPriceX96 > sqrtPriceLowerX96 && sqrtPriceX96 < sqrtPriceUpperX96;
  if (baseIsToken0) {
    return {
      amount0Raw,
      amount1Raw,
      valueRaw: amount1Raw + ((amount0Raw * square) >> 192n),
      deltaRaw: amount0Raw,
      dollarGammaRaw: inRange ? -((liquidity * sqrtPriceX96) / (2n * Q96)) : 0n,
    };
  }
  return {
    amount0Raw,
    amount1Raw,
    valueRaw: amount0Raw + (amount1Raw << 192n) / square,
    deltaRaw: amount1Raw,
    dollarGammaRaw: inRange ? -((liquidity * Q96) / (2n * sqrtPriceX96)) : 0n,
  };
}

/** A liquidity position and the price to look at it. */
export interface LiquidityExposureInput {
  readonly liquidity: bigint;
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly baseIsToken0: boolean;
  readonly baseDecimals: number;
  readonly quoteDecimals: number;
  /** Quote per base. */
  readonly spot: number;
}

/** A liquidity position in whole tokens. */
export interface LiquidityExposure {
  /** Base and quote that burning it would give. */
  readonly base: number;
  readonly quote: number;
  readonly valueQuote: number;
  /** dValue / dSpot: base units. */
  readonly delta: number;
  /** d2Value / dSpot2: base per 1.00 quote; never positive. */
  readonly gamma: number;
}

/**
 * What Uniswap v3 (or v4) liquidity exposes its owner to at a price: the tokens it would be there, their value, delta
 * and gamma. The pool itself may stand elsewhere; arbitrage brings it to the market's price, so the market's price is
 * what counts.
 *
 * @throws InvalidInputError when spot is not finite and above 0, the ticks are no range, or the liquidity is negative
 */
export function liquidityExposure(input: LiquidityExposureInput): LiquidityExposure {
  const { liquidity, tickLower, tickUpper, baseIsToken0, baseDecimals, quoteDecimals, spot } = input;
  const sqrtPriceX96 = sqrtPriceDown(priceToRatio(spot, input), baseIsToken0);
  const sqrtPriceLowerX96 = sqrtPriceAtTick(tickLower);
  const sqrtPriceUpperX96 = sqrtPriceAtTick(tickUpper);
  const { amount0Raw, amount1Raw } = liquidityAmounts({
    liquidity,
    sqrtPriceX96,
    sqrtPriceLowerX96,
    sqrtPriceUpperX96,
  });
  const base = toWhole(baseIsToken0 ? amount0Raw : amount1Raw, baseDecimals);
  const quote = toWhole(baseIsToken0 ? amount1Raw : amount0Raw, quoteDecimals);
  const inRange = sqrtPriceX96 > sqrtPriceLowerX96 && sqrtPriceX96 < sqrtPriceUpperX96;
  // d2V/dP2 = -L / (2 P^1.5) with base as either token, in whole tokens: L carries half of the decimals of each.
  const wholeLiquidity = Number(liquidity) / 10 ** ((baseDecimals + quoteDecimals) / 2);
  return {
    base,
    quote,
    valueQuote: base * spot + quote,
    delta: base,
    gamma: inRange ? -wholeLiquidity / (2 * spot * Math.sqrt(spot)) : 0,
  };
}
