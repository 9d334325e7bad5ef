import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalCdf } from '../../../../src/core/math/normal.ts';
import { chiSquareUpperTail, gammaUpperTail, logGamma } from '../../../../src/core/statistics/gamma.ts';
import { normalQuantile } from '../../../../src/core/statistics/normalQuantile.ts';
import { studentTCdf, studentTPdf, studentTQuantile } from '../../../../src/core/statistics/studentT.ts';

describe('normalQuantile', () => {
  it('undoes the distribution function, far tails included', () => {
    const logProbability = fc.double({ min: -700, max: Math.log(0.5), noNaN: true });
    fc.assert(
      fc.property(logProbability, (log) => {
        const probability = Math.exp(log);
        expect(Math.abs(Math.log(normalCdf(normalQuantile(probability))) - log)).toBeLessThan(
          1e-12 * (1 - log),
        );
      }),
    );
  });

  it('is odd about one half and refuses what is no probability', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.75)).toBe(-normalQuantile(0.25));
    expect(normalQuantile(5e-324)).toBeLessThan(-38);
    for (const bad of [0, 1, -1, Number.NaN]) expect(() => normalQuantile(bad)).toThrow(/probability/);
  });
});

describe('the gamma function', () => {
  it('is the factorial at whole numbers and sqrt(pi) at one half', () => {
    let factorial = 1;
    for (let n = 1; n < 25; n++) {
      expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 13);
      factorial *= n;
    }
    expect(Math.exp(logGamma(0.5))).toBeCloseTo(Math.sqrt(Math.PI), 13);
  });

  it('has the exponential tail at shape 1 and the normal one at shape 1/2, on both sides of the mean', () => {
    for (const x of [0.01, 0.5, 1, 1.9, 2.1, 5, 40, 300]) {
      expect(gammaUpperTail(1, x) / Math.exp(-x)).toBeCloseTo(1, 13);
      expect(chiSquareUpperTail(1, x) / (2 * normalCdf(-Math.sqrt(x)))).toBeCloseTo(1, 11);
    }
    expect(gammaUpperTail(3, 0)).toBe(1);
  });
});

describe("Student's t", () => {
  it('is the Cauchy distribution at one degree, and has a closed form at two', () => {
    for (const x of [-1e6, -30, -1, -0.1, 0, 0.3, 2, 50]) {
      expect(studentTCdf(x, 1)).toBeCloseTo(0.5 + Math.atan(x) / Math.PI, 13);
      expect(studentTCdf(x, 2)).toBeCloseTo(0.5 + x / (2 * Math.sqrt(2 + x * x)), 13);
    }
    expect(studentTPdf(0, 1)).toBeCloseTo(1 / Math.PI, 14);
  });

  it('becomes the normal distribution', () => {
    expect(studentTCdf(-1.5, 1e8)).toBeCloseTo(normalCdf(-1.5), 8);
  });

  it('has a quantile that undoes it', () => {
    const degrees = fc.double({ min: 0.5, max: 200, noNaN: true });
    const probability = fc.double({ min: 1e-6, max: 0.999999, noNaN: true });
    fc.assert(
      fc.property(degrees, probability, (nu, p) => {
        expect(studentTCdf(studentTQuantile(p, nu), nu)).toBeCloseTo(p, 11);
      }),
    );
  });
});
