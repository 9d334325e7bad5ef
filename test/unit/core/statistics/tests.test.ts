import { describe, expect, it } from 'vitest';
import { dieboldMariano } from '../../../../src/core/statistics/dieboldMariano.ts';
import { ljungBox } from '../../../../src/core/statistics/ljungBox.ts';
import { invertPositiveDefinite, multiply } from '../../../../src/core/statistics/matrix.ts';
import { minimize } from '../../../../src/core/statistics/minimize.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const normal = (seed: number) => normalSource(seededUniform(seed));

describe('ljungBox', () => {
  it('adds up the squared autocorrelations', () => {
    // Deviations 1, -1, 1, -1: autocorrelations -3/4 and 2/4, n (n + 2) = 24.
    const { statistic } = ljungBox([5, 3, 5, 3], 2);
    expect(statistic).toBeCloseTo(24 * (0.5625 / 3 + 0.25 / 2), 12);
  });

  it('rejects independent draws as often as its level says', () => {
    const rejected = Array.from({ length: 400 }, (_, seed) => {
      const draw = normal(seed);
      return ljungBox(Array.from({ length: 300 }, draw), 10).pValue < 0.1;
    });
    const share = rejected.filter(Boolean).length / rejected.length;
    expect(share).toBeGreaterThan(0.06);
    expect(share).toBeLessThan(0.15);
  });

  it('finds nothing in a constant series and refuses a short one', () => {
    expect(ljungBox([2, 2, 2, 2], 2)).toEqual({ statistic: 0, lags: 2, pValue: 1 });
    expect(() => ljungBox([1, 2], 2)).toThrow(/values.length/);
  });
});

describe('dieboldMariano', () => {
  it('divides by the standard error of independent differences when it counts no lags', () => {
    const differences = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const { statistic, meanDifference } = dieboldMariano(
      differences,
      differences.map(() => 0),
      0,
    );
    expect(meanDifference).toBe(5.5);
    expect(statistic).toBeCloseTo(5.5 / Math.sqrt(8.25 / 10), 12);
  });

  it('is less sure of differences that last', () => {
    const draw = normal(3);
    let level = 0;
    const persistent = Array.from({ length: 500 }, () => {
      level = 0.8 * level + draw();
      return level + 0.5;
    });
    const none = persistent.map(() => 0);
    expect(Math.abs(dieboldMariano(persistent, none, 10).statistic)).toBeLessThan(
      0.6 * Math.abs(dieboldMariano(persistent, none, 0).statistic),
    );
  });

  it('knows neither better nor worse of a forecast and itself', () => {
    const losses = Array.from({ length: 20 }, normal(1));
    expect(dieboldMariano(losses, losses)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(() => dieboldMariano(losses, losses.slice(1))).toThrow(/lossB.length/);
  });
});

describe('minimize', () => {
  const rosenbrock = (point: Float64Array, gradient: Float64Array) => {
    const [x, y] = [point[0]!, point[1]!];
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };

  it('follows a curved valley to its floor', () => {
    const { point, end } = minimize(rosenbrock, [-1.2, 1], { maxIterations: 100, gradientTolerance: 1e-9 });
    expect(end).toBe('gradient');
    expect(point[0]).toBeCloseTo(1, 8);
    expect(point[1]).toBeCloseTo(1, 8);
  });

  it('says when it ran out of iterations', () => {
    const { end } = minimize(rosenbrock, [-1.2, 1], { maxIterations: 3, gradientTolerance: 1e-9 });
    expect(end).toBe('iterations');
  });

  it('walks round where the function is not defined', () => {
    const objective = (point: Float64Array, gradient: Float64Array) => {
      const x = point[0]!;
      gradient[0] = 1 - 1 / x;
      return x > 0 ? x - Math.log(x) : Number.NaN;
    };
    const { point } = minimize(objective, [30], { maxIterations: 100, gradientTolerance: 1e-9 });
    expect(point[0]).toBeCloseTo(1, 7);
  });
});

describe('invertPositiveDefinite', () => {
  it('gives the inverse whatever the units', () => {
    const matrix = [
      [4e-12, 1e-6, 0],
      [1e-6, 3, 1e3],
      [0, 1e3, 5e9],
    ];
    const product = multiply(matrix, invertPositiveDefinite(matrix)!);
    for (const i of [0, 1, 2]) expect(product[i]![i]).toBeCloseTo(1, 9);
  });

  it('does not invert what is not positive definite', () => {
    expect(
      invertPositiveDefinite([
        [1, 2],
        [2, 1],
      ]),
    ).toBeUndefined();
    expect(invertPositiveDefinite([[Number.NaN]])).toBeUndefined();
  });
});
