import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coordinatesOf } from '../../../../src/core/volatility/garchCoordinates.ts';
import { garchVariances } from '../../../../src/core/volatility/garchFilter.ts';
import {
  likelihoodOf,
  likelihoodSeries,
  PARAMETER_ORDER,
  variancesAt,
} from '../../../../src/core/volatility/garchLikelihood.ts';
import type { GarchModel } from '../../../../src/core/volatility/garchModel.ts';
import { scoreMoments } from '../../../../src/core/volatility/garchScores.ts';
import { parametersAt } from '../../../../src/core/volatility/garchUnits.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const models: readonly GarchModel[] = ['garch', 'gjr', 'egarch'];
const draw = normalSource(seededUniform(5));
const returns = Array.from({ length: 120 }, draw);

/** A point of the search, mu last. */
const anyPoint = (model: GarchModel) => {
  const { size } = coordinatesOf(model, true);
  return fc
    .array(fc.double({ min: -0.4, max: 0.4, noNaN: true }), { minLength: size, maxLength: size })
    .map((coordinates) => Float64Array.from(coordinates));
};

describe.each(models)('the likelihood of %s', (model) => {
  const likelihood = likelihoodOf(model);
  const coordinates = coordinatesOf(model, true);
  const series = likelihoodSeries(returns);
  const thetaAt = (point: Float64Array) => {
    const theta = new Float64Array(PARAMETER_ORDER.length);
    coordinates.toTheta(point, theta);
    return theta;
  };
  const valueAt = (point: Float64Array, gradient = new Float64Array(PARAMETER_ORDER.length)) =>
    likelihood(series, thetaAt(point), gradient);

  it('is the normal density of each return under the variances of the filter', () => {
    fc.assert(
      fc.property(anyPoint(model), (point) => {
        const parameters = parametersAt(thetaAt(point), model, 1);
        const { variances } = garchVariances(returns, { model, parameters });
        const terms = returns.map(
          (value, t) => 0.5 * (Math.log(variances[t]!) + (value - parameters.mu) ** 2 / variances[t]!),
        );
        const average = terms.reduce((sum, term) => sum + term, 0) / terms.length;
        expect(valueAt(point) / average).toBeCloseTo(1, 9);
        const path = variancesAt(thetaAt(point), model, series, 1);
        expect(path.at(-1)! / variances.at(-1)!).toBeCloseTo(1, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('has the gradient that finite differences show', () => {
    fc.assert(
      fc.property(anyPoint(model), (point) => {
        const byTheta = new Float64Array(PARAMETER_ORDER.length);
        const gradient = new Float64Array(coordinates.size);
        const value = valueAt(point, byTheta);
        coordinates.pullBack(point, thetaAt(point), byTheta, gradient);
        const step = 1e-6;
        gradient.forEach((slope, i) => {
          const at = (shift: number) => valueAt(point.map((x, j) => (j === i ? x + shift : x)));
          const difference = (at(step) - at(-step)) / (2 * step);
          // A return within the step of mu is a kink of the EGARCH likelihood.
          expect(Math.abs(slope - difference)).toBeLessThan(
            2e-5 * Math.max(1, Math.abs(value), Math.abs(slope)),
          );
        });
      }),
      { numRuns: 50 },
    );
  });

  it('has scores whose outer product, for one return, is that of the gradient', () => {
    fc.assert(
      fc.property(anyPoint(model), (point) => {
        const lone = likelihoodSeries(returns.slice(0, 1));
        const theta = thetaAt(point);
        const gradient = new Float64Array(PARAMETER_ORDER.length);
        likelihood(lone, theta, gradient);
        const { outerProduct } = scoreMoments(model, lone, theta);
        gradient.forEach((a, i) => {
          gradient.forEach((b, j) => {
            const found = outerProduct[i * PARAMETER_ORDER.length + j]!;
            expect(Math.abs(found - a * b)).toBeLessThan(1e-10 * Math.max(1, Math.abs(a * b)));
          });
        });
      }),
      { numRuns: 30 },
    );
  });
});

describe('the guards of the likelihood', () => {
  const gradient = new Float64Array(PARAMETER_ORDER.length);
  const gjr = likelihoodOf('gjr');

  it('keeps its product of variances inside a double, whatever their size', () => {
    const plain = likelihoodSeries(returns);
    const value = gjr(plain, Float64Array.from([0, 0.1, 0.1, 0.8, 0]), gradient);
    for (const scale of [1e-60, 1e60]) {
      const scaled = likelihoodSeries(returns, scale);
      const theta = Float64Array.from([0, 0.1 / scale ** 2, 0.1, 0.8, 0]);
      expect(gjr(scaled, theta, gradient) + Math.log(scale)).toBeCloseTo(value, 9);
    }
  });

  it('is not defined where a variance is not above zero or out of all bounds', () => {
    const series = likelihoodSeries(returns);
    expect(gjr(series, Float64Array.from([0, -5, 0.1, 0.8, 0]), gradient)).toBe(Number.POSITIVE_INFINITY);
    const egarch = likelihoodOf('egarch');
    expect(egarch(series, Float64Array.from([0, 50, 0, 0.9, 0]), gradient)).toBe(Number.POSITIVE_INFINITY);
  });
});
