import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uniswapV3FactoryAbi } from '../../../../abis/uniswapV3Factory.ts';
import { uniswapV3PoolAbi as abi } from '../../../../abis/uniswapV3Pool.ts';
import {
  bitsOf,
  covers,
  knownTicks,
  ticksOfBits,
  widened,
  wordsAround,
  wordsIn,
} from '../../../../src/adapters/venues/internal/tickWords.ts';
import { uniswapV3 } from '../../../../src/adapters/venues/uniswapV3.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import type { Address } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { poolAddress, usdc, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';
import { tradable } from '../../../support/tradable.ts';

const spacing = 10;
const config = { pool: poolAddress, priceRange: 0.6 };

/** A pool of overlapping ranges, each with the given liquidity. */
function poolWith(
  ranges: readonly (readonly [lower: number, upper: number, liquidity: bigint])[],
  tick: number,
): TableChain {
  const nets = new Map<number, bigint>();
  for (const [lower, upper, liquidity] of ranges) {
    nets.set(lower, (nets.get(lower) ?? 0n) + liquidity);
    nets.set(upper, (nets.get(upper) ?? 0n) - liquidity);
  }
  const active = ranges.reduce(
    (sum, [lower, upper, liquidity]) => (lower <= tick && tick < upper ? sum + liquidity : sum),
    0n,
  );
  const chain = new TableChain()
    .set(abi, poolAddress, 'token0', [], usdc.address)
    .set(abi, poolAddress, 'token1', [], weth.address)
    .set(abi, poolAddress, 'fee', [], 500)
    .set(abi, poolAddress, 'tickSpacing', [], spacing)
    .set(abi, poolAddress, 'slot0', [], [sqrtPriceAtTick(tick), tick, 0, 1, 1, 0, true])
    .set(abi, poolAddress, 'liquidity', [], active);
  for (let word = -400; word <= 400; word++) {
    let bits = 0n;
    for (const index of nets.keys()) {
      const compressed = index / spacing;
      if (compressed >> 8 === word) bits |= 1n << BigInt(compressed & 255);
    }
    chain.set(abi, poolAddress, 'tickBitmap', [word], bits);
  }
  for (const [index, net] of nets) {
    chain.set(abi, poolAddress, 'ticks', [index], [net < 0n ? -net : net, net, 0n, 0n, 0n, 0n, 0, true]);
  }
  return chain;
}

const full = [-887_270, 887_270, 5n] as const;
const near = [199_000, 201_000, 7n] as const;

