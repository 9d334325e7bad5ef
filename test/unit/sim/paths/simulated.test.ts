import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';
import { garchBootstrapPath } from '../../../../src/sim/paths/garchBootstrap.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { hestonPath } from '../../../../src/sim/paths/heston.ts';
import { mertonPath } from '../../../../src/sim/paths/merton.ts';
import type { PricePath } from '../../../../src/sim/paths/pricePath.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const hourly = (steps: number) => ({ startSeconds: 1_700_000_000, stepSeconds: 3_600, steps });
const years = (steps: number) => (steps * 3_600) / SECONDS_PER_YEAR;

const endReturns = (count: number, draw: (seed: number) => PricePath): number[] =>
  Array.from({ length: count }, (_, seed) => {
    const { price } = draw(seed);
    return Math.log(price.at(-1)! / price[0]!);
  });

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const varianceOf = (values: readonly number[]) => {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

/** Within four of its own standard errors. */
function expectMean(values: readonly number[], expected: number): void {
  const stdError = Math.sqrt(varianceOf(values) / values.length);
  expect(Math.abs(meanOf(values) - expected)).toBeLessThan(4 * stdError);
}

describe('geometric Brownian motion', () => {
  const terms = { startPrice: 3_000, drift: 0.3, volatility: 0.8 };

  it('starts at its price, steps evenly, and has no holes', () => {
    const path = gbmPath(hourly(5), terms, randomStream(1, 'price'));
    expect(path.price[0]).toBe(3_000);
    expect([...path.timestampSeconds]).toEqual([0, 1, 2, 3, 4, 5].map((i) => 1_700_000_000 + i * 3_600));
    expect([...path.afterGap]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has the mean and the variance of its law', () => {
    const returns = endReturns(4_000, (seed) => gbmPath(hourly(100), terms, randomStream(seed, 'price')));
    expectMean(returns, (0.3 - 0.32) * years(100));
    expect(varianceOf(returns) / (0.64 * years(100))).toBeCloseTo(1, 1);
    expectMean(returns.map(Math.exp), Math.exp(0.3 * years(100)));
  });

  it('stands still without volatility and drift', () => {
    const path = gbmPath(hourly(3), { startPrice: 5, drift: 0, volatility: 0 }, randomStream(1, 'price'));
    for (const price of path.price) expect(price).toBeCloseTo(5, 12);
  });

  it('refuses a price of nothing and a negative volatility', () => {
    const random = randomStream(1, 'price');
    expect(() => gbmPath(hourly(1), { ...terms, startPrice: 0 }, random)).toThrow(InvalidInputError);
    expect(() => gbmPath(hourly(1), { ...terms, volatility: -1 }, random)).toThrow('volatility');
  });
});

describe('jump diffusion', () => {
  const jumps = { intensity: 200, meanLogJump: -0.03, stdDevLogJump: 0.05 };
  const terms = { startPrice: 3_000, drift: 0.2, volatility: 0.5, jumps };

  it('keeps the mean of the price, whatever the jumps', () => {
    const returns = endReturns(4_000, (seed) => mertonPath(hourly(200), terms, randomStream(seed, 'price')));
    expectMean(returns.map(Math.exp), Math.exp(0.2 * years(200)));
  });

  it('has the variance of diffusion and jumps together, and falls more often far than it rises far', () => {
    const returns = endReturns(4_000, (seed) => mertonPath(hourly(200), terms, randomStream(seed, 'price')));
    const expected = (0.25 + 200 * (0.03 ** 2 + 0.05 ** 2)) * years(200);
    expect(varianceOf(returns) / expected).toBeCloseTo(1, 0.9);
    const mean = meanOf(returns);
    expect(meanOf(returns.map((value) => (value - mean) ** 3))).toBeLessThan(0);
  });

  it('is geometric Brownian motion without jumps', () => {
    const none = { intensity: 0, meanLogJump: 0, stdDevLogJump: 0 };
    const returns = endReturns(2_000, (seed) =>
      mertonPath(hourly(50), { ...terms, jumps: none }, randomStream(seed, 'price')),
    );
    expect(varianceOf(returns) / (0.25 * years(50))).toBeCloseTo(1, 0.9);
  });
});

describe('stochastic volatility', () => {
  const terms = {
    startPrice: 3_000,
    drift: 0,
    startVariance: 0.64,
    longVariance: 0.36,
    reversion: 20,
    volatilityOfVariance: 3,
    correlation: -0.7,
  };
  const draw = (steps: number, seed: number) =>
    hestonPath(hourly(steps), terms, randomStream(seed, 'heston'));

  it('never has a negative variance, though its volatility of variance reaches zero', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      expect(Math.min(...draw(2_000, seed).volatility)).toBeGreaterThanOrEqual(0);
    }
  });

  it('has the mean variance of its law on the way to the long level', () => {
    const ends = Array.from({ length: 3_000 }, (_, seed) => draw(240, seed).volatility.at(-1)! ** 2);
    expectMean(ends, 0.36 + 0.28 * Math.exp(-20 * years(240)));
  });

  it('is a martingale without drift, and falls when volatility rises', () => {
    const drawn = Array.from({ length: 3_000 }, (_, seed) => draw(240, seed));
    expectMean(
      drawn.map(({ path }) => path.price.at(-1)! / 3_000),
      1,
    );
    const moves = drawn.map(({ path, volatility }) => ({
      price: Math.log(path.price.at(-1)! / 3_000),
      volatility: volatility.at(-1)!,
    }));
    const average = meanOf(moves.map(({ volatility }) => volatility));
    expect(meanOf(moves.map((move) => move.price * (move.volatility - average)))).toBeLessThan(0);
  });

  it('is geometric Brownian motion where the variance does not move', () => {
    const calm = { ...terms, volatilityOfVariance: 0, startVariance: 0.36 };
    const returns = endReturns(
      3_000,
      (seed) => hestonPath(hourly(50), calm, randomStream(seed, 'heston')).path,
    );
    expect(varianceOf(returns) / (0.36 * years(50))).toBeCloseTo(1, 0.9);
  });
});

