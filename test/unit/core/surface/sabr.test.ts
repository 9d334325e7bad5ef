import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitSabr } from '../../../../src/core/surface/fitSabr.ts';
import { type SabrInput, sabrPoint, sabrVolatility } from '../../../../src/core/surface/sabr.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const market: SabrInput = {
  forward: 2000,
  strike: 2200,
  years: 0.25,
  alpha: 0.6,
  beta: 1,
  rho: -0.2,
  nu: 1.1,
};
const sabr = fc.record({
  alpha: number(0.2, 1.2),
  beta: fc.constantFrom(0.5, 0.8, 1),
  rho: number(-0.8, 0.8),
  nu: number(0.2, 2),
});

describe('sabrVolatility', () => {
  it('is alpha for a lognormal model whose volatility does not move', () => {
    for (const strike of [500, 2000, 9000]) {
      expect(sabrVolatility({ ...market, strike, nu: 0 })).toBeCloseTo(0.6, 14);
    }
  });

  // Equation 2.17a evaluated with 40 digits.
  it.each([
    [2000, 2000, 0.5, 0.6, 1, -0.3, 1.2, 0.6149399999999999],
    [2000, 1200, 0.5, 0.6, 1, -0.3, 1.2, 0.7661766174315847],
    [2000, 3500, 0.25, 25, 0.5, 0.4, 0.9, 0.6332424566486673],
    [100, 70, 2, 3, 0.3, -0.6, 0.5, 0.19701891491208973],
    [100, 100, 1, 5, 0, 0.2, 0.4, 0.050631875],
  ])(
    'forward %d strike %d years %d alpha %d beta %d rho %d nu %d: %d',
    (forward, strike, years, alpha, beta, rho, nu, expected) => {
      expect(sabrVolatility({ forward, strike, years, alpha, beta, rho, nu })).toBeCloseTo(expected, 13);
    },
  );

  it('has no seam at the forward', () => {
    fc.assert(
      fc.property(sabr, number(0.01, 1), (parameters, years) => {
        const alpha = parameters.alpha * 2000 ** (1 - parameters.beta);
        const at = (strike: number) => sabrVolatility({ ...parameters, alpha, forward: 2000, strike, years });
        expect(at(2000 * (1 + 1e-9)) / at(2000)).toBeCloseTo(1, 7);
        // Across the end of the series the slope goes on.
        const steps = [2, 1, 0, -1, -2].map((i) =>
          at(2000 * Math.exp((i * 1e-4 * parameters.alpha) / parameters.nu)),
        );
        const differences = steps.slice(1).map((value, i) => value - steps[i]!);
        for (const difference of differences)
          expect(Math.abs(difference - differences[0]!)).toBeLessThan(1e-7);
      }),
    );
  });

  it('skews with the correlation', () => {
    const [low, high] = [1500, 2700];
    for (const rho of [-0.5, 0.5]) {
      const tilt =
        sabrVolatility({ ...market, rho, strike: high }) - sabrVolatility({ ...market, rho, strike: low });
      expect(Math.sign(tilt)).toBe(Math.sign(rho));
    }
  });

  it('agrees with its total variance and derivatives', () => {
    const parameters = { alpha: 0.6, beta: 1, rho: -0.2, nu: 1.1 };
    const k = Math.log(2200 / 2000);
    const point = sabrPoint(parameters, 2000, k, 0.25);
    expect(point.totalVariance).toBeCloseTo(sabrVolatility(market) ** 2 * 0.25, 14);
    const h = 1e-3;
    const [below, above] = [k - h, k + h].map((x) => sabrPoint(parameters, 2000, x, 0.25));
    expect(point.slope).toBeCloseTo((above!.totalVariance - below!.totalVariance) / (2 * h), 5);
    expect(point.curvature).toBeCloseTo((above!.slope - below!.slope) / (2 * h), 4);
  });

  it.each([
    ['forward', { forward: 0 }],
    ['strike', { strike: -1 }],
    ['alpha', { alpha: 0 }],
    ['beta', { beta: 1.1 }],
    ['rho', { rho: 1 }],
    ['nu', { nu: -0.1 }],
    ['years', { years: Number.NaN }],
    ['volatility of the expansion', { rho: -0.99, nu: 5, years: 30 }],
  ])('refuses a wrong %s', (field, change) => {
    expect(() => sabrVolatility({ ...market, ...change })).toThrow(field);
  });
});

describe('fitSabr', () => {
  it('recovers the parameters that made the observations', () => {
    fc.assert(
      fc.property(sabr, number(0.02, 0.5), (truth, years) => {
        const forward = 2000;
        const alpha = truth.alpha * forward ** (1 - truth.beta);
        const observations = [-0.3, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3].map((step) => {
          const logMoneyness = step * truth.alpha * Math.sqrt(years) * 5;
          const strike = forward * Math.exp(logMoneyness);
          return { logMoneyness, volatility: sabrVolatility({ ...truth, alpha, forward, strike, years }) };
        });
        const fit = fitSabr({ observations, forward, years, beta: truth.beta });
        expect(fit.rootMeanSquareError).toBeLessThan(1e-8);
        expect(fit.parameters.alpha / alpha).toBeCloseTo(1, 4);
        expect(fit.parameters.rho).toBeCloseTo(truth.rho, 3);
        expect(fit.parameters.nu).toBeCloseTo(truth.nu, 3);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps to its bounds', () => {
    const observations = [-0.2, -0.1, 0, 0.1, 0.2].map((logMoneyness) => ({
      logMoneyness,
      volatility: sabrVolatility({ ...market, strike: 2000 * Math.exp(logMoneyness) }),
    }));
    const { parameters } = fitSabr({
      observations,
      forward: 2000,
      years: 0.25,
      bounds: { rho: [0, 0.5], nu: [0, 1] },
    });
    expect(parameters.rho).toBeGreaterThanOrEqual(0);
    expect(parameters.nu).toBeLessThanOrEqual(1);
  });
});
