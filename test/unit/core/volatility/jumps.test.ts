import { describe, expect, it } from 'vitest';
import { simulateJumpReturns } from '../../../../src/core/risk/tail/returnScenarios.ts';
import { bipowerVariance, testForJumps } from '../../../../src/core/volatility/bipower.ts';
import { estimateJumps } from '../../../../src/core/volatility/jumps.ts';
import { fitTruncatedNormal, tailProbability } from '../../../../src/core/volatility/truncatedNormal.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const HOURS = 8760;
const hourly = (
  volatility: number,
  jumps: { intensity: number; meanLogJump: number; stdDevLogJump: number },
  years: number,
  seed: number,
) =>
  simulateJumpReturns(
    { drift: 0, volatility, jumps },
    { years: 1 / HOURS, paths: Math.round(HOURS * years), uniform: seededUniform(seed) },
  );

describe('estimateJumps', () => {
  it('recovers intensity and sizes, though half of the jumps are too small to see', () => {
    const truth = { intensity: 120, meanLogJump: -0.015, stdDevLogJump: 0.03 };
    const estimate = estimateJumps(hourly(0.6, truth, 4, 3), { periodsPerYear: HOURS });
    expect(estimate.visibleShare).toBeLessThan(0.6);
    expect(Math.abs(estimate.jumps.intensity / truth.intensity - 1)).toBeLessThan(0.2);
    expect(Math.abs(estimate.jumps.meanLogJump - truth.meanLogJump)).toBeLessThan(0.005);
    expect(Math.abs(estimate.jumps.stdDevLogJump / truth.stdDevLogJump - 1)).toBeLessThan(0.15);
    expect(Math.abs(estimate.volatility / 0.6 - 1)).toBeLessThan(0.03);
    const total = Math.sqrt(0.36 + 120 * (0.015 ** 2 + 0.03 ** 2));
    expect(Math.abs(estimate.totalVolatility / total - 1)).toBeLessThan(0.05);
  });

  it('scatters about the truth as its standard error says', () => {
    const truth = { intensity: 60, meanLogJump: 0, stdDevLogJump: 0.08 };
    const misses = Array.from({ length: 40 }, (_, seed) => {
      const { jumps, intensityStdError } = estimateJumps(hourly(0.5, truth, 1, seed), {
        periodsPerYear: HOURS,
      });
      return (jumps.intensity - truth.intensity) / intensityStdError;
    });
    const mean = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
    const spread = Math.sqrt(misses.reduce((sum, miss) => sum + miss ** 2, 0) / misses.length);
    expect(Math.abs(mean)).toBeLessThan(0.6);
    expect(spread).toBeGreaterThan(0.6);
    expect(spread).toBeLessThan(1.6);
  });

  it('finds a jump where it was put', () => {
    const draw = normalSource(seededUniform(1));
    const returns = Array.from({ length: 500 }, () => 0.01 * draw());
    returns[123] = -0.2;
    const { found, jumps, volatility } = estimateJumps(returns, { periodsPerYear: 365 });
    expect(found).toEqual([123]);
    expect(jumps).toMatchObject({ meanLogJump: -0.2, stdDevLogJump: 0 });
    expect(jumps.intensity).toBeCloseTo(365 / 500, 12);
    expect(volatility / (0.01 * Math.sqrt(365))).toBeCloseTo(1, 1);
  });

  it('finds hardly any in a diffusion', () => {
    const none = { intensity: 0, meanLogJump: 0, stdDevLogJump: 0 };
    const { found, jumps } = estimateJumps(hourly(0.8, none, 1, 12), { periodsPerYear: HOURS, threshold: 6 });
    expect(found).toEqual([]);
    expect(jumps).toEqual(none);
  });

  it('does not take a wild month for a row of jumps when it judges locally', () => {
    const jumps = { intensity: 60, meanLogJump: 0, stdDevLogJump: 0.1 };
    const returns = [0.4, 1.2, 0.5, 1.5, 0.4].flatMap((volatility, part) =>
      hourly(volatility, jumps, 0.5, part),
    );
    const options = { periodsPerYear: HOURS };
    const local = estimateJumps(returns, { ...options, localWindow: 168 });
    const constant = estimateJumps(returns, options);
    expect(Math.abs(local.jumps.intensity / 60 - 1)).toBeLessThan(0.3);
    expect(Math.abs(local.jumps.stdDevLogJump / 0.1 - 1)).toBeLessThan(0.2);
    expect(constant.found.length).toBeGreaterThan(1.3 * local.found.length);
  });

  it('names what is wrong', () => {
    const options = { periodsPerYear: HOURS };
    const returns = hourly(0.8, { intensity: 0, meanLogJump: 0, stdDevLogJump: 0 }, 0.1, 1);
    expect(() => estimateJumps(returns.slice(0, 49), options)).toThrow(/returns.length/);
    expect(() =>
      estimateJumps(
        returns.map(() => 0),
        options,
      ),
    ).toThrow(/returns is zero in one of every two/);
    expect(() => estimateJumps([...returns, Number.NaN], options)).toThrow(/returns\[876\]/);
    expect(() => estimateJumps(returns, { periodsPerYear: 0 })).toThrow(/periodsPerYear/);
    expect(() => estimateJumps(returns, { ...options, threshold: -1 })).toThrow(/threshold/);
    expect(() => estimateJumps(returns, { ...options, localWindow: 5 })).toThrow(/localWindow/);
    const still = returns.map((value, t) => (t < 400 ? value : 0));
    expect(() => estimateJumps(still, { ...options, localWindow: 100 })).toThrow(/still over 100 before 499/);
  });
});

