import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ladderTo, swapByLadder } from '../../../../src/core/amm/ladder.ts';
import type { ConcentratedPool } from '../../../../src/core/amm/pool.ts';
import { poolAfter, quoteExactIn } from '../../../../src/core/amm/swap.ts';
import { swapByLoop } from '../../../../src/core/amm/swapLoop.ts';
import type { SwapRequest } from '../../../../src/core/amm/swapQuote.ts';
import {
  MAX_SQRT_PRICE_X96,
  MIN_SQRT_PRICE_X96,
  sqrtPriceAtTick,
} from '../../../../src/core/amm/tickMath.ts';
import { CorruptDataError } from '../../../../src/core/errors.ts';
import { concentratedPools, magnitudes } from '../../../support/arbitraryPools.ts';
import { ladderPool } from '../../../support/pools.ts';

/** A swap, and how far away its limit is, if it has one. */
interface Ask {
  readonly zeroForOne: boolean;
  readonly amountRaw: bigint;
  readonly distance: number | undefined;
  readonly exactIn: boolean;
}

const asks: fc.Arbitrary<Ask> = fc.record({
  zeroForOne: fc.boolean(),
  amountRaw: magnitudes(110),
  distance: fc.option(fc.integer({ min: -5, max: 40_000 }), { nil: undefined }),
  exactIn: fc.boolean(),
});

function requestOf(pool: ConcentratedPool, { zeroForOne, amountRaw, distance }: Ask): SwapRequest {
  if (distance === undefined) return { zeroForOne, amountRaw };
  return {
    zeroForOne,
    amountRaw,
    sqrtPriceLimitX96: sqrtPriceAtTick(pool.tick + (zeroForOne ? -distance : distance + 1)),
  };
}

/** A fresh object is a fresh ladder. */
const copyOf = (pool: ConcentratedPool): ConcentratedPool => ({ ...pool });

describe('a quote by the ladder', () => {
  it('is the loop’s in every field, whatever was asked of the same pool before', () => {
    fc.assert(
      fc.property(concentratedPools, fc.array(asks, { minLength: 1, maxLength: 12 }), (pool, several) => {
        for (const ask of [...several, ...several]) {
          const request = requestOf(pool, ask);
          expect(swapByLadder(pool, request, ask.exactIn)).toEqual(
            swapByLoop(copyOf(pool), request, ask.exactIn),
          );
        }
      }),
      { numRuns: 600 },
    );
  });

  it('is the loop’s where the amount or the limit falls on a tick exactly, or a unit beside it', () => {
    for (const zeroForOne of [true, false]) {
      const pool = ladderPool(300, 10, 500);
      const end = sqrtPriceAtTick(zeroForOne ? -2_990 : 2_990);
      for (const { amountInRaw, amountOutRaw, sqrtPriceX96 } of ladderTo(pool, zeroForOne, end).rungs) {
        for (const nudge of [-1n, 0n, 1n]) {
          const [inRaw, outRaw] = [amountInRaw + nudge, amountOutRaw + nudge];
          const sqrtPriceLimitX96 = sqrtPriceX96 + nudge;
          if (inRaw > 0n) {
            const request = { zeroForOne, amountRaw: inRaw };
            expect(swapByLadder(pool, request, true)).toEqual(swapByLoop(pool, request, true));
          }
          if (outRaw > 0n) {
            const request = { zeroForOne, amountRaw: outRaw };
            expect(swapByLadder(pool, request, false)).toEqual(swapByLoop(pool, request, false));
          }
          const limited = { zeroForOne, amountRaw: 10n ** 30n, sqrtPriceLimitX96 };
          expect(swapByLadder(pool, limited, true)).toEqual(swapByLoop(pool, limited, true));
        }
      }
    }
  });

  it('is the loop’s at the extremes: one unit, everything, the ends of the price range', () => {
    const pool = ladderPool(20);
    const everything = (1n << 255n) - 1n;
    for (const exactIn of [true, false]) {
      for (const zeroForOne of [true, false]) {
        const edge = zeroForOne ? MIN_SQRT_PRICE_X96 + 1n : MAX_SQRT_PRICE_X96 - 1n;
        for (const amountRaw of [1n, 2n, everything, everything, everything]) {
          for (const limit of [{}, { sqrtPriceLimitX96: edge }]) {
            const request = { zeroForOne, amountRaw, ...limit };
            expect(swapByLadder(pool, request, exactIn)).toEqual(swapByLoop(pool, request, exactIn));
          }
        }
      }
    }
  });

  it('stops where the known ticks end, every time', () => {
    const pool = { ...ladderPool(300, 10, 500), knownTicks: { lower: -505, upper: 505 } };
    const known = { ...pool, ticks: pool.ticks.filter(({ index }) => Math.abs(index) <= 505) };
    for (const zeroForOne of [true, false]) {
      const request = { zeroForOne, amountRaw: 10n ** 30n };
      for (let time = 0; time < 4; time++) {
        const quote = swapByLadder(known, request, true);
        expect(quote.stopped).toBe('knownRangeEnd');
        expect(quote).toEqual(swapByLoop(known, request, true));
      }
    }
  });

  it('starts anew from the pool that a swap leaves', () => {
    const pool = ladderPool(50);
    const request = { zeroForOne: true, amountRaw: 10n ** 21n };
    const first = quoteExactIn(pool, request);
    const after = poolAfter(pool, first);
    expect(quoteExactIn(after, request)).toEqual(swapByLoop(copyOf(after), request, true));
    expect(quoteExactIn(pool, request)).toEqual(first);
  });

  it('blames ticks that make liquidity negative on the swaps that get there, not on those that end before', () => {
    const pool = ladderPool(20);
    const hollow: ConcentratedPool = {
      ...pool,
      ticks: pool.ticks.map((tick) => (tick.index === -120 ? { ...tick, liquidityNet: 10n ** 30n } : tick)),
    };
    const small = { zeroForOne: true, amountRaw: 10n ** 18n };
    for (let time = 0; time < 5; time++) {
      expect(swapByLadder(hollow, small, true)).toEqual(swapByLoop(hollow, small, true));
      expect(() => swapByLadder(hollow, { ...small, amountRaw: 10n ** 24n }, true)).toThrow(CorruptDataError);
    }
  });
});
