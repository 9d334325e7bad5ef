import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { sviMinimumVariance, sviPoint, sviTotalVariance } from '../../../../src/core/surface/svi.ts';
import { sviFromJumpWings, sviJumpWings } from '../../../../src/core/surface/sviJumpWings.ts';
import { anySmile } from '../../../support/smiles.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const smile = { a: 0.02, b: 0.3, rho: -0.4, m: 0.1, sigma: 0.2 };

describe('sviTotalVariance', () => {
  it('is a + b sigma where the smile turns', () => {
    expect(sviTotalVariance(smile, 0.1)).toBeCloseTo(0.02 + 0.3 * 0.2, 15);
  });

  it('has the derivatives that its differences have', () => {
    fc.assert(
      fc.property(anySmile, number(-2, 2), (parameters, k) => {
        const h = 1e-4 * parameters.sigma;
        const [below, here, above] = [k - h, k, k + h].map((x) => sviPoint(parameters, x));
        expect(here!.slope).toBeCloseTo((above!.totalVariance - below!.totalVariance) / (2 * h), 5);
        expect(here!.curvature).toBeCloseTo((above!.slope - below!.slope) / (2 * h), 4);
      }),
    );
  });

  it('is nowhere below its minimum', () => {
    fc.assert(
      fc.property(anySmile, number(-3, 3), (parameters, k) => {
        expect(sviTotalVariance(parameters, k)).toBeGreaterThanOrEqual(
          sviMinimumVariance(parameters) - 1e-15,
        );
      }),
    );
  });

  it.each([
    ['b', { b: -0.1 }],
    ['rho', { rho: 1.1 }],
    ['sigma', { sigma: 0 }],
    ['m', { m: Number.NaN }],
    ['a', { a: Number.POSITIVE_INFINITY }],
    ['lowest total variance', { a: -0.2 }],
  ])('refuses a wrong %s', (field, change) => {
    expect(() => sviTotalVariance({ ...smile, ...change }, 0)).toThrow(InvalidInputError);
    expect(() => sviTotalVariance({ ...smile, ...change }, 0)).toThrow(field);
  });
});

describe('jump wings', () => {
  it('are level, skew, wings and minimum of the smile itself', () => {
    const years = 0.25;
    const { variance, skew, putSlope, callSlope, minimumVariance } = sviJumpWings(smile, years);
    const { totalVariance, slope } = sviPoint(smile, 0);
    expect(variance * years).toBeCloseTo(totalVariance, 15);
    // psi is the slope of volatility by moneyness in standard deviations: dsigma/dk sqrt(years).
    expect(skew).toBeCloseTo(slope / (2 * Math.sqrt(totalVariance)), 15);
    expect(putSlope * Math.sqrt(totalVariance)).toBeCloseTo(-sviPoint(smile, -1e7).slope, 10);
    expect(callSlope * Math.sqrt(totalVariance)).toBeCloseTo(sviPoint(smile, 1e7).slope, 10);
    expect(minimumVariance * years).toBeCloseTo(sviMinimumVariance(smile), 15);
  });

  it('come back to the smile they were taken from', () => {
    fc.assert(
      fc.property(anySmile, number(0.01, 3), (parameters, years) => {
        // At its minimum a smile does not say how round it is.
        const depth = sviPoint(parameters, 0).totalVariance - sviMinimumVariance(parameters);
        fc.pre(depth > 1e-4);
        const back = sviFromJumpWings(sviJumpWings(parameters, years), years);
        for (const k of [-1, -0.3, 0, 0.2, 1]) {
          expect(sviTotalVariance(back, k) / sviTotalVariance(parameters, k)).toBeCloseTo(1, 8);
        }
        expect(back.sigma / parameters.sigma).toBeCloseTo(1, 6);
      }),
    );
  });

  it.each([
    ['skew', { skew: 2 }],
    ['minimumVariance', { minimumVariance: 9 }],
    ['putSlope', { putSlope: 0, callSlope: 1 }],
    ['variance', { variance: 0 }],
  ])('that no smile has are refused: %s', (field, change) => {
    expect(() => sviFromJumpWings({ ...sviJumpWings(smile, 1), ...change }, 1)).toThrow(field);
  });
});
