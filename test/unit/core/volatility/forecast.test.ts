import { describe, expect, it } from 'vitest';
import { forecastVolatility } from '../../../../src/core/volatility/forecast.ts';
import { garchVariances, nextVariance } from '../../../../src/core/volatility/garchFilter.ts';
import {
  type GarchSpecification,
  persistence,
  shockHalfLife,
  unconditionalVariance,
} from '../../../../src/core/volatility/garchModel.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const garch: GarchSpecification = {
  model: 'garch',
  parameters: { mu: 0, omega: 0.1, alpha: 0.1, beta: 0.8, gamma: 0 },
};
const gjr: GarchSpecification = {
  model: 'gjr',
  parameters: { mu: 0, omega: 0.1, alpha: 0.05, beta: 0.8, gamma: 0.1 },
};
const egarch: GarchSpecification = {
  model: 'egarch',
  parameters: { mu: 0, omega: 0.02, alpha: 0.3, beta: 0.9, gamma: -0.15 },
};

describe('forecastVolatility', () => {
  it('closes in on the long-run level by the persistence each period', () => {
    for (const specification of [garch, gjr]) {
      expect(persistence(specification)).toBeCloseTo(0.9, 15);
      expect(unconditionalVariance(specification)).toBeCloseTo(1, 14);
      const { variances, totalVariance, longRunVolatility } = forecastVolatility(
        { ...specification, nextVariance: 3 },
        50,
      );
      variances.forEach((variance, k) => {
        expect(variance).toBeCloseTo(1 + 2 * 0.9 ** k, 12);
      });
      expect(totalVariance).toBeCloseTo(50 + (2 * (1 - 0.9 ** 50)) / 0.1, 10);
      expect(longRunVolatility).toBeCloseTo(1, 14);
    }
    expect(shockHalfLife(garch)).toBeCloseTo(Math.log(0.5) / Math.log(0.9), 12);
  });

  it('has the term structure of its average variance, annualised when told', () => {
    const { termVolatilities, volatilities } = forecastVolatility({ ...garch, nextVariance: 3 }, 2, {
      periodsPerYear: 365,
    });
    expect(volatilities[0]).toBeCloseTo(Math.sqrt(3 * 365), 12);
    expect(termVolatilities[1]).toBeCloseTo(Math.sqrt(((3 + 2.8) / 2) * 365), 12);
  });

  it('is the average over simulated paths, for each model', () => {
    const draw = normalSource(seededUniform(9));
    const paths = 60_000;
    for (const specification of [garch, gjr, egarch]) {
      const { variances } = forecastVolatility({ ...specification, nextVariance: 2 }, 5);
      const sums = [0, 0, 0, 0, 0];
      for (let path = 0; path < paths; path++) {
        let variance = 2;
        for (let k = 0; k < 5; k++) {
          sums[k] = sums[k]! + variance / paths;
          variance = nextVariance(specification, variance, Math.sqrt(variance) * draw());
        }
      }
      variances.forEach((variance, k) => {
        expect(Math.abs(sums[k]! / variance - 1)).toBeLessThan(0.01);
      });
    }
  });

  it('ends at the long-run variance, for EGARCH too', () => {
    const { variances } = forecastVolatility({ ...egarch, nextVariance: 0.01 }, 600);
    expect(variances.at(-1)! / unconditionalVariance(egarch)!).toBeCloseTo(1, 10);
  });

  it('grows without end when the variance has no level, and says that there is none', () => {
    const integrated = { ...garch, parameters: { ...garch.parameters, beta: 0.9 } };
    expect(unconditionalVariance(integrated)).toBeUndefined();
    expect(shockHalfLife(integrated)).toBe(Number.POSITIVE_INFINITY);
    const forecast = forecastVolatility({ ...integrated, nextVariance: 1 }, 11);
    expect(forecast.longRunVolatility).toBeUndefined();
    expect(forecast.variances[10]).toBeCloseTo(2, 12);
    const explosive = { ...garch, parameters: { ...garch.parameters, beta: 5 } };
    expect(() => forecastVolatility({ ...explosive, nextVariance: 1 }, 1_000)).toThrow(/horizon/);
  });

  it('names what is wrong', () => {
    const state = { ...garch, nextVariance: 1 };
    for (const horizon of [0, 1.5, -1, Number.NaN, 1e9]) {
      expect(() => forecastVolatility(state, horizon)).toThrow(/horizon/);
    }
    expect(() => forecastVolatility({ ...garch, nextVariance: 0 }, 1)).toThrow(/nextVariance/);
    expect(() => forecastVolatility(state, 1, { periodsPerYear: -1 })).toThrow(/periodsPerYear/);
    const parameters = (change: object) => ({ ...state, parameters: { ...garch.parameters, ...change } });
    expect(() => forecastVolatility(parameters({ alpha: -0.1 }), 1)).toThrow(/parameters.alpha/);
    expect(() => forecastVolatility(parameters({ gamma: 0.1 }), 1)).toThrow(/parameters.gamma/);
    expect(() => forecastVolatility(parameters({ mu: Number.NaN }), 1)).toThrow(/parameters.mu/);
    expect(() => garchVariances([], garch)).toThrow(/returns.length/);
    expect(() => garchVariances([1], garch, { presampleVariance: -1 })).toThrow(/presampleVariance/);
  });
});
