import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantProductIn, constantProductOut } from '../../../../src/core/amm/constantProduct.ts';
import type { ConstantProductPool } from '../../../../src/core/amm/pool.ts';
import { assertConsistentPool } from '../../../../src/core/amm/poolCheck.ts';
import { sqrtPriceOf, swapFeePips } from '../../../../src/core/amm/poolTerms.ts';
import { poolAfter, quoteExactIn, quoteExactOut, quoteToPrice } from '../../../../src/core/amm/swap.ts';
import { CorruptDataError, InvalidInputError } from '../../../../src/core/errors.ts';
import { magnitudes, pairs } from '../../../support/arbitraryPools.ts';
import { ladderPool } from '../../../support/pools.ts';

/** Whether the pair itself lets a swap pass: the product of its balances less the fee may not fall. */
function pairAccepts(pool: ConstantProductPool, zeroForOne: boolean, inRaw: bigint, outRaw: bigint): boolean {
  const { feeBps, reserve0Raw, reserve1Raw } = pool;
  const [reserveIn, reserveOut] = zeroForOne ? [reserve0Raw, reserve1Raw] : [reserve1Raw, reserve0Raw];
  const adjustedIn = (reserveIn + inRaw) * 10_000n - inRaw * BigInt(feeBps);
  return adjustedIn * (reserveOut - outRaw) >= reserveIn * reserveOut * 10_000n;
}

