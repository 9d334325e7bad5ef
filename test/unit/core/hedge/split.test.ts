import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../../src/core/amm/pool.ts';
import { quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { poolBounds } from '../../../../src/core/hedge/poolBound.ts';
import { type Split, type SplitOrder, splitOrder } from '../../../../src/core/hedge/split.ts';
import type { Address } from '../../../../src/core/units.ts';
import { ladderPool } from '../../../support/pools.ts';
import { pairAt, poolAt, raw, usdc, weth } from '../../../support/snapshot.ts';

const base = weth.address;
const addresses = [1, 2, 3, 4, 5].map((n): Address => `0x${String(n).padStart(40, '0')}`);
/** Half of a price of 1 for a sale, its double for a purchase. */
const aroundOne = (side: 'sell' | 'buy') =>
  side === 'sell' ? { numerator: 1n, denominator: 2n } : { numerator: 2n, denominator: 1n };

/** A pool's answer for an amount of base, within the order's bound: null where it does not trade all of it. */
function answer(pool: Pool, order: SplitOrder, amountRaw: bigint): bigint | null {
  if (amountRaw === 0n) return 0n;
  const [bound] = poolBounds([pool], order.side, order.base, order.bound);
  if (bound === undefined) return null;
  const request = { zeroForOne: bound.zeroForOne, amountRaw, sqrtPriceLimitX96: bound.limitX96 };
  const quote = order.side === 'sell' ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
  if (!quote.filled) return null;
  return order.side === 'sell' ? quote.amountOutRaw : -quote.amountInRaw;
}

/** What a split is worth: quote received, or paid and negative, gas of further legs paid. */
const worth = (split: Split, order: SplitOrder): number =>
  Number(order.side === 'sell' ? split.quoteRaw : -split.quoteRaw) -
  (split.parts.length - 1) * (order.furtherLegQuoteRaw ?? 0);

function requireSound(split: Split, order: SplitOrder): void {
  expect(split.parts.reduce((sum, part) => sum + part.baseRaw, 0n)).toBe(split.baseRaw);
  expect(split.parts.reduce((sum, part) => sum + part.quoteRaw, 0n)).toBe(split.quoteRaw);
  expect(split.baseRaw <= order.baseRaw).toBe(true);
  for (const part of split.parts) {
    const quoted = answer(part.pool, order, part.baseRaw);
    expect(quoted).toBe(order.side === 'sell' ? part.quoteRaw : -part.quoteRaw);
  }
}

const sides = fc.constantFrom('sell' as const, 'buy' as const);
const legCounts = fc.constantFrom(1, 2, 3, 8);
const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 10_000 }).map((n) => min * (max / min) ** (n / 10_000));

