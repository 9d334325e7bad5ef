import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pool } from '../../../../src/core/amm/pool.ts';
import { swapFeePips } from '../../../../src/core/amm/poolTerms.ts';
import { poolAfter, quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import {
  isTowardsQuote,
  poolsOfWay,
  type TwoHop,
  type Way,
  waysOf,
} from '../../../../src/core/amm/twoHop.ts';
import type { Side } from '../../../../src/core/decision.ts';
import { costCurve } from '../../../../src/core/hedge/costCurve.ts';
import { depthTable } from '../../../../src/core/hedge/depthTable.ts';
import { route } from '../../../../src/core/hedge/route.ts';
import { type Split, type SplitOrder, type SplitPart, splitOrder } from '../../../../src/core/hedge/split.ts';
import { swapsIn } from '../../../../src/core/hedge/splitTerms.ts';
import type { Address, Token } from '../../../../src/core/units.ts';
import { pairAt, poolAt, raw, usdc, weth } from '../../../support/snapshot.ts';

const usdt: Token = { address: '0xdAC17F958D2ee523a2206206994597C13D831ec7', symbol: 'USDT', decimals: 6 };
const base = weth.address;
const tokens = { base, quote: usdc.address, bridges: [usdt.address] };
const addressAt = (n: number): Address => `0x${String(n).padStart(40, '0')}`;
const sides = fc.constantFrom('sell' as const, 'buy' as const);
const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 10_000 }).map((n) => min * (max / min) ** (n / 10_000));

/** A pair of any two tokens, at a price of the first in the second, raw. */
function pairOf(
  address: Address,
  [one, other]: readonly [Token, Token],
  reserves: readonly [bigint, bigint],
): Pool {
  const isFirst = one.address.toLowerCase() < other.address.toLowerCase();
  return {
    ...pairAt(1),
    address,
    token0: isFirst ? one.address : other.address,
    token1: isFirst ? other.address : one.address,
    reserve0Raw: isFirst ? reserves[0] : reserves[1],
    reserve1Raw: isFirst ? reserves[1] : reserves[0],
  };
}

interface Terms {
  readonly isPair: boolean;
  readonly offsetBps: number;
  readonly depth: number;
  readonly feePips: number;
}

const terms = fc.record({
  isPair: fc.boolean(),
  offsetBps: fc.integer({ min: -30, max: 30 }),
  depth: between(20, 50_000),
  feePips: fc.constantFrom(100, 500, 3_000),
});

/** A pool of `one` against `other`; its depth in WETH at 3,000, whatever the tokens. */
function poolOf(
  address: Address,
  one: Token,
  other: Token,
  { isPair, offsetBps, depth, feePips }: Terms,
): Pool {
  const price = (one === weth ? 3_000 : 1) * (1 + offsetBps / 10_000);
  const depthBase = Math.round(one === weth ? depth : depth * 3_000);
  if (!isPair) return poolAt(price, { base: one, quote: other, feePips, address, depthBase });
  return pairOf(address, [one, other], [raw(depthBase, one), raw(depthBase * price, other)]);
}

/** Markets of WETH in USDC, some pools direct, some over USDT. */
const markets: fc.Arbitrary<readonly Pool[]> = fc
  .record({
    direct: fc.array(terms, { maxLength: 2 }),
    near: fc.array(terms, { minLength: 1, maxLength: 2 }),
    far: fc.array(terms, { minLength: 1, maxLength: 2 }),
  })
  .map(({ direct, near, far }) => [
    ...direct.map((one, n) => poolOf(addressAt(n + 1), weth, usdc, one)),
    ...near.map((one, n) => poolOf(addressAt(n + 11), weth, usdt, one)),
    ...far.map((one, n) => poolOf(addressAt(n + 21), usdt, usdc, one)),
  ]);

const boundAt = (side: Side) => ({
  numerator: side === 'sell' ? 29n * 10n ** 8n : 31n * 10n ** 8n,
  denominator: 10n ** 18n,
});

/** Swaps base on one pool after the other, without any limit: null where they do not take all of it. */
function overPools(pools: readonly Pool[], side: Side, baseRaw: bigint): bigint | null {
  let amountRaw = baseRaw;
  for (const pool of pools) {
    const zeroForOne = isTowardsQuote(pool, { base: weth, quote: usdc }) === (side === 'sell');
    if (amountRaw === 0n) return null;
    const quote =
      side === 'sell'
        ? quoteExactIn(pool, { zeroForOne, amountRaw })
        : quoteExactOut(pool, { zeroForOne, amountRaw });
    if (!quote.filled) return null;
    amountRaw = side === 'sell' ? quote.amountOutRaw : quote.amountInRaw;
  }
  return amountRaw;
}