describe('reading a pool', () => {
  it('takes three rounds the first time and one afterwards, also after the memory went through JSON', () => {
    const chain = poolWith([full, near], 200_000);
    const first = chain.run(uniswapV3.read(config, contextAt()));
    expect(first.rounds).toBe(3);
    const memory = JSON.parse(JSON.stringify(first.value.memory));
    const second = chain.run(uniswapV3.read(config, contextAt({ memory })));
    expect(second.rounds).toBe(1);
    expect(second.value).toEqual(first.value);
    expect(first.value.value).toMatchObject({
      venue: 'uniswapV3',
      token0: usdc.address.toLowerCase(),
      token1: weth.address.toLowerCase(),
      feePips: 500,
      tickSpacing: 10,
      tick: 200_000,
      liquidity: 12n,
      ticks: [
        { index: 199_000, liquidityNet: 7n },
        { index: 201_000, liquidityNet: -7n },
      ],
    });
  });

  it('notices a new tick in a second round, and a tick that went in the first', () => {
    const { memory } = poolWith([full, near], 200_000).run(uniswapV3.read(config, contextAt())).value;
    const more = poolWith([full, near, [199_500, 201_000, 2n]], 200_000).run(
      uniswapV3.read(config, contextAt({ memory })),
    );
    expect(more.rounds).toBe(2);
    expect(tradable(more.value.value).ticks.map(({ index }) => index)).toEqual([199_000, 199_500, 201_000]);
    const fewer = poolWith([full], 200_000);
    for (const index of [199_000, 201_000])
      fewer.set(abi, poolAddress, 'ticks', [index], [0n, 0n, 0n, 0n, 0n, 0n, 0, false]);
    const gone = fewer.run(uniswapV3.read(config, contextAt({ memory })));
    expect(gone.rounds).toBe(1);
    expect(tradable(gone.value.value).ticks).toEqual([]);
  });

  it('follows a price that leaves the known words', () => {
    const { memory } = poolWith([full, near], 200_000).run(uniswapV3.read(config, contextAt())).value;
    const { value } = poolWith([full, near], 220_000).run(uniswapV3.read(config, contextAt({ memory })));
    const { knownTicks, liquidity } = tradable(value.value);
    expect(knownTicks.lower).toBeLessThan(220_000 - 9_163);
    expect(knownTicks.upper).toBeGreaterThan(220_000 + 9_163);
    expect(liquidity).toBe(5n);
  });

  it('is empty where nobody has initialised it, and read again when somebody has', () => {
    const chain = poolWith([full], 200_000).set(abi, poolAddress, 'slot0', [], [0n, 0, 0, 0, 0, 0, false]);
    const { value } = chain.run(uniswapV3.read(config, contextAt()));
    expect(value.value).toMatchObject({ kind: 'empty', venue: 'uniswapV3', address: poolAddress });
    const later = poolWith([full], 200_000).run(uniswapV3.read(config, contextAt({ memory: value.memory })));
    expect(tradable(later.value.value).liquidity).toBe(5n);
  });

  it('refuses a pool of another pair', () => {
    const others: readonly (readonly ['token0' | 'token1', Address])[] = [
      ['token1', poolAddress],
      ['token0', poolAddress],
      ['token1', usdc.address],
      ['token0', weth.address],
    ];
    for (const [token, address] of others) {
      const chain = poolWith([full], 200_000).set(abi, poolAddress, token, [], address);
      expect(() => chain.run(uniswapV3.read(config, contextAt()))).toThrow(
        expect.objectContaining({ code: 'POOL_MISMATCH' }),
      );
    }
  });

  it('refuses a pool that is not the factory’s where one is named', () => {
    const factory: Address = `0x${'fa'.repeat(20)}`;
    const from = (deployed: Address) =>
      poolWith([full], 200_000).set(
        uniswapV3FactoryAbi,
        factory,
        'getPool',
        [usdc.address, weth.address, 500],
        deployed,
      );
    const read = () => uniswapV3.read({ ...config, factory }, contextAt());
    expect(from(poolAddress).run(read()).value.value.address).toBe(poolAddress);
    expect(() => from(weth.address).run(read())).toThrow(expect.objectContaining({ code: 'POOL_MISMATCH' }));
  });

  it.each<[string, (chain: TableChain) => TableChain]>([
    ['no price', (chain) => chain.set(abi, poolAddress, 'slot0', [], [0n, 0, 0, 0, 0, 0, true])],
    [
      'a lock',
      (chain) =>
        chain.set(abi, poolAddress, 'slot0', [], [sqrtPriceAtTick(200_000), 200_000, 0, 0, 0, 0, false]),
    ],
    [
      'a price that is not its tick’s',
      (chain) =>
        chain.set(abi, poolAddress, 'slot0', [], [sqrtPriceAtTick(200_000), 199_000, 0, 0, 0, 0, true]),
    ],
    [
      'a tick that its bit denies',
      (chain) => chain.set(abi, poolAddress, 'ticks', [199_000], [0n, 0n, 0n, 0n, 0n, 0n, 0, false]),
    ],
  ])('is corrupt data with %s', (_, spoil) => {
    const chain = spoil(poolWith([full, near], 200_000));
    expect(() => chain.run(uniswapV3.read(config, contextAt()))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_DATA' }),
    );
  });
});

describe('tick words', () => {
  const anyTick = fc.integer({ min: -887_272, max: 887_271 });
  const anySpacing = fc.constantFrom(1, 10, 60, 200);

  it('cover the price range both ways, and stay covered within the margin', () => {
    fc.assert(
      fc.property(
        anyTick,
        anySpacing,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (tick, tickSpacing, range) => {
          const window = wordsAround(tick, tickSpacing, range);
          const { lower, upper } = knownTicks(window, tickSpacing);
          const reach = Math.log(1 - range) / Math.log(1.0001);
          expect(lower).toBeLessThanOrEqual(Math.max(tick + reach, -887_272));
          expect(upper).toBeGreaterThanOrEqual(Math.min(tick - reach, 887_272) - tickSpacing);
          expect(covers(widened(window), window)).toBe(true);
          expect(covers(window, widened(window))).toBe(false);
        },
      ),
    );
  });

  it('tell each initialised tick once, inside the known ticks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.bigInt(0n, (1n << 256n) - 1n),
        anySpacing,
        (position, word, tickSpacing) => {
          const ticks = ticksOfBits(position, bitsOf(word), tickSpacing);
          const { lower, upper } = knownTicks({ lowest: position, highest: position }, tickSpacing);
          let again = 0n;
          for (const tick of ticks) {
            again |= 1n << BigInt(tick / tickSpacing - position * 256);
            expect(tick >= lower && tick <= upper).toBe(Math.abs(tick) <= 887_272);
          }
          expect(again).toBe(word);
        },
      ),
    );
    expect(wordsIn({ lowest: -1, highest: 2 })).toEqual([-1, 0, 1, 2]);
  });
});
