import { min, mulDivUp } from '../units.ts';
import {
  amount0Down,
  amount0Up,
  amount1Down,
  amount1Up,
  nextSqrtPriceFromInput,
  nextSqrtPriceFromOutput,
} from './sqrtPriceMath.ts';

/** Fees are counted in hundredths of a basis point. */
const ONE_IN_PIPS = 1_000_000n;
/** From this input on the pool's 256 bits may overflow and the next price be rounded coarsely. */
const COARSE_FROM = 1n << 95n;

/** What a swap does within one stretch of constant liquidity; amounts are raw. */
export interface SwapStep {
  readonly sqrtPriceNextX96: bigint;
  /** Input, fee included. */
  readonly takenRaw: bigint;
  readonly givenRaw: bigint;
  /** The part of `takenRaw` that is fee; the rest moved the price. */
  readonly feeRaw: bigint;
}

/** A stretch of constant liquidity, and where the swap would like to go on it. */
export interface SwapStretch {
  readonly sqrtPriceX96: bigint;
  /** Below the current price: token0 is sold; otherwise token1 is. */
  readonly sqrtPriceTargetX96: bigint;
  readonly liquidity: bigint;
  readonly feePips: bigint;
  /** Whether the swap probably goes all the way: decides only what is worked out first, never the answer. */
  readonly likelyWhole: boolean;
}

/** Products that every step from the same state needs: worth remembering where many start there. */
export interface StretchProducts {
  readonly keptPips: bigint;
  readonly liquidityX96: bigint;
  /** Liquidity times the square root price, both with 96 fractional bits, less one: ready to be divided and rounded up. */
  readonly scaledLessOne: bigint;
}

/** The products of a stretch. */
export function stretchProducts(sqrtPriceX96: bigint, liquidity: bigint, feePips: bigint): StretchProducts {
  const liquidityX96 = liquidity << 96n;
  return { keptPips: ONE_IN_PIPS - feePips, liquidityX96, scaledLessOne: liquidityX96 * sqrtPriceX96 - 1n };
}

/**
 * {@link stepExactIn} from a state whose products are known already: the same answer in less time.
 */
export function stepExactInFrom(
  stretch: SwapStretch,
  remainingRaw: bigint,
  products: StretchProducts,
): SwapStep {
  const afterFeeRaw = (remainingRaw * products.keptPips) / ONE_IN_PIPS;
  return afterFeeRaw < COARSE_FROM && stretch.sqrtPriceX96 >= stretch.sqrtPriceTargetX96
    ? giveToken0(stretch, remainingRaw, afterFeeRaw, products)
    : stepExactIn(stretch, remainingRaw);
}

/**
 * One step of a swap of an exact input: towards the target, as far as `remainingRaw` (fee included) goes. A step that
 * stops short takes everything that is left, so what rounding does not use is fee.
 */
export function stepExactIn(stretch: SwapStretch, remainingRaw: bigint): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const zeroForOne = sqrtPriceX96 >= sqrtPriceTargetX96;
  const afterFeeRaw = (remainingRaw * (ONE_IN_PIPS - feePips)) / ONE_IN_PIPS;
  if (stretch.likelyWhole || afterFeeRaw >= COARSE_FROM) {
    const toTargetRaw = inputBetween(sqrtPriceX96, sqrtPriceTargetX96, liquidity, zeroForOne);
    if (toTargetRaw <= afterFeeRaw) return wholeStretch(stretch, toTargetRaw, zeroForOne);
  }
  return zeroForOne && afterFeeRaw < COARSE_FROM
    ? giveToken0(stretch, remainingRaw, afterFeeRaw, stretchProducts(sqrtPriceX96, liquidity, feePips))
    : give(stretch, remainingRaw, afterFeeRaw, zeroForOne);
}

/** The step of an input that may or may not reach the target. */
function give(
  stretch: SwapStretch,
  remainingRaw: bigint,
  afterFeeRaw: bigint,
  zeroForOne: boolean,
): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity } = stretch;
  const sqrtPriceNextX96 = nextSqrtPriceFromInput(sqrtPriceX96, liquidity, afterFeeRaw, zeroForOne);
  // Rounding keeps an input that falls short of the target from arriving at it, so arriving means that it reaches.
  if (zeroForOne ? sqrtPriceNextX96 <= sqrtPriceTargetX96 : sqrtPriceNextX96 >= sqrtPriceTargetX96) {
    return wholeStretch(
      stretch,
      inputBetween(sqrtPriceX96, sqrtPriceTargetX96, liquidity, zeroForOne),
      zeroForOne,
    );
  }
  const movingRaw = inputBetween(sqrtPriceX96, sqrtPriceNextX96, liquidity, zeroForOne);
  const givenRaw = outputBetween(sqrtPriceX96, sqrtPriceNextX96, liquidity, zeroForOne);
  return { sqrtPriceNextX96, takenRaw: remainingRaw, givenRaw, feeRaw: remainingRaw - movingRaw };
}