describe('bipower variation', () => {
  it('is pi / 2 times the mean product of neighbours', () => {
    expect(bipowerVariance([1, -2, 3])).toBeCloseTo((Math.PI / 2) * (8 / 2), 14);
  });

  it('leaves a lone jump out, where the realised variance is full of it', () => {
    const draw = normalSource(seededUniform(40));
    const returns = Array.from({ length: 1000 }, () => 0.01 * draw());
    const before = testForJumps(returns);
    expect(before.pValue).toBeGreaterThan(0.01);
    returns[500] = 0.3;
    const after = testForJumps(returns);
    expect(after.pValue).toBeLessThan(1e-4);
    expect(after.bipowerVariance / before.bipowerVariance).toBeLessThan(1.15);
    expect(after.jumpShare).toBeCloseTo(0.09 / 1000 / after.realizedVariance, 1);
  });

  it('rejects diffusions as often as its level says', () => {
    const rejected = Array.from({ length: 400 }, (_, seed) => {
      const draw = normalSource(seededUniform(seed));
      return testForJumps(Array.from({ length: 500 }, draw)).pValue < 0.05;
    });
    const share = rejected.filter(Boolean).length / rejected.length;
    expect(share).toBeGreaterThan(0.02);
    expect(share).toBeLessThan(0.09);
  });
});

describe('fitTruncatedNormal', () => {
  it('sees the whole distribution from its ends', () => {
    const draw = normalSource(seededUniform(8));
    const ends = Array.from({ length: 20_000 }, () => 0.3 + 1.5 * draw()).filter(
      (value) => Math.abs(value) >= 1,
    );
    const { centre, spread } = fitTruncatedNormal(
      ends,
      ends.map(() => 1),
    )!;
    expect(centre).toBeCloseTo(0.3, 1);
    expect(spread).toBeCloseTo(1.5, 1);
    expect(tailProbability(centre, spread, 1)).toBeCloseTo(ends.length / 20_000, 1);
  });

  it('does not guess where what is seen has no shape', () => {
    const crowded = Array.from({ length: 50 }, (_, index) => 1 + 0.2 * (index / 50) ** 4);
    expect(
      fitTruncatedNormal(
        crowded,
        crowded.map(() => 1),
      ),
    ).toBeUndefined();
  });
});
