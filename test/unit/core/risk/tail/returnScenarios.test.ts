import { describe, expect, it } from 'vitest';
import {
  filteredReturns,
  normalShocks,
  pastShocks,
  simulateJumpReturns,
  simulateReturns,
} from '../../../../../src/core/risk/tail/returnScenarios.ts';
import { expectedShortfall, valueAtRisk } from '../../../../../src/core/risk/tail/valueAtRisk.ts';
import { fitGarch } from '../../../../../src/core/volatility/fitGarch.ts';
import { forecastVolatility } from '../../../../../src/core/volatility/forecast.ts';
import { simulatedReturns } from '../../../../support/garchSeries.ts';
import { seededUniform } from '../../../../support/random.ts';

const model = {
  model: 'gjr',
  parameters: { mu: 0.001, omega: 2e-5, alpha: 0.05, beta: 0.85, gamma: 0.1 },
} as const;
const fit = fitGarch(simulatedReturns(model, 2_000, 6), { model: 'gjr' });

const variance = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
};

describe('scenarios for value at risk', () => {
  it('filtered: past shocks at today’s variance', () => {
    const outcomes = filteredReturns(fit);
    expect(outcomes).toHaveLength(2_000);
    expect(variance(outcomes) / fit.nextVariance).toBeCloseTo(1, 1);
    const calm = filteredReturns({ ...fit, nextVariance: fit.nextVariance / 4 });
    const { mu } = fit.parameters;
    expect(valueAtRisk(calm, { confidence: 0.99 }) + mu).toBeCloseTo(
      (valueAtRisk(outcomes, { confidence: 0.99 }) + mu) / 2,
      12,
    );
  });

  it('exceed the value at risk as often as it says, day after day of a model that moves', () => {
    const returns = simulatedReturns(model, 3_000, 60);
    const path = fitGarch(returns, { model: 'gjr' });
    const quantile = valueAtRisk(path.standardizedResiduals, { confidence: 0.95 });
    const exceeded = returns.filter(
      (value, t) => value < path.parameters.mu - quantile * Math.sqrt(path.variances[t]!),
    );
    expect(exceeded.length / returns.length).toBeCloseTo(0.05, 2);
  });

  it('Monte Carlo: the variance of many periods is that of the forecast', () => {
    for (const shock of [
      normalShocks(seededUniform(1)),
      pastShocks(fit.standardizedResiduals, seededUniform(2)),
    ]) {
      const outcomes = simulateReturns(fit, { horizon: 10, paths: 40_000, shock });
      expect(variance(outcomes) / forecastVolatility(fit, 10).totalVariance).toBeCloseTo(1, 1);
      expect(expectedShortfall(outcomes, { confidence: 0.99 })).toBeGreaterThan(
        valueAtRisk(outcomes, { confidence: 0.99 }),
      );
    }
  });

  it('Monte Carlo: the same source gives the same paths', () => {
    const run = () => simulateReturns(fit, { horizon: 3, paths: 20, shock: normalShocks(seededUniform(5)) });
    expect(run()).toEqual(run());
  });

  it('jump diffusion: mean growth and variance are those of the parameters', () => {
    const jumps = { intensity: 20, meanLogJump: -0.05, stdDevLogJump: 0.08 };
    const diffusion = { drift: 0.3, volatility: 0.5, jumps };
    const outcomes = simulateJumpReturns(diffusion, {
      years: 0.25,
      paths: 200_000,
      uniform: seededUniform(4),
    });
    const growth = outcomes.reduce((sum, value) => sum + Math.exp(value), 0) / outcomes.length;
    expect(growth).toBeCloseTo(Math.exp(0.3 * 0.25), 2);
    expect(variance(outcomes) / (0.25 * (0.25 + 20 * (0.05 ** 2 + 0.08 ** 2)))).toBeCloseTo(1, 1);
    const still = { ...diffusion, jumps: { ...jumps, intensity: 0 } };
    const calm = simulateJumpReturns(still, { years: 0.25, paths: 50_000, uniform: seededUniform(4) });
    expect(variance(calm) / (0.25 * 0.25)).toBeCloseTo(1, 1);
  });

  it('name what is wrong', () => {
    const shock = () => 0;
    expect(() => simulateReturns(fit, { horizon: 0, paths: 1, shock })).toThrow(/horizon/);
    expect(() => simulateReturns(fit, { horizon: 1, paths: 0.5, shock })).toThrow(/paths/);
    expect(() => simulateReturns(fit, { horizon: 1, paths: 1, shock: () => Number.NaN })).toThrow(/horizon/);
    expect(() => pastShocks([], seededUniform(1))).toThrow(/residuals/);
    expect(() => filteredReturns({ ...fit, nextVariance: 0 })).toThrow(/nextVariance/);
    const jumps = { intensity: 1e6, meanLogJump: 0, stdDevLogJump: 0 };
    const run = { years: 1, paths: 1, uniform: seededUniform(1) };
    expect(() => simulateJumpReturns({ drift: 0, volatility: 1, jumps }, run)).toThrow(/jumps.intensity/);
    expect(() =>
      simulateJumpReturns({ drift: 0, volatility: -1, jumps: { ...jumps, intensity: 1 } }, run),
    ).toThrow(/volatility/);
  });
});
