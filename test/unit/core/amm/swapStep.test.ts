import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextSqrtPriceFromInput, nextSqrtPriceFromOutput } from '../../../../src/core/amm/sqrtPriceMath.ts';
import { stepExactIn, stepExactOut } from '../../../../src/core/amm/swapStep.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from '../../../../src/core/amm/tickMath.ts';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { toJsbi, v3Sdk } from '../../../support/v3Sdk.ts';

/** Integers of every size alike, not mostly long ones. */
const magnitudes = (least: number, most: number) =>
  fc
    .integer({ min: least, max: most })
    .chain((bits) => fc.bigInt({ min: 1n, max: (1n << BigInt(bits)) - 1n }));
const prices = magnitudes(33, 160)
  .map((price) => price + MIN_SQRT_PRICE_X96)
  .filter((price) => price < MAX_SQRT_PRICE_X96);
/** Targets anywhere, or close by: a step ends at its target or short of it, and both need to happen. */
const ends = fc.oneof(
  fc.tuple(prices, prices),
  fc.tuple(prices, fc.integer({ min: -50_000, max: 50_000 })).map(([price, millionths]) => {
    return [price, price + (price * BigInt(millionths)) / 1_000_000n] as [bigint, bigint];
  }),
);
const fees = fc.constantFrom(0, 100, 500, 3000, 10_000, 999_999);
const steps = fc.record({
  ends,
  liquidity: magnitudes(1, 127),
  remainingRaw: magnitudes(1, 255),
  feePips: fees,
  likelyWhole: fc.boolean(),
});
const between = (low: number, high: number) => fc.bigInt({ min: 1n << BigInt(low), max: 1n << BigInt(high) });
/** Inputs of token0 at high prices, where the pool's 256 bits overflow and it rounds the next price coarsely. */
const overflowingSteps = fc.record({
  ends: fc.tuple(between(150, 159), between(33, 110)),
  liquidity: between(100, 127),
  remainingRaw: between(97, 125),
  feePips: fees,
  likelyWhole: fc.boolean(),
});

describe('one step of a swap', () => {
  it.each([
    ['exact input', true, steps],
    ['exact output', false, steps],
    ['exact input beyond 256 bits', true, overflowingSteps],
  ] as const)('agrees with @uniswap/v3-sdk from corner to corner: %s', (_, exactIn, kind) => {
    fc.assert(
      fc.property(
        kind,
        ({ ends: [sqrtPriceX96, sqrtPriceTargetX96], liquidity, remainingRaw, feePips, likelyWhole }) => {
          fc.pre(sqrtPriceTargetX96 >= MIN_SQRT_PRICE_X96 && sqrtPriceTargetX96 < MAX_SQRT_PRICE_X96);
          const stretch = {
            sqrtPriceX96,
            sqrtPriceTargetX96,
            liquidity,
            feePips: BigInt(feePips),
            likelyWhole,
          };
          const step = exactIn ? stepExactIn(stretch, remainingRaw) : stepExactOut(stretch, remainingRaw);
          const theirs = v3Sdk.SwapMath.computeSwapStep(
            toJsbi(sqrtPriceX96),
            toJsbi(sqrtPriceTargetX96),
            toJsbi(liquidity),
            toJsbi(exactIn ? remainingRaw : -remainingRaw),
            toJsbi(BigInt(feePips)),
          );
          const ours = [step.sqrtPriceNextX96, step.takenRaw - step.feeRaw, step.givenRaw, step.feeRaw];
          expect(ours.map(String)).toEqual(theirs.map(String));
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('the next price', () => {
  it('does not exist without a price or liquidity', () => {
    expect(() => nextSqrtPriceFromInput(0n, 1n, 1n, true)).toThrow(/^sqrtPriceX96 is 0/);
    expect(() => nextSqrtPriceFromOutput(1n, 0n, 1n, true)).toThrow(/^liquidity is 0/);
  });

  it('does not exist beyond what the liquidity holds', () => {
    const price = 1n << 96n;
    expect(() => nextSqrtPriceFromOutput(price, 1000n, 1000n, true)).toThrow(InvalidInputError);
    expect(() => nextSqrtPriceFromOutput(price, 1000n, 1000n, false)).toThrow(InvalidInputError);
    expect(nextSqrtPriceFromOutput(price, 1000n, 500n, false)).toBe(2n * price);
    expect(nextSqrtPriceFromOutput(price, 1000n, 500n, true)).toBe(price / 2n);
  });
});