/**
 * {@link give} for token0 with one long division less. Giving x takes the square root price from s to s' = L s / (L + x s), and
 * the input that the rounded s' accounts for is x - r / (s s'), with r the remainder of that rounding. As r < L + x s,
 * it is x itself wherever L + x s <= s s', which spares the second long division almost always.
 */
function giveToken0(
  stretch: SwapStretch,
  remainingRaw: bigint,
  afterFeeRaw: bigint,
  { liquidityX96, scaledLessOne }: StretchProducts,
): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity } = stretch;
  const denominator = liquidityX96 + afterFeeRaw * sqrtPriceX96;
  const sqrtPriceNextX96 = scaledLessOne / denominator + 1n;
  if (sqrtPriceNextX96 <= sqrtPriceTargetX96) {
    return wholeStretch(stretch, amount0Up(sqrtPriceX96, sqrtPriceTargetX96, liquidity), true);
  }
  const isWhole = denominator <= sqrtPriceX96 * sqrtPriceNextX96;
  const movingRaw = isWhole ? afterFeeRaw : amount0Up(sqrtPriceX96, sqrtPriceNextX96, liquidity);
  const givenRaw = (liquidity * (sqrtPriceX96 - sqrtPriceNextX96)) >> 96n;
  return { sqrtPriceNextX96, takenRaw: remainingRaw, givenRaw, feeRaw: remainingRaw - movingRaw };
}

/** One step of a swap for an exact output: towards the target, until `remainingRaw` has come out. */
export function stepExactOut(stretch: SwapStretch, remainingRaw: bigint): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const zeroForOne = sqrtPriceX96 >= sqrtPriceTargetX96;
  const toTargetRaw = outputBetween(sqrtPriceX96, sqrtPriceTargetX96, liquidity, zeroForOne);
  const sqrtPriceNextX96 =
    remainingRaw >= toTargetRaw
      ? sqrtPriceTargetX96
      : nextSqrtPriceFromOutput(sqrtPriceX96, liquidity, remainingRaw, zeroForOne);
  const movingRaw = inputBetween(sqrtPriceX96, sqrtPriceNextX96, liquidity, zeroForOne);
  const feeRaw = feeOn(movingRaw, feePips);
  // The rounded price may let a unit more out than was asked for; the pool keeps it.
  const givenRaw = min(outputBetween(sqrtPriceX96, sqrtPriceNextX96, liquidity, zeroForOne), remainingRaw);
  return { sqrtPriceNextX96, takenRaw: movingRaw + feeRaw, givenRaw, feeRaw };
}

function wholeStretch(stretch: SwapStretch, movingRaw: bigint, zeroForOne: boolean): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const givenRaw = outputBetween(sqrtPriceX96, sqrtPriceTargetX96, liquidity, zeroForOne);
  const feeRaw = feeOn(movingRaw, feePips);
  return { sqrtPriceNextX96: sqrtPriceTargetX96, takenRaw: movingRaw + feeRaw, givenRaw, feeRaw };
}

/** What the pool takes between two prices, without the fee. */
function inputBetween(fromX96: bigint, toX96: bigint, liquidity: bigint, zeroForOne: boolean): bigint {
  return zeroForOne ? amount0Up(fromX96, toX96, liquidity) : amount1Up(fromX96, toX96, liquidity);
}

/** What the pool gives between two prices. */
function outputBetween(fromX96: bigint, toX96: bigint, liquidity: bigint, zeroForOne: boolean): bigint {
  return zeroForOne ? amount1Down(fromX96, toX96, liquidity) : amount0Down(fromX96, toX96, liquidity);
}

/** The fee that belongs to an input counted without it, rounded up. */
function feeOn(movingRaw: bigint, feePips: bigint): bigint {
  return mulDivUp(movingRaw, feePips, ONE_IN_PIPS - feePips);
}