/** A few markets for WETH in USDC: pools of one range each, and pairs, at prices and depths apart. */
const markets: fc.Arbitrary<readonly Pool[]> = fc
  .array(
    fc.record({
      isPair: fc.boolean(),
      offsetBps: fc.integer({ min: -40, max: 40 }),
      depthBase: between(5, 50_000),
      feePips: fc.constantFrom(100, 500, 3_000, 10_000),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((shapes) =>
    shapes.map(({ isPair, offsetBps, depthBase, feePips }, i) => {
      const price = 3_000 * (1 + offsetBps / 10_000);
      const address = addresses[i] as Address;
      return isPair ? pairAt(price, { depthBase, address }) : poolAt(price, { depthBase, feePips, address });
    }),
  );

describe('a split over pools', () => {
  it('adds up, keeps to the bound, and is never worse than the best single pool', () => {
    let several = 0;
    fc.assert(
      fc.property(markets, sides, between(0.001, 5_000), between(0.01, 100), (pools, side, amount, gas) => {
        const order: SplitOrder = {
          side,
          baseRaw: raw(amount, weth),
          base,
          bound: { numerator: side === 'sell' ? 29n * 10n ** 8n : 31n * 10n ** 8n, denominator: 10n ** 18n },
          furtherLegQuoteRaw: gas * 1e6,
        };
        const split = splitOrder(pools, order);
        const alone = pools.map((pool) => splitOrder([pool], order)).filter((one) => one !== null);
        if (split === null) {
          expect(alone).toEqual([]);
          return;
        }
        requireSound(split, order);
        if (split.parts.length > 1) several += 1;
        const worst = Number(order.bound.numerator) / Number(order.bound.denominator);
        const gained = (one: Split) =>
          worth(one, order) - (side === 'sell' ? 1 : -1) * worst * Number(one.baseRaw);
        for (const one of alone)
          expect(gained(split)).toBeGreaterThan(gained(one) - 1 - 1e-9 * Number(one.quoteRaw));
      }),
      { numRuns: 500 },
    );
    expect(several).toBeGreaterThan(100);
  });

  it('leaves out the pools that trying every set of them would, few enough for one order', () => {
    const terms = fc.record({ amount: between(0.001, 5_000), gas: between(0.01, 300), maxLegs: legCounts });
    fc.assert(
      fc.property(markets, sides, terms, (pools, side, { amount, gas, maxLegs }) => {
        const order: SplitOrder = {
          side,
          baseRaw: raw(amount, weth),
          base,
          bound: { numerator: side === 'sell' ? 29n * 10n ** 8n : 31n * 10n ** 8n, denominator: 10n ** 18n },
          furtherLegQuoteRaw: gas * 1e6,
          maxLegs,
        };
        const worst = Number(order.bound.numerator) / Number(order.bound.denominator);
        const gained = (one: Split | null) =>
          one === null
            ? Number.NEGATIVE_INFINITY
            : worth(one, order) - (side === 'sell' ? 1 : -1) * worst * Number(one.baseRaw);
        const free = { ...order, furtherLegQuoteRaw: 0, maxLegs: pools.length };
        let best = Number.NEGATIVE_INFINITY;
        for (let set = 1; set < 1 << pools.length; set++) {
          const some = pools.filter((_, pool) => ((set >> pool) & 1) === 1);
          if (some.length > maxLegs) continue;
          best = Math.max(best, gained(splitOrder(some, free)));
        }
        const rounding = 3 + 1e-9 * worst * Number(order.baseRaw);
        expect(gained(splitOrder(pools, order)) + rounding).toBeGreaterThanOrEqual(best);
      }),
      { numRuns: 150 },
    );
  });

  it('fills as much as the pools take together where that is less than the order', () => {
    const pools = [500, 300].map((depthBase, i) =>
      poolAt(3_000, { depthBase, address: addresses[i] as Address }),
    );
    const order: SplitOrder = {
      side: 'sell',
      baseRaw: raw(100, weth),
      base,
      bound: { numerator: 297n * 10n ** 7n, denominator: 10n ** 18n },
    };
    const split = splitOrder(pools, order);
    const each = pools.map((pool) => splitOrder([pool], order)?.baseRaw ?? 0n);
    expect(split?.baseRaw).toBe(each.reduce((sum, one) => sum + one, 0n));
    expect(split?.endsUnread).toBe(false);
  });

  it('has no leg that moves no base: an order with one reverts as a whole', () => {
    const quote = { ...usdc, decimals: 27 };
    const bitcoin = { ...weth, decimals: 8 };
    const at = (index: number, depthBase: number) =>
      poolAt(1, { base: bitcoin, quote, feePips: 100, address: addresses[index]!, depthBase });
    const order = { side: 'buy' as const, baseRaw: 5n * 10n ** 8n, base };
    const bound = { numerator: 101n * 10n ** 27n, denominator: 100n * 10n ** 8n };
    const split = splitOrder([at(0, 10), at(1, 1e-6), at(2, 0)], { ...order, bound });
    expect(split?.parts.map(({ pool }) => pool.address)).toContain(addresses[0]);
    for (const part of split?.parts ?? []) expect(part.baseRaw).toBeGreaterThan(0n);
  });

  it('does not trade beyond what is known of a pool, and says so', () => {
    const pool = poolAt(3_000, { depthBase: 500 });
    const narrow = { ...pool, ticks: [], knownTicks: { lower: pool.tick - 20, upper: pool.tick + 20 } };
    for (const side of ['sell', 'buy'] as const) {
      const numerator = side === 'sell' ? 28n * 10n ** 8n : 32n * 10n ** 8n;
      const order = { side, baseRaw: raw(100, weth), base, bound: { numerator, denominator: 10n ** 18n } };
      const alone = splitOrder([narrow], order);
      expect(alone?.endsUnread).toBe(true);
      expect(alone!.baseRaw < raw(1, weth)).toBe(true);
      const both = splitOrder([narrow, poolAt(3_000, { address: addresses[1] as Address })], order);
      expect(both?.baseRaw).toBe(order.baseRaw);
      expect(both!.parts.find((part) => part.pool === narrow)!.baseRaw <= alone!.baseRaw).toBe(true);
    }
  });

  it('leaves a pool out where its gas is more than it saves, and takes it in where it is less', () => {
    const pools = [0, 1].map((i) => poolAt(3_000, { depthBase: 10_000, address: addresses[i] as Address }));
    const order: SplitOrder = {
      side: 'sell',
      baseRaw: raw(100, weth),
      base,
      bound: { numerator: 29n * 10n ** 8n, denominator: 10n ** 18n },
    };
    const one = splitOrder(pools.slice(0, 1), order);
    const two = splitOrder(pools, order);
    const saved = Number(two!.quoteRaw - one!.quoteRaw);
    expect(splitOrder(pools, { ...order, furtherLegQuoteRaw: saved * 1.01 })?.parts).toHaveLength(1);
    expect(splitOrder(pools, { ...order, furtherLegQuoteRaw: saved * 0.99 })?.parts).toHaveLength(2);
  });

  it('uses no more legs than an order carries, and the best of them', () => {
    const pools = Array.from({ length: 12 }, (_, i) =>
      poolAt(3_000, { depthBase: 1_000 + 100 * i, address: `0x${String(i + 1).padStart(40, '0')}` }),
    );
    const order: SplitOrder = {
      side: 'sell',
      baseRaw: raw(50, weth),
      base,
      bound: { numerator: 29n * 10n ** 8n, denominator: 10n ** 18n },
    };
    const split = splitOrder(pools, order);
    expect(split?.parts).toHaveLength(8);
    const deepest = splitOrder(pools.slice(4), order);
    expect(split?.quoteRaw).toBe(deepest?.quoteRaw);
    expect(splitOrder(pools, { ...order, maxLegs: 1 })?.parts.map(({ pool }) => pool)).toEqual([pools[11]]);
  });

  it('keeps the pool that fills an order of one leg, not the one that is better for a part of it', () => {
    const deep = poolAt(2_990, { depthBase: 1_000_000, address: addresses[0]! });
    const shallow = poolAt(3_000, { depthBase: 10_000, address: addresses[1]! });
    const spacing = shallow.tickSpacing;
    const at = (spacings: number) => (Math.floor(shallow.tick / spacing) + spacings) * spacing;
    const narrow = {
      ...shallow,
      ticks: [
        { index: at(-2), liquidityNet: shallow.liquidity },
        { index: at(3), liquidityNet: -shallow.liquidity },
      ],
    };
    const order: SplitOrder = {
      side: 'sell',
      baseRaw: raw(100, weth),
      base,
      bound: { numerator: 28n * 10n ** 8n, denominator: 10n ** 18n },
      maxLegs: 1,
    };
    expect(splitOrder([narrow], order)!.baseRaw < order.baseRaw / 2n).toBe(true);
    const split = splitOrder([narrow, deep], order);
    expect(split?.parts.map(({ pool }) => pool)).toEqual([deep]);
    expect(split?.baseRaw).toBe(order.baseRaw);
  });

  it('is improved by no move between two pools', () => {
    const pools = [3_000, 500, 500, 10_000].map((feePips, i) => ({
      ...ladderPool(200, 60, feePips),
      address: addresses[i] as Address,
      liquidity: ladderPool(200).liquidity * BigInt(i + 1),
      ticks: ladderPool(200).ticks.map((tick) => ({
        ...tick,
        liquidityNet: tick.liquidityNet * BigInt(i + 1),
      })),
    }));
    for (const side of ['sell', 'buy'] as const) {
      const order: SplitOrder = {
        side,
        baseRaw: 150n * 10n ** 18n,
        base: pools[0]!.token0,
        bound: aroundOne(side),
      };
      const split = splitOrder(pools, order)!;
      requireSound(split, order);
      expect(split.baseRaw).toBe(order.baseRaw);
      expect(split.parts.length).toBeGreaterThan(2);
      for (let exponent = 0n; exponent <= 17n; exponent++) {
        const moved = 10n ** exponent;
        for (const from of split.parts) {
          for (const to of split.parts) {
            if (from === to || from.baseRaw < moved) continue;
            const [less, more] = [
              answer(from.pool, order, from.baseRaw - moved),
              answer(to.pool, order, to.baseRaw + moved),
            ];
            const before = from.quoteRaw + to.quoteRaw;
            const won = less! + more! - (side === 'sell' ? before : -before);
            // Below a microtoken prices are flat: all that such a move can win is a part of a unit in each leg.
            const most = moved < 10n ** 12n ? BigInt(split.parts.length) : 0n;
            expect(won, `${moved}`).toBeLessThanOrEqual(most);
          }
        }
      }
    }
  });
});

describe('against every split of whole units', () => {
  const smallPools = fc.array(
    fc.oneof(
      fc
        .record({
          reserve0Raw: fc.bigInt({ min: 30n, max: 3_000n }),
          share: fc.integer({ min: 50, max: 200 }),
        })
        .map(
          ({ reserve0Raw, share }): Pool => ({
            ...pairAt(3_000),
            token0: base,
            token1: usdc.address,
            reserve0Raw,
            reserve1Raw: (reserve0Raw * BigInt(share)) / 100n + 1n,
          }),
        ),
      fc
        .record({
          liquidity: fc.bigInt({ min: 30n, max: 30_000n }),
          feePips: fc.constantFrom(500, 3_000, 10_000),
        })
        .map(({ liquidity, feePips }): Pool => {
          const pool = ladderPool(3, 60, feePips);
          const ticks = pool.ticks.slice(0, 1).concat(pool.ticks.slice(-1));
          const nets = [liquidity, -liquidity];
          return {
            ...pool,
            token0: base,
            token1: usdc.address,
            liquidity,
            ticks: ticks.map(({ index }, i) => ({ index: index * 100, liquidityNet: nets[i]! })),
          };
        }),
    ),
    { minLength: 2, maxLength: 3 },
  );

  /** The best of all ways to share out `baseRaw` units, each leg's gas paid; null where none fills the order. */
  function bruteForce(pools: readonly Pool[], order: SplitOrder): number | null {
    const [first, ...rest] = pools;
    let best: number | null = null;
    const search = (left: readonly Pool[], units: bigint, sum: number, legs: number): void => {
      const [pool, ...others] = left;
      if (pool === undefined) {
        if (units > 0n || legs > (order.maxLegs ?? 8)) return;
        const net = sum - Math.max(legs - 1, 0) * (order.furtherLegQuoteRaw ?? 0);
        if (best === null || net > best) best = net;
        return;
      }
      for (let give = others.length === 0 ? units : 0n; give <= units; give++) {
        const got = answer(pool, order, give);
        if (got !== null) search(others, units - give, sum + Number(got), legs + (give > 0n ? 1 : 0));
      }
    };
    search([first!, ...rest], order.baseRaw, 0, 0);
    return best;
  }

  it.each([0, 3])('misses nothing where units are few; gas %d', (furtherLegQuoteRaw) => {
    const units = fc.bigInt({ min: 1n, max: 60n });
    let compared = 0;
    fc.assert(
      fc.property(smallPools, sides, units, legCounts, (pools, side, baseRaw, maxLegs) => {
        const order: SplitOrder = {
          side,
          baseRaw,
          base,
          bound:
            side === 'sell' ? { numerator: 1n, denominator: 100n } : { numerator: 100n, denominator: 1n },
          furtherLegQuoteRaw,
          maxLegs,
        };
        const best = bruteForce(pools, order);
        const split = splitOrder(pools, order);
        if (best === null || split === null || split.baseRaw !== baseRaw) return;
        compared += 1;
        requireSound(split, order);
        expect(worth(split, order)).toBeGreaterThanOrEqual(best);
      }),
      { numRuns: 250 },
    );
    expect(compared).toBeGreaterThan(100);
  });

  it('misses at most one unit per leg where units are more, whatever a unit of base is worth', () => {
    const depths = fc.bigInt({ min: 10n ** 4n, max: 10n ** 7n });
    const terms = fc.record({
      depths: fc.tuple(depths, depths),
      offsetBps: fc.integer({ min: -100, max: 100 }),
      price: fc.constantFrom(1n, 1_000n, 10n ** 9n),
      baseRaw: fc.bigInt({ min: 257n, max: 1_500n }),
      side: sides,
    });
    let compared = 0;
    fc.assert(
      fc.property(terms, ({ depths: [first, second], offsetBps, price, baseRaw, side }) => {
        const pair = (reserve0Raw: bigint, bps: number): Pool => ({
          ...pairAt(3_000),
          token0: base,
          token1: usdc.address,
          reserve0Raw,
          reserve1Raw: (reserve0Raw * price * BigInt(10_000 + bps)) / 10_000n,
        });
        const pools = [pair(first, 0), pair(second, offsetBps)];
        const bound =
          side === 'sell'
            ? { numerator: price, denominator: 100n }
            : { numerator: price * 100n, denominator: 1n };
        const order: SplitOrder = { side, baseRaw, base, bound };
        const split = splitOrder(pools, order);
        if (split?.baseRaw !== baseRaw) return;
        compared += 1;
        requireSound(split, order);
        expect(worth(split, order)).toBeGreaterThanOrEqual(bruteForce(pools, order)! - 2);
      }),
      { numRuns: 40 },
    );
    expect(compared).toBeGreaterThan(30);
  });
});
