import { describe, expect, it } from 'vitest';
import { uniswapV3PoolAbi } from '../../../../abis/uniswapV3Pool.ts';
import { uniswapVolatility } from '../../../../src/adapters/feeds/uniswapVolatility.ts';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';
import { contextAt } from '../../../support/readContext.ts';
import { usdc, weth } from '../../../support/snapshot.ts';
import { TableChain } from '../../../support/tableChain.ts';

const pool = `0x${'88'.repeat(20)}` as const;
const settings = {
  pool,
  windowSeconds: 6_600,
  intervalSeconds: 300,
  method: { kind: 'realized' as const },
  maxStillSeconds: 900,
};
const end = 1_770_000_000;
const nowSeconds = end + 37;

/** A pool that remembers these mean ticks, one for each interval up to `end`. */
function poolWith(meanTicks: readonly number[], cardinality = 100): TableChain {
  const ends = Array.from({ length: meanTicks.length + 1 }, (_, k) => end - (meanTicks.length - k) * 300);
  let cumulative = -123_456_789n;
  const cumulatives = [
    cumulative,
    ...meanTicks.map((tick) => {
      cumulative += BigInt(tick * 300);
      return cumulative;
    }),
  ];
  const chain = new TableChain()
    .set(uniswapV3PoolAbi, pool, 'token0', [], usdc.address)
    .set(uniswapV3PoolAbi, pool, 'token1', [], weth.address)
    .set(uniswapV3PoolAbi, pool, 'slot0', [], [1n << 96n, 0, 0, cardinality, cardinality, 0, true]);
  for (let at = 0; at < ends.length; at += 100) {
    const secondsAgos = ends.slice(at, at + 100).map((time) => nowSeconds - time);
    const part = cumulatives.slice(at, at + 100);
    chain.set(uniswapV3PoolAbi, pool, 'observe', [secondsAgos], [part, part.map(() => 0n)]);
  }
  return chain;
}

const context = contextAt({ timestampSeconds: nowSeconds });
const upAndDown = Array.from({ length: 22 }, (_, k) => 200_000 + (k % 2 === 0 ? 0 : 20));

describe('a pool’s memory as a volatility', () => {
  it('is the root of the mean squared move of mean ticks, put right for their being means', () => {
    const { value, rounds } = poolWith(upAndDown).run(uniswapVolatility.read(settings, context));
    // 21 moves of 20 ticks in 300 seconds each; mean prices have two thirds of the variance of prices.
    const move = 20 * Math.log(1.0001);
    const expected = Math.sqrt(move ** 2 * 1.5 * (SECONDS_PER_YEAR / 300));
    expect(rounds).toBe(1);
    expect(value.value).toMatchObject({ fault: null, observedAtSeconds: end, staleAfterSeconds: 1_200 });
    expect(value.value.volatility).toBeCloseTo(expected, 12);
    // As if returns were normal at the least: sqrt(2 x 9/8 / 21) / 2.
    expect(value.value.stdError).toBeCloseTo(expected * Math.sqrt((2 * 9) / 8 / 21) * 0.5, 12);
  });

  it('is the same for many intervals, which are asked for in several calls of one round', () => {
    const ticks = Array.from({ length: 250 }, (_, k) => 200_000 + (k % 2 === 0 ? 0 : 20));
    const run = poolWith(ticks).run(uniswapVolatility.read({ ...settings, windowSeconds: 75_000 }, context));
    expect(run).toMatchObject({ rounds: 1, calls: 6 });
    const few = poolWith(upAndDown).run(uniswapVolatility.read(settings, context));
    expect(run.value.value.volatility).toBeCloseTo(few.value.value.volatility, 9);
  });

  it('counts a short stand-still as no move, and the move after a long one not at all', () => {
    const volatilityOf = (ticks: readonly number[]) => {
      const { value } = poolWith(ticks).run(
        uniswapVolatility.read({ ...settings, windowSeconds: ticks.length * 300 }, context),
      );
      expect(value.value.fault).toBeNull();
      return value.value.volatility;
    };
    const moving = volatilityOf([...upAndDown, ...upAndDown]);
    // 44 means make 43 moves; two that stand still add two moves of nothing.
    const short = volatilityOf([...upAndDown, 200_020, 200_020, ...upAndDown]);
    expect(short / moving).toBeCloseTo(Math.sqrt(43 / 45), 9);
    // Five stand still: three are no moves, for fifteen minutes are allowed, then two points without a price. The jump
    // of 5,000 ticks out of the hole is left out with them, and so is the step from the first mean after it, which may
    // hold some of the old price: 41 moves of 44 returns are left.
    const long = volatilityOf([
      ...upAndDown,
      ...new Array(5).fill(200_020),
      ...upAndDown.map((tick) => tick + 5_000),
    ]);
    expect(long / moving).toBeCloseTo(Math.sqrt(41 / 44), 9);
  });

  it('is a fault where the pool does not remember the window', () => {
    const chain = poolWith(upAndDown, 1);
    const ends = Array.from({ length: 23 }, (_, k) => nowSeconds - end + (22 - k) * 300);
    chain.revert(uniswapV3PoolAbi, pool, 'observe', [ends], '0x08c379a0');
    const { value } = chain.run(uniswapVolatility.read(settings, context));
    expect(value.value).toMatchObject({ volatility: 0 });
    expect(value.value.fault).toMatch(/less than 6600 s \(it keeps 1 observations/);
  });

  it('is a fault where the pool never moved', () => {
    const chain = poolWith(new Array(22).fill(200_000));
    const { value } = chain.run(uniswapVolatility.read({ ...settings, maxStillSeconds: 86_400 }, context));
    expect(value.value.fault).toBe('the price did not move at all');
  });

  it('refuses a config that could not work', () => {
    const problem = (change: object) =>
      uniswapVolatility.config.safeParse({ ...settings, ...change }).success;
    expect(problem({})).toBe(true);
    expect(problem({ windowSeconds: 299 })).toBe(false);
    expect(problem({ windowSeconds: 300 * 2_001 })).toBe(false);
    expect(problem({ method: { kind: 'ewma' } })).toBe(false);
  });
});