/** What the last unit of a part trades at, fees included, quote raw per base raw. */
function lastPrice({ pool, quote, via }: SplitPart, side: Side): number {
  const swaps = [{ pool, quote }, ...(via === undefined ? [] : [via])];
  return swaps.reduce((price, swap) => {
    const square = (Number(swap.quote.sqrtPriceAfterX96) / 2 ** 96) ** 2;
    const kept = 1 - swapFeePips(swap.pool, swap.quote.zeroForOne) / 1e6;
    const own = isTowardsQuote(swap.pool, { base: weth, quote: usdc }) ? square : 1 / square;
    return price * (side === 'sell' ? own * kept : own / kept);
  }, 1);
}

const priceOf = ({ numerator, denominator }: SplitOrder['bound']) => Number(numerator) / Number(denominator);
const isTwoHop = (way: Way): way is TwoHop => way.kind === 'twoHop';

/** What an order is worth over trading it at its worst price, gas of all swaps but one paid. */
function gained(split: Split | null, { side, bound, furtherLegQuoteRaw = 0 }: SplitOrder): number {
  if (split === null) return Number.NEGATIVE_INFINITY;
  const sign = side === 'sell' ? 1 : -1;
  const over = sign * (Number(split.quoteRaw) - priceOf(bound) * Number(split.baseRaw));
  return over - (swapsIn(split.parts) - 1) * furtherLegQuoteRaw;
}

function requireSound(split: Split, order: SplitOrder): void {
  const { side, baseRaw, bound } = order;
  expect(split.parts.reduce((sum, part) => sum + part.baseRaw, 0n)).toBe(split.baseRaw);
  expect(split.parts.reduce((sum, part) => sum + part.quoteRaw, 0n)).toBe(split.quoteRaw);
  expect(split.baseRaw <= baseRaw).toBe(true);
  const used = split.parts.flatMap(({ way }) => poolsOfWay(way));
  expect(new Set(used).size).toBe(used.length);
  for (const part of split.parts) {
    expect(overPools(poolsOfWay(part.way), side, part.baseRaw)).toBe(part.quoteRaw);
    const worst = priceOf(bound) * (side === 'sell' ? 1 - 1e-9 : 1 + 1e-9);
    expect(side === 'sell' ? lastPrice(part, side) >= worst : lastPrice(part, side) <= worst).toBe(true);
  }
}

