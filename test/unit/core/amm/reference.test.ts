import { describe, expect, it } from 'vitest';
import { constantProductOut } from '../../../../src/core/amm/constantProduct.ts';
import { priceAtSqrtPrice } from '../../../../src/core/amm/price.ts';
import {
  amount0Up,
  nextSqrtPriceFromInput,
  nextSqrtPriceFromOutput,
} from '../../../../src/core/amm/sqrtPriceMath.ts';
import { quoteExactIn, quoteExactOut, quoteToPrice } from '../../../../src/core/amm/swap.ts';
import { stepExactIn, stepExactOut } from '../../../../src/core/amm/swapStep.ts';
import { sqrtPriceAtTick, tickAtSqrtPrice } from '../../../../src/core/amm/tickMath.ts';
import { poolOfRanges } from '../../../support/pools.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

interface FunctionInputs {
  readonly fn: string;
  readonly tick: number;
  readonly sqrtPriceX96: string;
  readonly args: readonly [string, string, string, boolean];
  readonly sqrtPriceCurrentX96: string;
  readonly sqrtPriceTargetX96: string;
  readonly liquidity: string;
  readonly amountRemaining: string;
  readonly feePips: number;
}

interface PoolInputs {
  readonly fee: number;
  readonly tickSpacing: number;
  readonly sqrtPriceX96: string;
  readonly positions: readonly {
    readonly tickLower: number;
    readonly tickUpper: number;
    readonly liquidity: string;
  }[];
  readonly zeroForOne: boolean;
  readonly amountSpecified: string;
  readonly sqrtPriceLimitX96: string;
}

interface PairInputs {
  readonly amountIn: string;
  readonly reserveIn: string;
  readonly reserveOut: string;
  readonly feeBps: number;
}

type Expected = Readonly<Record<string, string | number | boolean>>;

const items = referenceItems<FunctionInputs & PoolInputs & PairInputs, Expected>('uniswap_math');
const functions = items.filter(({ inputs }) => inputs.fn !== undefined);
const swaps = items.filter(({ inputs }) => inputs.positions !== undefined);
const pairs = items.filter(({ inputs }) => inputs.reserveIn !== undefined);

const evaluate: Readonly<Record<string, (inputs: FunctionInputs) => Expected>> = {
  getSqrtRatioAtTick: ({ tick }) => ({ sqrtPriceX96: `${sqrtPriceAtTick(tick)}` }),
  getTickAtSqrtRatio: ({ sqrtPriceX96 }) => ({ tick: tickAtSqrtPrice(BigInt(sqrtPriceX96)) }),
  getNextSqrtPriceFromInput: ({ args: [price, liquidity, amount, zeroForOne] }) => ({
    result: `${nextSqrtPriceFromInput(BigInt(price), BigInt(liquidity), BigInt(amount), zeroForOne)}`,
  }),
  getNextSqrtPriceFromOutput: ({ args: [price, liquidity, amount, zeroForOne] }) => ({
    result: `${nextSqrtPriceFromOutput(BigInt(price), BigInt(liquidity), BigInt(amount), zeroForOne)}`,
  }),
  getAmount0Delta: ({ args: [a, b, liquidity] }) => ({
    result: `${amount0Up(BigInt(a), BigInt(b), BigInt(liquidity))}`,
  }),
  computeSwapStep: (inputs) => {
    const remaining = BigInt(inputs.amountRemaining);
    const stretch = {
      sqrtPriceX96: BigInt(inputs.sqrtPriceCurrentX96),
      sqrtPriceTargetX96: BigInt(inputs.sqrtPriceTargetX96),
      liquidity: BigInt(inputs.liquidity),
      feePips: BigInt(inputs.feePips),
      likelyWhole: false,
    };
    const step = remaining >= 0n ? stepExactIn(stretch, remaining) : stepExactOut(stretch, -remaining);
    return {
      amountIn: `${step.takenRaw - step.feeRaw}`,
      amountOut: `${step.givenRaw}`,
      feeAmount: `${step.feeRaw}`,
      sqrtPriceNextX96: `${step.sqrtPriceNextX96}`,
    };
  },
};

describe.skipIf(!hasSharedData)('the published vectors of Uniswap v2 and v3', () => {
  it('are all used', () => {
    expect(functions.length + swaps.length + pairs.length).toBe(items.length);
  });

  it.each(pairs)('$id', ({ inputs, expected }) => {
    const amountOutRaw = constantProductOut({
      amountInRaw: BigInt(inputs.amountIn),
      reserveInRaw: BigInt(inputs.reserveIn),
      reserveOutRaw: BigInt(inputs.reserveOut),
      feeBps: inputs.feeBps,
    });
    expect(amountOutRaw).toBe(BigInt(expected.amountOut as string));
  });

  it.each(functions)('$id', ({ inputs, expected }) => {
    expect(evaluate[inputs.fn]!(inputs)).toEqual(expected);
  });

  it.each(swaps)('$id', ({ inputs, expected }) => {
    const pool = poolOfRanges({
      feePips: inputs.fee,
      tickSpacing: inputs.tickSpacing,
      sqrtPriceX96: BigInt(inputs.sqrtPriceX96),
      ranges: inputs.positions.map((range) => ({ ...range, liquidity: BigInt(range.liquidity) })),
    });
    const { zeroForOne } = inputs;
    const limited = !inputs.sqrtPriceLimitX96.startsWith('none');
    const limit = limited ? { sqrtPriceLimitX96: BigInt(inputs.sqrtPriceLimitX96) } : {};
    const toLimit = inputs.amountSpecified.startsWith('int256 max');
    const amount = toLimit ? 0n : BigInt(inputs.amountSpecified);
    const quote = toLimit
      ? quoteToPrice(pool, { zeroForOne, sqrtPriceLimitX96: BigInt(inputs.sqrtPriceLimitX96) })
      : amount > 0n
        ? quoteExactIn(pool, { zeroForOne, amountRaw: amount, ...limit })
        : quoteExactOut(pool, { zeroForOne, amountRaw: -amount, ...limit });

    if (expected.reverts === true) {
      // The pool refuses a limit that the price has passed; as a quote that is data: nothing can be swapped.
      expect(quote).toMatchObject({ amountInRaw: 0n, amountOutRaw: 0n, filled: false });
      expect(['priceLimit', 'noLiquidity']).toContain(quote.stopped);
      return;
    }
    expect(zeroForOne ? quote.amountInRaw : -quote.amountOutRaw).toBe(
      BigInt(expected.amount0Delta as string),
    );
    expect(zeroForOne ? -quote.amountOutRaw : quote.amountInRaw).toBe(
      BigInt(expected.amount1Delta as string),
    );
    expect(quote.tickAfter).toBe(Number(expected.tickAfter));
    expect(quote.sqrtPriceAfterX96).toBe(BigInt(expected['sqrtPriceX96After(computed)'] as string));
    expect(quote.liquidityAfter).toBe(BigInt(expected['liquidityAfter(computed)'] as string));
    const priceAfter = priceAtSqrtPrice(quote.sqrtPriceAfterX96, {
      baseIsToken0: true,
      baseDecimals: 18,
      quoteDecimals: 18,
    });
    expect(Number(priceAfter.toPrecision(5))).toBe(Number(expected.poolPriceAfter));
  });
});