describe('a swap on a pair', () => {
  it('of an exact input gives the most that the pair accepts', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), magnitudes(112), (pool, zeroForOne, amountRaw) => {
        const quote = quoteExactIn(pool, { zeroForOne, amountRaw });
        if (!quote.filled) return;
        expect(quote.amountInRaw).toBe(amountRaw);
        expect(pairAccepts(pool, zeroForOne, amountRaw, quote.amountOutRaw)).toBe(true);
        expect(pairAccepts(pool, zeroForOne, amountRaw, quote.amountOutRaw + 1n)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('of an exact output asks what the router asks: the least that the pair accepts, or one unit more', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), magnitudes(112), (pool, zeroForOne, amountRaw) => {
        const quote = quoteExactOut(pool, { zeroForOne, amountRaw });
        if (!quote.filled) return;
        const [reserveInRaw, reserveOutRaw] = zeroForOne
          ? [pool.reserve0Raw, pool.reserve1Raw]
          : [pool.reserve1Raw, pool.reserve0Raw];
        const { feeBps } = pool;
        expect(quote.amountInRaw).toBe(
          constantProductIn({ amountOutRaw: amountRaw, reserveInRaw, reserveOutRaw, feeBps }),
        );
        expect(pairAccepts(pool, zeroForOne, quote.amountInRaw, amountRaw)).toBe(true);
        expect(pairAccepts(pool, zeroForOne, quote.amountInRaw - 2n, amountRaw)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('is the one of the Uniswap v2 router: 997 of 1,000 count', () => {
    const pool = { ...pairExample, reserve0Raw: 5n * 10n ** 18n, reserve1Raw: 10n ** 19n };
    // From the pair's own published test: 1 token into 5 : 10 gives 1.662497915624478906.
    expect(quoteExactIn(pool, { zeroForOne: true, amountRaw: 10n ** 18n }).amountOutRaw).toBe(
      1_662_497_915_624_478_906n,
    );
    expect(
      constantProductIn({ amountOutRaw: 100n, reserveInRaw: 1_000n, reserveOutRaw: 1_000n, feeBps: 30 }),
    ).toBe(112n);
  });

  it('stops at a limit, not a unit early in price nor late', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), fc.integer({ min: 1, max: 9_000 }), (pool, zeroForOne, bps) => {
        const reserves = [pool.reserve0Raw, pool.reserve1Raw];
        // Fine enough to tell prices apart, and with room for ten times as much.
        if (reserves.some((reserve) => reserve < 10n ** 12n || reserve > 10n ** 32n)) return;
        const price = sqrtPriceOf(pool);
        const move = (price * BigInt(bps)) / 10_000n;
        const sqrtPriceLimitX96 = zeroForOne ? price - move : price + move;
        const reached = quoteToPrice(pool, { zeroForOne, sqrtPriceLimitX96 });
        expect(reached.stopped).toBe('priceLimit');
        const isWithin = (sqrtPriceX96: bigint) =>
          zeroForOne ? sqrtPriceX96 >= sqrtPriceLimitX96 : sqrtPriceX96 <= sqrtPriceLimitX96;
        expect(isWithin(reached.sqrtPriceAfterX96)).toBe(true);
        const further = quoteExactIn(pool, {
          zeroForOne,
          amountRaw: reached.amountInRaw + 2n + reached.amountInRaw / 10n ** 6n,
        });
        expect(isWithin(further.sqrtPriceAfterX96 + (zeroForOne ? -1n : 1n))).toBe(false);
        const bought = quoteExactOut(pool, {
          zeroForOne,
          amountRaw: pool.reserve0Raw + pool.reserve1Raw,
          sqrtPriceLimitX96,
        });
        expect(bought.filled).toBe(false);
        // One unit of input may be worth many of output: the two come to the same price, not to the same unit.
        const apart = bought.amountOutRaw - reached.amountOutRaw;
        expect(Math.abs(Number(apart))).toBeLessThan(1e-6 * Number(reached.amountOutRaw) + 2);
      }),
      { numRuns: 300 },
    );
  });

  it('takes all that 112 bits have room for, and says so where that is not what was asked', () => {
    const most = (1n << 112n) - 1n;
    let [cut, whole] = [0, 0];
    fc.assert(
      fc.property(
        pairs,
        fc.boolean(),
        fc.boolean(),
        magnitudes(130),
        (pool, zeroForOne, exactIn, amountRaw) => {
          const [reserveIn, reserveOut] = zeroForOne
            ? [pool.reserve0Raw, pool.reserve1Raw]
            : [pool.reserve1Raw, pool.reserve0Raw];
          if (reserveIn > most) return;
          const quote = (exactIn ? quoteExactIn : quoteExactOut)(pool, { zeroForOne, amountRaw });
          const { amountInRaw, amountOutRaw, filled } = quote;
          expect(reserveIn + amountInRaw <= most).toBe(true);
          expect(amountOutRaw < reserveOut).toBe(true);
          if (filled) whole += 1;
          else {
            cut += 1;
            expect(quote.stopped).toBe('noLiquidity');
            const { feeBps } = pool;
            const further = {
              amountOutRaw: amountOutRaw + 1n,
              reserveInRaw: reserveIn,
              reserveOutRaw: reserveOut,
            };
            const asked = constantProductIn({ ...further, feeBps });
            const next = exactIn ? amountInRaw + 1n : asked;
            // Nothing that could be given is left, or the next unit has no room.
            expect(next === null || reserveIn + next > most).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(cut).toBeGreaterThan(20);
    expect(whole).toBeGreaterThan(100);
  });

  it('without a limit goes past the prices that a pool of ticks can have', () => {
    const pool = { ...pairExample, reserve0Raw: 512n, reserve1Raw: 761_560n };
    const amountRaw = 58_905_114_962_862_464_894_864_845n;
    expect(quoteExactIn(pool, { zeroForOne: false, amountRaw })).toMatchObject({
      filled: true,
      amountInRaw: amountRaw,
      amountOutRaw: 511n,
    });
  });

  it('leaves a pair whose product has grown by the fee', () => {
    fc.assert(
      fc.property(pairs, fc.boolean(), magnitudes(100), (pool, zeroForOne, amountRaw) => {
        const quote = quoteExactIn(pool, { zeroForOne, amountRaw });
        const after = poolAfter(pool, quote);
        expect(after.reserve0Raw * after.reserve1Raw >= pool.reserve0Raw * pool.reserve1Raw).toBe(true);
        assertConsistentPool(after);
      }),
    );
  });

  it('says when a pair holds too little, and refuses one that holds nothing', () => {
    expect(quoteExactOut(pairExample, { zeroForOne: true, amountRaw: 10n ** 30n })).toMatchObject({
      filled: false,
      stopped: 'noLiquidity',
    });
    const empty = { ...pairExample, reserve0Raw: 0n };
    expect(() => quoteExactIn(empty, { zeroForOne: true, amountRaw: 1n })).toThrow(InvalidInputError);
    expect(() => assertConsistentPool(empty)).toThrow(CorruptDataError);
    expect(() => assertConsistentPool({ ...pairExample, feeBps: 10_000 })).toThrow(/feeBps/);
    expect(constantProductOut({ amountInRaw: 1n, reserveInRaw: 10n, reserveOutRaw: 10n, feeBps: 30 })).toBe(
      0n,
    );
  });
});

const pairExample: ConstantProductPool = {
  kind: 'constantProduct',
  venue: 'uniswapV2',
  address: '0xB4e16d0168e52d35CaCD2c6185b44281Ec28C9Dc',
  token0: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48',
  token1: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  feeBps: 30,
  reserve0Raw: 10n ** 18n,
  reserve1Raw: 10n ** 18n,
};

describe('the fee of a v4 pool', () => {
  const v4 = (feePips: number, zeroForOne: number, oneForZero: number) => ({
    ...ladderPool(20, 60, feePips),
    protocolFeePips: { zeroForOne, oneForZero },
  });

  it.each([
    [3_000, 0, 3_000],
    [3_000, 1_000, 3_997],
    [500, 1_000, 1_500],
    [0, 1_000, 1_000],
    [999_999, 1_000, 1_000_000],
    [123_457, 999, 124_333],
  ])('of %d for providers and %d for the protocol is %d together', (feePips, protocol, together) => {
    expect(swapFeePips(v4(feePips, protocol, 0), true)).toBe(together);
    expect(swapFeePips(v4(feePips, 0, protocol), false)).toBe(together);
  });

  it('is taken in the direction that it is set for', () => {
    const pool = v4(3_000, 1_000, 0);
    const amountRaw = 10n ** 18n;
    expect(quoteExactIn(pool, { zeroForOne: true, amountRaw })).toEqual(
      quoteExactIn(ladderPool(20, 60, 3_997), { zeroForOne: true, amountRaw }),
    );
    expect(quoteExactIn(pool, { zeroForOne: false, amountRaw })).toEqual(
      quoteExactIn(ladderPool(20, 60, 3_000), { zeroForOne: false, amountRaw }),
    );
  });

  it('that would take everything is refused', () => {
    expect(() => assertConsistentPool(v4(999_999, 1_000, 0))).toThrow(/feePips/);
    assertConsistentPool(v4(3_000, 1_000, 500));
  });
});
