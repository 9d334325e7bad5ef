import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConcentratedPool } from '../../../../src/core/amm/pool.ts';
import { assertConsistentPool } from '../../../../src/core/amm/poolCheck.ts';
import {
  poolAfter,
  quoteExactIn,
  quoteExactOut,
  quoteToPrice,
  type SwapQuote,
} from '../../../../src/core/amm/swap.ts';
import {
  MAX_SQRT_PRICE_X96,
  MIN_SQRT_PRICE_X96,
  sqrtPriceAtTick,
} from '../../../../src/core/amm/tickMath.ts';
import { CorruptDataError, InvalidInputError } from '../../../../src/core/errors.ts';
import { magnitudes, concentratedPools as pools } from '../../../support/arbitraryPools.ts';
import { ladderPool } from '../../../support/pools.ts';
import { sdkSwap } from '../../../support/v3Sdk.ts';

const amounts = magnitudes(110);

/** A limit some way in the swap's direction, or none. */
const limits = fc.option(fc.integer({ min: 1, max: 40_000 }), { nil: undefined });

function limitOf(
  pool: ConcentratedPool,
  zeroForOne: boolean,
  distance: number | undefined,
): bigint | undefined {
  return distance === undefined
    ? undefined
    : sqrtPriceAtTick(pool.tick + (zeroForOne ? -distance : distance + 1));
}

const noLessThan = (a: bigint, b: bigint) => expect(a >= b, `${a} >= ${b}`).toBe(true);

describe('a quote agrees with @uniswap/v3-sdk', () => {
  it.each([true, false])('exact input: %s', async (exactIn) => {
    await fc.assert(
      fc.asyncProperty(
        pools,
        fc.boolean(),
        amounts,
        limits,
        async (pool, zeroForOne, amountRaw, distance) => {
          const request = { zeroForOne, amountRaw, sqrtPriceLimitX96: limitOf(pool, zeroForOne, distance) };
          const quote = exactIn ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
          const theirs = await sdkSwap(pool, request, exactIn);
          expect({
            calculatedRaw: exactIn ? quote.amountOutRaw : quote.amountInRaw,
            sqrtPriceX96: quote.sqrtPriceAfterX96,
            tick: quote.tickAfter,
            liquidity: quote.liquidityAfter,
          }).toEqual(theirs);
        },
      ),
      { numRuns: 400 },
    );
  });

  it.each([0, 1, 10, 100, 250])('over %d ticks and more of a full ladder', async (ranges) => {
    const pool = ladderPool(200);
    for (const zeroForOne of [true, false]) {
      const amountRaw = 45n * 10n ** 18n * BigInt(ranges) + 10n ** 18n;
      const quote = quoteExactIn(pool, { zeroForOne, amountRaw });
      expect(quote.ticksCrossed).toBeGreaterThanOrEqual(Math.min(ranges, 200) >> 1);
      expect(quote.amountOutRaw).toBe((await sdkSwap(pool, { zeroForOne, amountRaw }, true)).calculatedRaw);
    }
  });
});

