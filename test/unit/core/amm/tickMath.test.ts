import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantProductOut } from '../../../../src/core/amm/constantProduct.ts';
import {
  MAX_SQRT_PRICE_X96,
  MAX_TICK,
  MIN_SQRT_PRICE_X96,
  MIN_TICK,
  maxUsableTick,
  minUsableTick,
  sqrtPriceAtTick,
  tickAtSqrtPrice,
} from '../../../../src/core/amm/tickMath.ts';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { toJsbi, v3Sdk } from '../../../support/v3Sdk.ts';

const ticks = fc.integer({ min: MIN_TICK, max: MAX_TICK });

describe('tick prices', () => {
  it('are the whole range of a pool from end to end', () => {
    expect([sqrtPriceAtTick(MIN_TICK), sqrtPriceAtTick(MAX_TICK)]).toEqual([
      MIN_SQRT_PRICE_X96,
      MAX_SQRT_PRICE_X96,
    ]);
    expect(sqrtPriceAtTick(0)).toBe(1n << 96n);
  });

  it('agree with @uniswap/v3-sdk at any tick', () => {
    fc.assert(
      fc.property(ticks, (tick) => {
        expect(sqrtPriceAtTick(tick).toString()).toBe(v3Sdk.TickMath.getSqrtRatioAtTick(tick).toString());
      }),
      { numRuns: 2000 },
    );
  });

  it('agree with @uniswap/v3-sdk in the tick of any price', () => {
    const prices = fc
      .integer({ min: 32, max: 160 })
      .chain((bits) => fc.bigInt({ min: MIN_SQRT_PRICE_X96, max: (1n << BigInt(bits)) + MIN_SQRT_PRICE_X96 }))
      .filter((price) => price < MAX_SQRT_PRICE_X96);
    fc.assert(
      fc.property(prices, (price) => {
        expect(tickAtSqrtPrice(price)).toBe(v3Sdk.TickMath.getTickAtSqrtRatio(toJsbi(price)));
      }),
      { numRuns: 2000 },
    );
  });

  it('are where their tick begins: one unit less belongs to the tick below', () => {
    const inner = fc.integer({ min: MIN_TICK + 1, max: MAX_TICK - 1 });
    const check = (tick: number) => {
      const price = sqrtPriceAtTick(tick);
      expect([tickAtSqrtPrice(price), tickAtSqrtPrice(price - 1n)]).toEqual([tick, tick - 1]);
    };
    fc.assert(fc.property(inner, check), { numRuns: 2000 });
    // Where one unit of the integer price is largest in relation to it.
    for (let tick = MIN_TICK + 1; tick < MIN_TICK + 500; tick++) check(tick);
    for (let tick = MAX_TICK - 500; tick < MAX_TICK; tick++) check(tick);
  });

  it.each([MIN_TICK - 1, MAX_TICK + 1, 0.5, Number.NaN])('do not exist at tick %d', (tick) => {
    expect(() => sqrtPriceAtTick(tick)).toThrow(InvalidInputError);
  });

  it.each([MIN_SQRT_PRICE_X96 - 1n, MAX_SQRT_PRICE_X96])('there is no tick at price %d', (price) => {
    expect(() => tickAtSqrtPrice(price)).toThrow(InvalidInputError);
  });

  it('usable ticks are the multiples of the spacing inside the range', () => {
    expect([minUsableTick(60), maxUsableTick(60)]).toEqual([-887_220, 887_220]);
    expect([minUsableTick(1), maxUsableTick(1)]).toEqual([MIN_TICK, MAX_TICK]);
  });
});

describe('a constant product swap', () => {
  const amount = fc.bigInt({ min: 1n, max: 1n << 112n });

  it('never lets the product of the reserves fall, nor gives one unit less than it could', () => {
    fc.assert(
      fc.property(
        amount,
        amount,
        amount,
        fc.integer({ min: 0, max: 9999 }),
        (amountInRaw, reserveInRaw, reserveOutRaw, feeBps) => {
          const outRaw = constantProductOut({ amountInRaw, reserveInRaw, reserveOutRaw, feeBps });
          const grownIn = reserveInRaw * 10_000n + amountInRaw * BigInt(10_000 - feeBps);
          const product = reserveInRaw * reserveOutRaw * 10_000n;
          expect(grownIn * (reserveOutRaw - outRaw) >= product).toBe(true);
          expect(grownIn * (reserveOutRaw - outRaw - 1n) < product).toBe(true);
        },
      ),
    );
  });

  it('refuses what is no swap', () => {
    const good = { amountInRaw: 1n, reserveInRaw: 1n, reserveOutRaw: 1n, feeBps: 30 };
    expect(() => constantProductOut({ ...good, amountInRaw: 0n })).toThrow(/^amountInRaw is 0/);
    expect(() => constantProductOut({ ...good, reserveOutRaw: 0n })).toThrow(/^reserveOutRaw is 0/);
    expect(() => constantProductOut({ ...good, feeBps: 10_000 })).toThrow(/^feeBps is 10000/);
  });
});
