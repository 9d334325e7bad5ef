import { InvalidInputError } from '../errors.ts';
import { mulDivUp, Q96 } from '../units.ts';

const MAX_UINT256 = (1n << 256n) - 1n;

/*
 * Formulas: Uniswap v3 Core whitepaper (2021), section 6.2. With s the square root price and L the liquidity, token0 is
 * L (1/s_low - 1/s_high) and token1 is L (s_high - s_low). Roundings are the pool's: what it takes up, what it gives down.
 */

/** Token0 between two square root prices (any order), raw, rounded down: what the pool gives. */
export function amount0Down(sqrtPriceAX96: bigint, sqrtPriceBX96: bigint, liquidity: bigint): bigint {
  const distance =
    sqrtPriceAX96 < sqrtPriceBX96 ? sqrtPriceBX96 - sqrtPriceAX96 : sqrtPriceAX96 - sqrtPriceBX96;
  return ((liquidity << 96n) * distance) / (sqrtPriceAX96 * sqrtPriceBX96);
}

/** Token0 between two square root prices (any order), raw, rounded up: what the pool takes. */
export function amount0Up(sqrtPriceAX96: bigint, sqrtPriceBX96: bigint, liquidity: bigint): bigint {
  const distance =
    sqrtPriceAX96 < sqrtPriceBX96 ? sqrtPriceBX96 - sqrtPriceAX96 : sqrtPriceAX96 - sqrtPriceBX96;
  const product = sqrtPriceAX96 * sqrtPriceBX96;
  return ((liquidity << 96n) * distance + product - 1n) / product;
}

/** Token1 between two square root prices (any order), raw, rounded down: what the pool gives. */
export function amount1Down(sqrtPriceAX96: bigint, sqrtPriceBX96: bigint, liquidity: bigint): bigint {
  const distance =
    sqrtPriceAX96 < sqrtPriceBX96 ? sqrtPriceBX96 - sqrtPriceAX96 : sqrtPriceAX96 - sqrtPriceBX96;
  return (liquidity * distance) >> 96n;
}

/** Token1 between two square root prices (any order), raw, rounded up: what the pool takes. */
export function amount1Up(sqrtPriceAX96: bigint, sqrtPriceBX96: bigint, liquidity: bigint): bigint {
  const distance =
    sqrtPriceAX96 < sqrtPriceBX96 ? sqrtPriceBX96 - sqrtPriceAX96 : sqrtPriceAX96 - sqrtPriceBX96;
  return (liquidity * distance + Q96 - 1n) >> 96n;
}

/**
 * Where the square root price goes when the pool is given `amountRaw` of one token, rounded so that it never moves
 * further than what was paid for.
 *
 * @param zeroForOne true when token0 is given: the price falls
 * @throws InvalidInputError when the price or the liquidity is not above zero
 */
export function nextSqrtPriceFromInput(
  sqrtPriceX96: bigint,
  liquidity: bigint,
  amountRaw: bigint,
  zeroForOne: boolean,
): bigint {
  requirePositive(sqrtPriceX96, liquidity);
  if (!zeroForOne) return sqrtPriceX96 + (amountRaw << 96n) / liquidity;
  const liquidityX96 = liquidity << 96n;
  const product = amountRaw * sqrtPriceX96;
  const denominator = liquidityX96 + product;
  // The pool computes in 256 bits: where this denominator would overflow it uses a coarser form, and so do we.
  if (denominator <= MAX_UINT256) return mulDivUp(liquidityX96, sqrtPriceX96, denominator);
  return mulDivUp(liquidityX96, 1n, liquidityX96 / sqrtPriceX96 + amountRaw);
}

/**
 * Where the square root price goes when `amountRaw` of one token is taken from the pool, rounded so that the pool is
 * paid for no less than it gives.
 *
 * @param zeroForOne true when token1 is taken: the price falls
 * @throws InvalidInputError when the price or the liquidity is not above zero, or the liquidity cannot give that much
 */
export function nextSqrtPriceFromOutput(
  sqrtPriceX96: bigint,
  liquidity: bigint,
  amountRaw: bigint,
  zeroForOne: boolean,
): bigint {
  requirePositive(sqrtPriceX96, liquidity);
  if (zeroForOne) {
    const drop = ((amountRaw << 96n) + liquidity - 1n) / liquidity;
    if (drop >= sqrtPriceX96) throw beyondReserves(amountRaw);
    return sqrtPriceX96 - drop;
  }
  const liquidityX96 = liquidity << 96n;
  const product = amountRaw * sqrtPriceX96;
  if (product > MAX_UINT256 || product >= liquidityX96) throw beyondReserves(amountRaw);
  return mulDivUp(liquidityX96, sqrtPriceX96, liquidityX96 - product);
}

function requirePositive(sqrtPriceX96: bigint, liquidity: bigint): void {
  if (sqrtPriceX96 <= 0n) throw new InvalidInputError('sqrtPriceX96', sqrtPriceX96, 'a price above 0');
  if (liquidity <= 0n) throw new InvalidInputError('liquidity', liquidity, 'liquidity above 0');
}

function beyondReserves(amountRaw: bigint): InvalidInputError {
  return new InvalidInputError('amountRaw', amountRaw, 'no more than this liquidity holds');
}
