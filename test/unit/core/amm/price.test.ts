import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  priceAtSqrtPrice,
  priceRatio,
  priceToRatio,
  ratioToPrice,
  sqrtPriceDown,
  sqrtPriceLimit,
  sqrtPriceUp,
  swapsZeroForOne,
} from '../../../../src/core/amm/price.ts';
import { MAX_SQRT_PRICE_X96, MIN_SQRT_PRICE_X96 } from '../../../../src/core/amm/tickMath.ts';
import { InvalidInputError } from '../../../../src/core/errors.ts';

const sides = fc.constantFrom('sell' as const, 'buy' as const);
const sqrtPrices = fc.bigInt({ min: MIN_SQRT_PRICE_X96 + 1n, max: MAX_SQRT_PRICE_X96 - 1n });
const units = fc.record({
  baseIsToken0: fc.boolean(),
  baseDecimals: fc.integer({ min: 0, max: 24 }),
  quoteDecimals: fc.integer({ min: 0, max: 24 }),
});
const prices = fc.double({ min: 1e-6, max: 1e9, noNaN: true });

describe('prices of a pool', () => {
  it('reads a mainnet price: USDC/WETH with WETH as token1 at 1516464245868122564135291323356374', () => {
    const usdcWeth = { baseIsToken0: false, baseDecimals: 18, quoteDecimals: 6 };
    expect(priceAtSqrtPrice(1_516_464_245_868_122_564_135_291_323_356_374n, usdcWeth)).toBeCloseTo(2729.6, 1);
  });

  it('of one token in the other and back are reciprocal', () => {
    fc.assert(
      fc.property(
        sqrtPrices,
        fc.integer({ min: 0, max: 24 }),
        fc.integer({ min: 0, max: 24 }),
        (sqrtPrice, d0, d1) => {
          const first = priceAtSqrtPrice(sqrtPrice, {
            baseIsToken0: true,
            baseDecimals: d0,
            quoteDecimals: d1,
          });
          const second = priceAtSqrtPrice(sqrtPrice, {
            baseIsToken0: false,
            baseDecimals: d1,
            quoteDecimals: d0,
          });
          expect(first * second).toBeCloseTo(1, 12);
        },
      ),
    );
  });

  it('a price as a fraction is that price again', () => {
    fc.assert(
      fc.property(prices, units, (price, pair) => {
        expect(ratioToPrice(priceToRatio(price, pair), pair)).toBe(price);
      }),
    );
  });

  it('square roots bracket the price', () => {
    fc.assert(
      fc.property(sqrtPrices, fc.boolean(), (sqrtPrice, baseIsToken0) => {
        const ratio = priceRatio(sqrtPrice, baseIsToken0);
        expect([sqrtPriceDown(ratio, baseIsToken0), sqrtPriceUp(ratio, baseIsToken0)]).toEqual([
          sqrtPrice,
          sqrtPrice,
        ]);
      }),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d is no price', (price) => {
    expect(() => priceToRatio(price, { baseIsToken0: true, baseDecimals: 18, quoteDecimals: 6 })).toThrow(
      InvalidInputError,
    );
  });
});

describe('the limit of a swap from a price bound', () => {
  it('is never worse than the bound, and one unit further would be', () => {
    fc.assert(
      fc.property(sides, prices, units, (side, price, pair) => {
        const bound = priceToRatio(price, pair);
        const limit = sqrtPriceLimit(side, bound, pair.baseIsToken0);
        fc.pre(limit > MIN_SQRT_PRICE_X96 + 1n && limit < MAX_SQRT_PRICE_X96 - 1n);
        const isWorse = (sqrtPrice: bigint) => {
          const at = priceRatio(sqrtPrice, pair.baseIsToken0);
          const difference = at.numerator * bound.denominator - bound.numerator * at.denominator;
          return side === 'sell' ? difference < 0n : difference > 0n;
        };
        expect(isWorse(limit)).toBe(false);
        expect(isWorse(swapsZeroForOne(side, pair.baseIsToken0) ? limit - 1n : limit + 1n)).toBe(true);
      }),
    );
  });

  it('stays inside what a pool accepts', () => {
    const far = { numerator: 1n << 400n, denominator: 1n };
    expect(sqrtPriceLimit('buy', far, true)).toBe(MAX_SQRT_PRICE_X96 - 1n);
    expect(sqrtPriceLimit('sell', { numerator: 1n, denominator: 1n << 400n }, true)).toBe(
      MIN_SQRT_PRICE_X96 + 1n,
    );
    expect(() => sqrtPriceLimit('sell', { numerator: 0n, denominator: 1n }, true)).toThrow(InvalidInputError);
  });

  it('sells base as token0 downwards, as token1 upwards', () => {
    expect([swapsZeroForOne('sell', true), swapsZeroForOne('sell', false)]).toEqual([true, false]);
    expect([swapsZeroForOne('buy', true), swapsZeroForOne('buy', false)]).toEqual([false, true]);
  });
});