describe('a quote', () => {
  it('says what it did and why it stopped', () => {
    fc.assert(
      fc.property(
        pools,
        fc.boolean(),
        amounts,
        limits,
        fc.boolean(),
        (pool, zeroForOne, amountRaw, distance, exactIn) => {
          const sqrtPriceLimitX96 = limitOf(pool, zeroForOne, distance);
          const request = { zeroForOne, amountRaw, sqrtPriceLimitX96 };
          const quote = exactIn ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
          const swappedRaw = exactIn ? quote.amountInRaw : quote.amountOutRaw;
          expect(quote.filled).toBe(swappedRaw === amountRaw);
          if (!quote.filled) {
            expect(quote.stopped).toBe(sqrtPriceLimitX96 === undefined ? 'noLiquidity' : 'priceLimit');
            const end = zeroForOne ? MIN_SQRT_PRICE_X96 + 1n : MAX_SQRT_PRICE_X96 - 1n;
            expect(quote.sqrtPriceAfterX96).toBe(sqrtPriceLimitX96 ?? end);
          }
          noLessThan(amountRaw, swappedRaw);
          noLessThan(quote.amountInRaw, quote.feeRaw);
        },
      ),
    );
  });

  it('never passes its limit, and never moves the wrong way', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, limits, (pool, zeroForOne, amountRaw, distance) => {
        const sqrtPriceLimitX96 = limitOf(pool, zeroForOne, distance);
        const { sqrtPriceAfterX96 } = quoteExactIn(pool, { zeroForOne, amountRaw, sqrtPriceLimitX96 });
        const [from, to] = zeroForOne
          ? [pool.sqrtPriceX96, sqrtPriceLimitX96 ?? MIN_SQRT_PRICE_X96 + 1n]
          : [sqrtPriceLimitX96 ?? MAX_SQRT_PRICE_X96 - 1n, pool.sqrtPriceX96];
        noLessThan(from, sqrtPriceAfterX96);
        noLessThan(sqrtPriceAfterX96, to);
      }),
    );
  });

  it('leaves a pool that is consistent', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, (pool, zeroForOne, amountRaw) => {
        assertConsistentPool(pool);
        assertConsistentPool(poolAfter(pool, quoteExactIn(pool, { zeroForOne, amountRaw })));
      }),
    );
  });

  it('for more input gives no less output, at no better price', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, amounts, (pool, zeroForOne, amountRaw, moreRaw) => {
        const small = quoteExactIn(pool, { zeroForOne, amountRaw });
        const large = quoteExactIn(pool, { zeroForOne, amountRaw: amountRaw + moreRaw });
        noLessThan(large.amountOutRaw, small.amountOutRaw);
        noLessThan(large.amountInRaw, small.amountInRaw);
        // Marginally: the further part alone, after the first, cannot give what the whole did not.
        noLessThan(
          zeroForOne ? small.sqrtPriceAfterX96 : large.sqrtPriceAfterX96,
          zeroForOne ? large.sqrtPriceAfterX96 : small.sqrtPriceAfterX96,
        );
      }),
    );
  });

  it('in two parts never gives more than in one', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, amounts, (pool, zeroForOne, firstRaw, secondRaw) => {
        const whole = quoteExactIn(pool, { zeroForOne, amountRaw: firstRaw + secondRaw });
        const first = quoteExactIn(pool, { zeroForOne, amountRaw: firstRaw });
        const second = quoteExactIn(poolAfter(pool, first), { zeroForOne, amountRaw: secondRaw });
        noLessThan(whole.amountOutRaw, first.amountOutRaw + second.amountOutRaw);
      }),
      { numRuns: 500 },
    );
  });

  it('there and back never profits', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, (pool, zeroForOne, amountRaw) => {
        const there = quoteExactIn(pool, { zeroForOne, amountRaw });
        fc.pre(there.amountOutRaw > 0n);
        const back = quoteExactIn(poolAfter(pool, there), {
          zeroForOne: !zeroForOne,
          amountRaw: there.amountOutRaw,
        });
        noLessThan(there.amountInRaw, back.amountOutRaw);
      }),
      { numRuns: 500 },
    );
  });

  it('of an exact output costs enough to get that output', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), amounts, (pool, zeroForOne, amountRaw) => {
        const bought = quoteExactOut(pool, { zeroForOne, amountRaw });
        fc.pre(bought.filled);
        const sold = quoteExactIn(pool, { zeroForOne, amountRaw: bought.amountInRaw });
        noLessThan(sold.amountOutRaw, amountRaw);
      }),
      { numRuns: 500 },
    );
  });

  it('to a price takes what reaches that price, to the wei', () => {
    fc.assert(
      fc.property(pools, fc.boolean(), fc.integer({ min: 1, max: 5000 }), (pool, zeroForOne, distance) => {
        const sqrtPriceLimitX96 = limitOf(pool, zeroForOne, distance)!;
        const reached = quoteToPrice(pool, { zeroForOne, sqrtPriceLimitX96 });
        expect(reached).toMatchObject({ sqrtPriceAfterX96: sqrtPriceLimitX96, stopped: 'priceLimit' });
        fc.pre(reached.amountInRaw > 0n);
        const again = quoteExactIn(pool, { zeroForOne, amountRaw: reached.amountInRaw, sqrtPriceLimitX96 });
        expect([again.amountInRaw, again.amountOutRaw]).toEqual([reached.amountInRaw, reached.amountOutRaw]);
      }),
    );
  });
});

