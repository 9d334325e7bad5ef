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

/** What a swap does within one stretch of constant liquidity; amounts are raw. */
export interface SwapStep {
  readonly sqrtPriceNextX96: bigint;
  /** Input that moved the price, without the fee. */
  readonly amountInRaw: bigint;
  readonly amountOutRaw: bigint;
  readonly feeRaw: bigint;
}

/** A stretch of constant liquidity, and where the swap would like to go on it. */
export interface SwapStretch {
  readonly sqrtPriceX96: bigint;
  /** Below the current price: token0 is sold; otherwise token1 is. */
  readonly sqrtPriceTargetX96: bigint;
  readonly liquidity: bigint;
  readonly feePips: bigint;
}

/**
 * One step of a swap of an exact input: towards the target, as far as `remainingRaw` (fee included) goes. A step that
 * stops short takes everything that is left, so what rounding does not use is fee.
 */
export function stepExactIn(stretch: SwapStretch, remainingRaw: bigint): SwapStep {
  const afterFeeRaw = (remainingRaw * (ONE_IN_PIPS - stretch.feePips)) / ONE_IN_PIPS;
  return stretch.sqrtPriceX96 >= stretch.sqrtPriceTargetX96
    ? giveToken0(stretch, remainingRaw, afterFeeRaw)
    : giveToken1(stretch, remainingRaw, afterFeeRaw);
}

/*
 * The two directions are written out, and amounts as fractions that are compared before they are divided: division is
 * most of what a quote costs. ceil(n / d) <= a is n <= a d, and ceil(n / d) = a is (a - 1) d < n <= a d.
 */

function giveToken0(stretch: SwapStretch, remainingRaw: bigint, afterFeeRaw: bigint): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const liquidityX96 = liquidity << 96n;
  const distance = sqrtPriceX96 - sqrtPriceTargetX96;
  const numerator = liquidityX96 * distance;
  const denominator = sqrtPriceX96 * sqrtPriceTargetX96;
  if (numerator <= afterFeeRaw * denominator) {
    const amountInRaw = divideUp(numerator, denominator);
    const amountOutRaw = (liquidity * distance) >> 96n;
    return { sqrtPriceNextX96: sqrtPriceTargetX96, amountInRaw, amountOutRaw, feeRaw: feeOn(amountInRaw, feePips) };
  }
  const sqrtPriceNextX96 = nextSqrtPriceFromInput(sqrtPriceX96, liquidity, afterFeeRaw, true);
  const moved = sqrtPriceX96 - sqrtPriceNextX96;
  const amountInRaw = divideUpNear(liquidityX96 * moved, sqrtPriceX96 * sqrtPriceNextX96, afterFeeRaw);
  return { sqrtPriceNextX96, amountInRaw, amountOutRaw: (liquidity * moved) >> 96n, feeRaw: remainingRaw - amountInRaw };
}

function giveToken1(stretch: SwapStretch, remainingRaw: bigint, afterFeeRaw: bigint): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const toTargetRaw = amount1Up(sqrtPriceX96, sqrtPriceTargetX96, liquidity);
  if (afterFeeRaw >= toTargetRaw) {
    return {
      sqrtPriceNextX96: sqrtPriceTargetX96,
      amountInRaw: toTargetRaw,
      amountOutRaw: amount0Down(sqrtPriceX96, sqrtPriceTargetX96, liquidity),
      feeRaw: feeOn(toTargetRaw, feePips),
    };
  }
  const sqrtPriceNextX96 = nextSqrtPriceFromInput(sqrtPriceX96, liquidity, afterFeeRaw, false);
  const amountInRaw = amount1Up(sqrtPriceX96, sqrtPriceNextX96, liquidity);
  return {
    sqrtPriceNextX96,
    amountInRaw,
    amountOutRaw: amount0Down(sqrtPriceX96, sqrtPriceNextX96, liquidity),
    feeRaw: remainingRaw - amountInRaw,
  };
}

/** One step of a swap for an exact output: towards the target, until `remainingRaw` has come out. */
export function stepExactOut(stretch: SwapStretch, remainingRaw: bigint): SwapStep {
  const { sqrtPriceX96, sqrtPriceTargetX96, liquidity, feePips } = stretch;
  const zeroForOne = sqrtPriceX96 >= sqrtPriceTargetX96;
  const inputOf = zeroForOne ? amount0Up : amount1Up;
  const outputOf = zeroForOne ? amount1Down : amount0Down;
  const toTargetRaw = outputOf(sqrtPriceX96, sqrtPriceTargetX96, liquidity);
  const reachesTarget = remainingRaw >= toTargetRaw;
  const sqrtPriceNextX96 = reachesTarget
    ? sqrtPriceTargetX96
    : nextSqrtPriceFromOutput(sqrtPriceX96, liquidity, remainingRaw, zeroForOne);
  const amountInRaw = inputOf(sqrtPriceX96, sqrtPriceNextX96, liquidity);
  const amountOutRaw = reachesTarget ? toTargetRaw : outputOf(sqrtPriceX96, sqrtPriceNextX96, liquidity);
  // The rounded price may let a unit more out than was asked for; the pool keeps it.
  return {
    sqrtPriceNextX96,
    amountInRaw,
    amountOutRaw: min(amountOutRaw, remainingRaw),
    feeRaw: feeOn(amountInRaw, feePips),
  };
}

/** The fee that belongs to an input counted without it, rounded up. */
function feeOn(amountInRaw: bigint, feePips: bigint): bigint {
  return mulDivUp(amountInRaw, feePips, ONE_IN_PIPS - feePips);
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** {@link divideUp} where the answer is most likely `guess`. */
function divideUpNear(numerator: bigint, denominator: bigint, guess: bigint): bigint {
  const product = guess * denominator;
  if (numerator <= product && numerator > product - denominator) return guess;
  return divideUp(numerator, denominator);
}