describe('filtered bootstrap', () => {
  const specification = {
    model: 'garch',
    parameters: { mu: 0, omega: 2e-6, alpha: 0.08, beta: 0.88, gamma: 0 },
  } as const;
  const random = randomStream(5, 'history');
  const returns = Array.from(
    { length: 2_000 },
    () => 0.007 * random.normal() - (random.uniform() < 0.01 ? 0.05 : 0),
  );

  const draw = (seed: number, steps: number) =>
    garchBootstrapPath(
      hourly(steps),
      { startPrice: 2_000, returns, specification },
      randomStream(seed, 'bootstrap'),
    );

  it('returns to the long variance of its model', () => {
    const perStep = 2e-6 / (1 - 0.96);
    const ends = Array.from({ length: 2_000 }, (_, seed) => draw(seed, 300).volatility.at(-1)! ** 2);
    expectMean(ends, (perStep * SECONDS_PER_YEAR) / 3_600);
  });

  it('keeps the skew of the recorded shocks', () => {
    const { price } = draw(1, 20_000).path;
    const moves = Array.from({ length: 20_000 }, (_, i) => Math.log(price[i + 1]! / price[i]!));
    const spread = Math.sqrt(varianceOf(moves));
    expect(meanOf(moves.map((move) => (move / spread) ** 3))).toBeLessThan(-0.5);
  });

  it('refuses a model without a level, and a history that is too short', () => {
    const explosive = { ...specification, parameters: { ...specification.parameters, beta: 0.95 } };
    const terms = { startPrice: 2_000, returns, specification };
    const bootstrap = (changed: object) => () =>
      garchBootstrapPath(hourly(10), { ...terms, ...changed }, randomStream(1, 'bootstrap'));
    expect(bootstrap({ specification: explosive })).toThrow('specification');
    expect(bootstrap({ returns: returns.slice(0, 50) })).toThrow('at least 100');
  });
});