describe('a quote at the edge of what is known', () => {
  const whole = ladderPool(600);
  const narrow: ConcentratedPool = {
    ...whole,
    ticks: whole.ticks.filter(({ index }) => index >= -6000 && index <= 6000),
    knownTicks: { lower: -6000, upper: 6000 },
  };
  const plain = ({ stopped: _, filled: __, ...rest }: SwapQuote) => rest;

  it('is the same as with all ticks while it stays inside', () => {
    for (const zeroForOne of [true, false]) {
      const request = { zeroForOne, amountRaw: 2000n * 10n ** 18n };
      expect(quoteExactIn(whole, request).ticksCrossed).toBeGreaterThan(40);
      expect(quoteExactIn(narrow, request)).toEqual(quoteExactIn(whole, request));
    }
  });

  it('stops where knowledge does, and says so', () => {
    for (const zeroForOne of [true, false]) {
      const end = sqrtPriceAtTick(zeroForOne ? -6000 : 6000);
      const stopped = quoteExactIn(narrow, { zeroForOne, amountRaw: 10n ** 24n });
      expect(stopped).toMatchObject({ filled: false, stopped: 'knownRangeEnd', sqrtPriceAfterX96: end });
      const limited = quoteExactIn(whole, { zeroForOne, amountRaw: 10n ** 24n, sqrtPriceLimitX96: end });
      expect(plain(stopped)).toEqual(plain(limited));
    }
  });

  it('starts no swap from a price outside what is known', () => {
    const elsewhere = { ...narrow, knownTicks: { lower: 60, upper: 6000 } };
    const nothing = { amountInRaw: 0n, amountOutRaw: 0n, stopped: 'knownRangeEnd' };
    expect(quoteExactIn(elsewhere, { zeroForOne: true, amountRaw: 1n })).toMatchObject(nothing);
  });

  it('prefers to say that the limit was reached', () => {
    const sqrtPriceLimitX96 = sqrtPriceAtTick(-3000);
    const quote = quoteExactIn(narrow, { zeroForOne: true, amountRaw: 10n ** 24n, sqrtPriceLimitX96 });
    expect(quote.stopped).toBe('priceLimit');
  });
});

describe('a quote of what cannot be', () => {
  const pool = ladderPool(10);

  it.each([0n, -1n, 1n << 255n])('refuses the amount %d', (amountRaw) => {
    expect(() => quoteExactIn(pool, { zeroForOne: true, amountRaw })).toThrow(InvalidInputError);
    expect(() => quoteExactOut(pool, { zeroForOne: true, amountRaw })).toThrow(/^amountRaw is/);
  });

  it('refuses a limit outside the range of prices', () => {
    for (const sqrtPriceLimitX96 of [0n, MIN_SQRT_PRICE_X96, MAX_SQRT_PRICE_X96]) {
      const request = { zeroForOne: true, amountRaw: 1n, sqrtPriceLimitX96 };
      expect(() => quoteExactIn(pool, request)).toThrow(/^sqrtPriceLimitX96 is/);
    }
  });

  it('a limit that the price has passed already is a market condition: nothing is swapped', () => {
    const quote = quoteExactIn(pool, {
      zeroForOne: true,
      amountRaw: 10n ** 18n,
      sqrtPriceLimitX96: pool.sqrtPriceX96 + 1n,
    });
    expect(quote).toMatchObject({ amountInRaw: 0n, amountOutRaw: 0n, filled: false, stopped: 'priceLimit' });
    expect(poolAfter(pool, quote)).toEqual(pool);
  });

  it('ticks out of order, or that make liquidity negative, are corrupt', () => {
    const shuffled = { ...pool, ticks: [...pool.ticks].reverse() };
    expect(() => quoteExactIn(shuffled, { zeroForOne: true, amountRaw: 1n })).toThrow(CorruptDataError);
    const hollow = { ...pool, liquidity: 10n ** 20n };
    expect(() => quoteExactIn(hollow, { zeroForOne: true, amountRaw: 10n ** 24n })).toThrow(CorruptDataError);
  });
});

describe('assertConsistentPool', () => {
  const pool = ladderPool(10);
  const first = pool.ticks[0]!;

  it('passes a pool that could exist', () => {
    expect(() => assertConsistentPool(pool)).not.toThrow();
  });

  it.each<[string, Partial<ConcentratedPool>]>([
    ['tickSpacing', { tickSpacing: 0 }],
    ['feePips', { feePips: 1_000_000 }],
    ['liquidity', { liquidity: -1n }],
    ['liquidity', { liquidity: pool.liquidity + 1n }],
    ['tick', { tick: 887_272 }],
    ['sqrtPriceX96', { tick: pool.tick + 60 }],
    ['sqrtPriceX96', { sqrtPriceX96: 0n }],
    ['ticks', { ticks: [first, first] }],
    ['tick index', { ticks: [{ ...first, index: first.index + 1 }, ...pool.ticks.slice(1)] }],
    ['tick index', { knownTicks: { lower: 0, upper: 887_220 } }],
    ['sum of liquidityNet', { ticks: pool.ticks.slice(0, -1) }],
  ])('finds a wrong %s', (what, change) => {
    expect(() => assertConsistentPool({ ...pool, ...change })).toThrow(CorruptDataError);
    expect(() => assertConsistentPool({ ...pool, ...change })).toThrow(new RegExp(`^${what}: `));
  });
});
