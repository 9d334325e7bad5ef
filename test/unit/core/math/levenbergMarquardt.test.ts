import { describe, expect, it } from 'vitest';
import { levenbergMarquardt } from '../../../../src/core/math/levenbergMarquardt.ts';

const unlimited = {
  lower: [-100, -100],
  upper: [100, 100],
  scale: [1, 1],
  maxIterations: 200,
};

describe('levenbergMarquardt', () => {
  it('reaches the bottom of the curved valley of Rosenbrock', () => {
    const fit = levenbergMarquardt(
      ([x, y], out) => {
        out[0] = 10 * (y! - x! * x!);
        out[1] = 1 - x!;
      },
      [-1.2, 1],
      { ...unlimited, size: 2 },
    );
    expect(fit.converged).toBe(true);
    expect(fit.point[0]).toBeCloseTo(1, 8);
    expect(fit.point[1]).toBeCloseTo(1, 8);
  });

  it('finds the rate and the level of an exponential through noise, where the gradient vanishes', () => {
    const times = Array.from({ length: 30 }, (_, i) => i / 10);
    const seen = times.map((t, i) => 2 * Math.exp(-0.7 * t) + 0.05 * Math.sin(9 * i));
    const objective = (level: number, rate: number) =>
      times.reduce((sum, t, i) => sum + (level * Math.exp(-rate * t) - seen[i]!) ** 2, 0) / 2;
    const fit = levenbergMarquardt(
      ([level, rate], out) => {
        times.forEach((t, i) => {
          out[i] = level! * Math.exp(-rate! * t) - seen[i]!;
        });
      },
      [1, 0.1],
      { ...unlimited, size: times.length },
    );
    const [level, rate] = [fit.point[0]!, fit.point[1]!];
    expect(fit.value).toBeCloseTo(objective(level, rate), 12);
    expect((objective(level + 1e-4, rate) - objective(level - 1e-4, rate)) / 2e-4).toBeCloseTo(0, 5);
    expect((objective(level, rate + 1e-4) - objective(level, rate - 1e-4)) / 2e-4).toBeCloseTo(0, 5);
  });

  it('stays in its box, and slides along the wall', () => {
    const fit = levenbergMarquardt(
      ([x, y], out) => {
        out[0] = x! + y! - 3;
        out[1] = x! - y! - 1;
      },
      [0, 0],
      { ...unlimited, upper: [1.5, 100], size: 2 },
    );
    // Free, the minimum is at (2, 1); with x held at 1.5 the best y is still 1.
    expect(fit.point[0]).toBe(1.5);
    expect(fit.point[1]).toBeCloseTo(1, 8);
    expect(fit.converged).toBe(true);
  });

  it('takes no step into what is not defined', () => {
    const fit = levenbergMarquardt(
      ([x], out) => {
        out[0] = Math.sqrt(x!) - 2;
      },
      [0.01],
      { lower: [-100], upper: [1000], scale: [1], maxIterations: 100, size: 1 },
    );
    expect(fit.point[0]).toBeCloseTo(4, 8);
  });

  it('says when it was stopped', () => {
    const fit = levenbergMarquardt(
      ([x, y], out) => {
        out[0] = 10 * (y! - x! * x!);
        out[1] = 1 - x!;
      },
      [-1.2, 1],
      { ...unlimited, maxIterations: 2, size: 2 },
    );
    expect(fit.converged).toBe(false);
  });
});
