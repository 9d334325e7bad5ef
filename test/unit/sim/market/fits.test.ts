import { describe, expect, it } from 'vitest';
import { fitInclusion } from '../../../../src/sim/market/fitInclusion.ts';
import { fitLiquidity } from '../../../../src/sim/market/fitLiquidity.ts';
import { inclusionAlong } from '../../../../src/sim/market/inclusion.ts';
import { depthAlong } from '../../../../src/sim/market/liquidity.ts';
import { NOT_INCLUDED } from '../../../../src/sim/market/marketPath.ts';
import { typicalVolatility, volatilitiesAlong } from '../../../../src/sim/market/volatility.ts';
import { mertonPath } from '../../../../src/sim/paths/merton.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const path = mertonPath(
  { startSeconds: 1_700_000_000, stepSeconds: 60, steps: 5_760 },
  {
    startPrice: 2_000,
    drift: 0,
    volatility: 0.5,
    jumps: { intensity: 5_000, meanLogJump: 0, stdDevLogJump: 0.006 },
  },
  randomStream(3, 'price'),
);
const { hourlyStdDev } = volatilitiesAlong(path, typicalVolatility);

describe('how a pool thins, from its recorded liquidity', () => {
  it('is found again where it was put in, in any unit', () => {
    const model = { thinningPerStdDev: 0.05, refillHalfLifeSeconds: 3_600, floor: 0 };
    const noise = randomStream(4, 'noise');
    const depth = depthAlong(path, hourlyStdDev, model);
    const liquidity = Array.from(depth, (value) => 2e18 * value * Math.exp(0.02 * noise.normal()));
    const { model: fitted, atRest, explained } = fitLiquidity(path, liquidity, hourlyStdDev);
    expect(fitted.thinningPerStdDev).toBe(0.05);
    expect(fitted.refillHalfLifeSeconds).toBe(3_600);
    expect(atRest / 2e18).toBeCloseTo(1, 1);
    expect(explained).toBeGreaterThan(0.5);
    expect(fitted.floor).toBeLessThan(1);
  });

  it('is not there where liquidity has nothing to do with moves', () => {
    const noise = randomStream(5, 'noise');
    const liquidity = Array.from(path.price, () => 1 + 0.01 * noise.normal());
    const { model, explained } = fitLiquidity(path, liquidity, hourlyStdDev);
    expect(model.thinningPerStdDev).toBeLessThanOrEqual(0.005);
    expect(explained).toBeLessThan(0.01);
  });

  it('is refused for a liquidity of zero, which is missing rather than thin', () => {
    const liquidity = Array.from(path.price, (_, step) => (step === 7 ? 0 : 1));
    expect(() => fitLiquidity(path, liquidity, hourlyStdDev)).toThrow(/liquidity\[7\]/);
    expect(() => fitLiquidity(path, [1], hourlyStdDev)).toThrow(/liquidity/);
  });
});

describe('how orders get in, from a journal', () => {
  it('is found again where it was put in, expired orders counted', () => {
    const model = { perBlock: 0.6, windowBlocks: 3, crowdedAtFeeRatio: 1e9 };
    const waits = inclusionAlong(new Float64Array(4_000).fill(20), model, randomStream(1, 'inclusion'));
    const orders = Array.from(waits, (wait) => ({
      windowBlocks: 3,
      waitedBlocks: wait === NOT_INCLUDED ? null : wait,
    }));
    const fit = fitInclusion(orders);
    expect(Math.abs(fit.model.perBlock - 0.6)).toBeLessThan(4 * fit.stdError);
    expect(fit.model.windowBlocks).toBe(3);
    expect(fit.expired / 4_000).toBeCloseTo(0.4 ** 3, 1);
  });

  it('is refused for too few orders, and for a wait beyond its window', () => {
    const order = { windowBlocks: 5, waitedBlocks: 1 };
    expect(() => fitInclusion([order])).toThrow(/at least 10/);
    expect(() => fitInclusion([...Array(10).fill(order), { windowBlocks: 5, waitedBlocks: 6 }])).toThrow(
      /orders\[10\]/,
    );
  });
});
