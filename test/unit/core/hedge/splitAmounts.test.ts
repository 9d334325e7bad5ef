import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConcentratedPool, Pool } from '../../../../src/core/amm/pool.ts';
import { quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { type SplitOrder, splitOrder } from '../../../../src/core/hedge/split.ts';
import type { Address } from '../../../../src/core/units.ts';
import { type PoolShape, poolOfRanges } from '../../../support/pools.ts';

const base: Address = '0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa';
const quote: Address = '0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC';

function poolOf(shape: PoolShape, n: number): ConcentratedPool {
  const address: Address = `0x${String(n).padStart(40, '0')}`;
  return { ...poolOfRanges(shape), address, token0: base, token1: quote };
}

function pairOf(reserve0Raw: bigint, reserve1Raw: bigint): Pool {
  const [token0, token1] = [base, quote];
  const address: Address = `0x${'9'.repeat(40)}`;
  const terms = { address, token0, token1, feeBps: 30, reserve0Raw, reserve1Raw };
  return { kind: 'constantProduct', venue: 'uniswapV2', ...terms };
}

/** What every number of units up to the order's brings, or costs as a negative; nothing that is worse than the bound. */
function worths(pool: Pool, { side, baseRaw, bound }: SplitOrder): readonly number[] {
  return Array.from({ length: Number(baseRaw) + 1 }, (_, units) => {
    if (units === 0) return 0;
    const request = { zeroForOne: side === 'sell', amountRaw: BigInt(units) };
    const swap = side === 'sell' ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
    const quoteRaw = side === 'sell' ? swap.amountOutRaw : swap.amountInRaw;
    const over = quoteRaw * bound.denominator - BigInt(units) * bound.numerator;
    const isTooDear = side === 'sell' ? over < 0n : over > 0n;
    if (!swap.filled || isTooDear || quoteRaw === 0n) return Number.NEGATIVE_INFINITY;
    return side === 'sell' ? Number(quoteRaw) : -Number(quoteRaw);
  });
}

/** The best of all ways to share an order out between pools. */
function best(pools: readonly Pool[], order: SplitOrder): number {
  const asked = Number(order.baseRaw);
  let before = [0, ...Array<number>(asked).fill(Number.NEGATIVE_INFINITY)];
  for (const pool of pools) {
    const ofPool = worths(pool, order);
    before = before.map((_, total) => {
      let most = Number.NEGATIVE_INFINITY;
      for (let share = 0; share <= total; share++)
        most = Math.max(most, before[total - share]! + ofPool[share]!);
      return most;
    });
  }
  return before[asked]!;
}

describe('legs in whole units', () => {
  it('miss at most one unit each where fees are rounded to units too', () => {
    const shapes = fc.record({
      offset: fc.integer({ min: -150, max: 150 }),
      width: fc.integer({ min: 1, max: 60 }),
      liquidity: fc.bigInt({ min: 1_000n, max: 10n ** 8n }),
      feePips: fc.constantFrom(100, 500, 3_000, 10_000),
    });
    const terms = fc.record({
      shapes: fc.array(shapes, { minLength: 1, maxLength: 2 }),
      tick: fc.integer({ min: -6_000, max: 6_000 }),
      reserve: fc.bigInt({ min: 1_000n, max: 10n ** 6n }),
      baseRaw: fc.bigInt({ min: 257n, max: 700n }),
      side: fc.constantFrom('sell' as const, 'buy' as const),
    });
    let compared = 0;
    fc.assert(
      fc.property(terms, ({ shapes: some, tick, reserve, baseRaw, side }) => {
        const pools: Pool[] = some.map(({ offset, width, liquidity, feePips }, n) => {
          const middle = tick + offset;
          const ranges = [{ tickLower: middle - 20 * width, tickUpper: middle + 20 * width, liquidity }];
          return poolOf({ feePips, tickSpacing: 1, sqrtPriceX96: sqrtPriceAtTick(middle), ranges }, n);
        });
        const price = 1.0001 ** tick;
        pools.push(pairOf(reserve, BigInt(Math.ceil(Number(reserve) * price))));
        const numerator = BigInt(Math.round(price * (side === 'sell' ? 2 ** 38 : 2 ** 42)));
        const order: SplitOrder = { side, baseRaw, base, bound: { numerator, denominator: 1n << 40n } };
        const split = splitOrder(pools, order);
        if (split?.baseRaw !== baseRaw) return;
        compared += 1;
        const worth = Number(side === 'sell' ? split.quoteRaw : -split.quoteRaw);
        expect(worth).toBeGreaterThanOrEqual(best(pools, order) - Math.max(split.parts.length, 2));
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(30);
  });

  it('never trade worse than the bound as a whole, however few the units', () => {
    const ranges = [{ tickLower: 50_560, tickUpper: 50_880, liquidity: 651_542n }];
    const sqrtPriceX96 = 992_859_527_340_085_587_849_806_610_432n;
    const pool = poolOf({ feePips: 10_000, tickSpacing: 10, sqrtPriceX96, ranges }, 1);
    const at = (baseRaw: bigint) =>
      splitOrder([pool], { side: 'sell', baseRaw, base, bound: { numerator: 148n, denominator: 1n } });
    // Of two units the fee takes one, so that 157 come in for what is to bring 296.
    expect(quoteExactIn(pool, { zeroForOne: true, amountRaw: 2n }).amountOutRaw).toBe(157n);
    expect(at(2n)).toBeNull();
    const [most] = at(1_000n)!.parts;
    expect(most!.quoteRaw >= 148n * most!.baseRaw).toBe(true);
  });

  it('pay for what they bring, not for the dust on the way to the worst price', () => {
    const ranges = [
      { tickLower: 8_730, tickUpper: 9_310, liquidity: 7_621n },
      { tickLower: 8_840, tickUpper: 9_940, liquidity: 7n },
      { tickLower: 9_360, tickUpper: 9_440, liquidity: 22n },
    ];
    const sqrtPriceX96 = 125_355_418_116_190_626_999_980_523_520n;
    const pool = poolOf({ feePips: 500, tickSpacing: 10, sqrtPriceX96, ranges }, 1);
    const bound = { numerator: 49n, denominator: 10n };
    const split = splitOrder([pool], { side: 'buy', baseRaw: 764n, base, bound })!;
    const { baseRaw, quoteRaw } = split;
    const alone = quoteExactOut(pool, { zeroForOne: false, amountRaw: baseRaw });
    expect([baseRaw, quoteRaw]).toEqual([31n, alone.amountInRaw]);
  });
});