describe('an order over two hops', () => {
  it('adds up, keeps to the bound, uses no pool twice, and each leg is what its pools say one after the other', () => {
    let hops = 0;
    let full = 0;
    fc.assert(
      fc.property(
        markets,
        sides,
        between(0.001, 20_000),
        fc.constantFrom(0, 3, 100),
        (pools, side, amount, gas) => {
          const ways = waysOf(pools, tokens);
          const baseRaw = raw(amount, weth);
          const order: SplitOrder = {
            side,
            baseRaw,
            base,
            bound: boundAt(side),
            furtherLegQuoteRaw: gas * 1e6,
          };
          const split = splitOrder(ways, order);
          const alone = ways.map((way) => splitOrder([way], order));
          if (split === null) {
            expect(alone.every((one) => one === null)).toBe(true);
            return;
          }
          requireSound(split, order);
          if (split.parts.some(({ way }) => isTwoHop(way))) hops += 1;
          if (split.baseRaw === baseRaw) full += 1;
          for (const one of alone) {
            expect(gained(split, order)).toBeGreaterThan(
              gained(one, order) - 2 - 1e-9 * Number(split.quoteRaw),
            );
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(hops).toBeGreaterThan(150);
    expect(full).toBeGreaterThan(100);
    expect(full).toBeLessThan(390);
  });

  it('is the best of all sets of ways that share no pool, gas of every swap paid', () => {
    fc.assert(
      fc.property(markets, sides, between(0.01, 5_000), between(0.01, 100), (pools, side, amount, gas) => {
        const ways = waysOf(pools, tokens);
        const baseRaw = raw(amount, weth);
        const order: SplitOrder = {
          side,
          baseRaw,
          base,
          bound: boundAt(side),
          furtherLegQuoteRaw: gas * 1e6,
        };
        let best = Number.NEGATIVE_INFINITY;
        for (let set = 1; set < 1 << ways.length; set++) {
          const some = ways.filter((_, way) => ((set >> way) & 1) === 1);
          const used = some.flatMap(poolsOfWay);
          if (new Set(used).size < used.length) continue;
          const split = splitOrder(some, { ...order, furtherLegQuoteRaw: 0 });
          best = Math.max(best, gained(split, order));
        }
        const rounding = 6 + 1e-9 * priceOf(order.bound) * Number(baseRaw);
        expect(gained(splitOrder(ways, order), order) + rounding).toBeGreaterThanOrEqual(best);
      }),
      { numRuns: 100 },
    );
  });

  it('is improved by no move between two of its ways', () => {
    let moves = 0;
    fc.assert(
      fc.property(markets, sides, between(1, 2_000), (pools, side, amount) => {
        const baseRaw = raw(amount, weth);
        const split = splitOrder(waysOf(pools, tokens), { side, baseRaw, base, bound: boundAt(side) });
        if (split === null || split.baseRaw < baseRaw) return;
        for (const from of split.parts) {
          for (const to of split.parts) {
            for (const movedRaw of [10n ** 12n, 10n ** 15n, from.baseRaw / 100n]) {
              if (from === to || from.baseRaw <= movedRaw) continue;
              moves += 1;
              const [less, more] = [
                overPools(poolsOfWay(from.way), side, from.baseRaw - movedRaw),
                overPools(poolsOfWay(to.way), side, to.baseRaw + movedRaw),
              ];
              if (less === null || more === null) continue;
              const change = less + more - from.quoteRaw - to.quoteRaw;
              expect(side === 'sell' ? change : -change).toBeLessThanOrEqual(swapsIn([from, to]));
            }
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(moves).toBeGreaterThan(100);
  });

  it('goes over the bridge where that saves more than the gas of its second swap, and not otherwise', () => {
    const direct = poolAt(3_000, { depthBase: 1_000, address: addressAt(1) });
    const near = poolAt(3_000, { quote: usdt, depthBase: 50_000, address: addressAt(2) });
    const far = poolAt(1, { base: usdt, quote: usdc, feePips: 100, depthBase: 1e8, address: addressAt(3) });
    const ways = waysOf([direct, near, far], tokens);
    const order: SplitOrder = { side: 'sell', baseRaw: raw(5, weth), base, bound: boundAt('sell') };
    const [alone, over] = [splitOrder([direct], order)!, splitOrder(ways, order)!];
    expect(over.parts).toHaveLength(2);
    const saved = Number(over.quoteRaw - alone.quoteRaw);
    const through = splitOrder(ways.filter(isTwoHop), order)!;
    const savedThrough = Number(through.quoteRaw - alone.quoteRaw);
    const with2 = splitOrder(ways, { ...order, furtherLegQuoteRaw: saved * 0.2 })!;
    expect(with2.parts.some(({ way }) => isTwoHop(way))).toBe(true);
    const without = splitOrder(ways, {
      ...order,
      furtherLegQuoteRaw: Math.max(saved / 2, savedThrough) * 1.01,
    })!;
    expect(without.parts.map(({ way }) => way)).toEqual([direct]);
  });

  it('gives a far pool that two near pools lead to to the pairing that brings most', () => {
    const near = [2_000, 4_000].map((depthBase, n) =>
      poolAt(3_000, { quote: usdt, depthBase, address: addressAt(n + 1) }),
    );
    const far = poolAt(1, { base: usdt, quote: usdc, feePips: 100, depthBase: 3e6, address: addressAt(9) });
    const ways = waysOf([...near, far], tokens);
    expect(ways).toHaveLength(2);
    for (const side of ['sell', 'buy'] as const) {
      const order: SplitOrder = { side, baseRaw: raw(20, weth), base, bound: boundAt(side) };
      const split = splitOrder(ways, order)!;
      expect(split.parts.map(({ way }) => way)).toEqual([ways[1]]);
      expect(split.quoteRaw).toBe(splitOrder([ways[1]!], order)!.quoteRaw);
    }
  });

  it('pairs two near with two far pools so that both are used', () => {
    const near = [2_000, 2_000].map((depthBase, n) =>
      poolAt(3_000, { quote: usdt, depthBase, address: addressAt(n + 1) }),
    );
    const far = [3e6, 9e6].map((depthBase, n) =>
      poolAt(1, { base: usdt, quote: usdc, feePips: 100, depthBase, address: addressAt(n + 11) }),
    );
    const ways = waysOf([...near, ...far], tokens);
    expect(ways).toHaveLength(4);
    const order: SplitOrder = { side: 'sell', baseRaw: raw(100, weth), base, bound: boundAt('sell') };
    const split = splitOrder(ways, order)!;
    requireSound(split, order);
    expect(split.parts).toHaveLength(2);
  });

  it('counts two hops as two of the swaps that an order carries', () => {
    const near = [1, 2, 3, 4, 5].map((n) =>
      poolAt(3_000, { quote: usdt, depthBase: 1_000, address: addressAt(n) }),
    );
    const far = [1, 2, 3, 4, 5].map((n) =>
      poolAt(1, { base: usdt, quote: usdc, feePips: 100, depthBase: 3e6, address: addressAt(n + 10) }),
    );
    const order: SplitOrder = { side: 'sell', baseRaw: raw(100, weth), base, bound: boundAt('sell') };
    const split = splitOrder(waysOf([...near, ...far], tokens), order)!;
    expect(split.parts).toHaveLength(4);
    expect(swapsIn(split.parts)).toBe(8);
  });
});

describe('legs over two hops', () => {
  it('stop short of where both together would be past the bound, and leave the far swap room', () => {
    fc.assert(
      fc.property(terms, terms, sides, between(0.01, 500), (nearTerms, farTerms, side, amount) => {
        const pools = [
          poolOf(addressAt(1), weth, usdt, nearTerms),
          poolOf(addressAt(2), usdt, usdc, farTerms),
        ];
        const ways = waysOf(pools, tokens);
        const request = {
          side,
          baseRaw: raw(amount, weth),
          base,
          bound: boundAt(side),
          pools: ways,
          toleranceBps: 20,
        };
        const split = splitOrder(ways, request);
        const found = route(request);
        if (split === null || found === null) return;
        const [part] = split.parts as [SplitPart];
        const [{ sqrtPriceLimitX96, via }] = found.legs as [(typeof found.legs)[number]];
        const [nearEnd, farEnd] = [part.quote.sqrtPriceAfterX96, part.via!.quote.sqrtPriceAfterX96];
        const beyond = (zeroForOne: boolean, limit: bigint, end: bigint) =>
          zeroForOne ? limit <= end : limit >= end;
        expect(via).toMatchObject({ token: usdt.address, pool: addressAt(2) });
        expect(beyond(part.quote.zeroForOne, sqrtPriceLimitX96, nearEnd)).toBe(true);
        expect(beyond(part.via!.quote.zeroForOne, via!.sqrtPriceLimitX96, farEnd)).toBe(true);
        const limited: SplitPart = {
          ...part,
          quote: { ...part.quote, sqrtPriceAfterX96: sqrtPriceLimitX96 },
        };
        const worst = priceOf(request.bound) * (side === 'sell' ? 1 - 1e-9 : 1 + 1e-9);
        expect(side === 'sell' ? lastPrice(limited, side) >= worst : lastPrice(limited, side) <= worst).toBe(
          true,
        );
        expect(found.moves.map(({ pool }) => pool)).toEqual([addressAt(1), addressAt(2)]);
        const after = [poolAfter(pools[0]!, part.quote), poolAfter(pools[1]!, part.via!.quote)];
        expect(after).not.toEqual(pools);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what two hops cost', () => {
  const pools = [
    poolAt(3_000, { depthBase: 2_000, address: addressAt(1) }),
    poolAt(3_001, { quote: usdt, depthBase: 9_000, address: addressAt(2) }),
    pairOf(addressAt(3), [usdt, usdc], [raw(3e7, usdt), raw(3e7, usdc)]),
  ];
  const ways = waysOf(pools, tokens);

  it('is in the cost curve what the exact split costs', () => {
    fc.assert(
      fc.property(sides, between(0.01, 400), fc.constantFrom(0, 2, 50), (side, size, furtherLegQuote) => {
        const bound = {
          numerator: side === 'sell' ? 20n * 10n ** 8n : 45n * 10n ** 8n,
          denominator: 10n ** 18n,
        };
        const baseRaw = raw(size, weth);
        const split = splitOrder(ways, {
          side,
          baseRaw,
          base,
          bound,
          furtherLegQuoteRaw: furtherLegQuote * 1e6,
        })!;
        const whole = Number(baseRaw) / 1e18;
        const curve = costCurve({
          pools: ways,
          side,
          base: weth,
          quote: usdc,
          fairPrice: 3_000,
          bound,
          furtherLegQuote,
        });
        const off = (side === 'sell' ? 1 : -1) * (whole * 3_000 - Number(split.quoteRaw) / 1e6);
        expect(curve.cost(whole)).toBeCloseTo(off + (swapsIn(split.parts) - 1) * furtherLegQuote, 4);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['sell', 'buy'] as const)('is a row of the depth table of its own to %s', (side) => {
    const sizesRaw = [raw(1, weth), raw(200, weth)];
    const table = depthTable({
      pools: ways,
      base: weth,
      quote: usdc,
      side,
      sizesRaw,
      fairPrice: 3_000,
      gas: null,
    });
    const row = table.pools[1]!;
    expect(row.pool).toEqual({ kind: 'twoHop', near: pools[1], far: pools[2], bridge: usdt.address });
    expect(row.middlePrice).toBeCloseTo(3_001, 3);
    row.fills.forEach((fill, at) => {
      const quoteRaw = overPools([pools[1]!, pools[2]!], side, sizesRaw[at]!);
      expect(fill.filled && fill.quoteRaw).toBe(quoteRaw);
    });
    expect(table.best[1]!.parts.map(({ way }) => way)).toContain(ways[1]);
    expect(table.best[1]!.savedBps).toBeGreaterThan(0);
  });
});

describe('against every split of whole units', () => {
  const reserves = fc.record({
    depthRaw: fc.bigInt({ min: 2_000n, max: 200_000n }),
    share: fc.integer({ min: 70, max: 140 }),
  });

  function bruteForce(ways: readonly Way[], order: SplitOrder): number | null {
    let best: number | null = null;
    const sign = order.side === 'sell' ? 1 : -1;
    const search = (at: number, units: bigint, worth: number, swaps: number, used: readonly Pool[]): void => {
      if (units === 0n) {
        const net = worth - Math.max(swaps - 1, 0) * (order.furtherLegQuoteRaw ?? 0);
        if (best === null || net > best) best = net;
      }
      const way = ways[at];
      if (way === undefined || units === 0n) return;
      search(at + 1, units, worth, swaps, used);
      const own = poolsOfWay(way);
      if (own.some((pool) => used.includes(pool))) return;
      // The last way takes all that is left.
      for (let give = at === ways.length - 1 ? units : 1n; give <= units; give++) {
        const got = overPools(own, order.side, give);
        if (got === null) continue;
        search(at + 1, units - give, worth + sign * Number(got), swaps + own.length, [...used, ...own]);
      }
    };
    search(0, order.baseRaw, 0, 0, []);
    return best;
  }

  it.each([
    { gas: 0, units: [1, 40], numRuns: 150 },
    { gas: 3, units: [1, 40], numRuns: 150 },
    { gas: 0, units: [300, 1_200], numRuns: 40 },
    { gas: 3, units: [300, 1_200], numRuns: 40 },
  ] as const)(
    'misses at most one unit per swap: gas $gas, $units units',
    ({ gas, units: [min, max], numRuns }) => {
      let compared = 0;
      const shallow = fc.record({ direct: reserves, near: reserves, far: reserves });
      fc.assert(
        fc.property(
          shallow,
          sides,
          fc.bigInt({ min: BigInt(min), max: BigInt(max) }),
          ({ direct, near, far }, side, baseRaw) => {
            const pairWith = (
              n: number,
              pair: readonly [Token, Token],
              { depthRaw, share }: typeof near,
            ): Pool => pairOf(addressAt(n), pair, [depthRaw, (depthRaw * BigInt(share)) / 100n]);
            const pools = [
              pairWith(1, [weth, usdc], direct),
              pairWith(2, [weth, usdt], near),
              pairWith(3, [usdt, usdc], far),
            ];
            const ways = waysOf(pools, tokens);
            const bound =
              side === 'sell' ? { numerator: 1n, denominator: 100n } : { numerator: 100n, denominator: 1n };
            const order: SplitOrder = { side, baseRaw, base, bound, furtherLegQuoteRaw: gas };
            const split = splitOrder(ways, order);
            const best = bruteForce(ways, order);
            if (best === null || split?.baseRaw !== baseRaw) return;
            compared += 1;
            requireSound(split, order);
            const worth =
              (side === 'sell' ? 1 : -1) * Number(split.quoteRaw) - (swapsIn(split.parts) - 1) * gas;
            expect(worth).toBeGreaterThanOrEqual(best - swapsIn(split.parts));
          },
        ),
        { numRuns },
      );
      expect(compared).toBeGreaterThan(numRuns / 2);
    },
  );
});
