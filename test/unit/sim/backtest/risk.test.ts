import { describe, expect, it } from 'vitest';
import { standardDeviation } from '../../../../src/core/report/performance.ts';
import { expectedShortfall } from '../../../../src/core/risk/tail/valueAtRisk.ts';
import { HourlyError, riskFigures } from '../../../../src/sim/backtest/risk.ts';
import { randomStream } from '../../../../src/sim/random.ts';
import { figuresOf } from '../../../../src/sim/study/runFigures.ts';

const DAYS = 400;
const PER_SECOND = 1 / 60;

/** One unit of net delta over a price that moves as a random walk, seen in steps of some length. */
function errorOf(stepSeconds: number, startSeconds = 0): HourlyError {
  const random = randomStream(5, `steps of ${stepSeconds}`);
  const error = new HourlyError();
  const deviation = PER_SECOND * Math.sqrt(stepSeconds);
  for (let at = 0; at < DAYS * 86_400; at += stepSeconds)
    error.add(startSeconds + at, stepSeconds, 1, deviation * random.normal());
  return error;
}

describe('the hedging error', () => {
  it('is that of an hour, whatever the length of a step and wherever hours begin', () => {
    // Two and a half standard errors of the deviation of so many sums.
    for (const [stepSeconds, start] of [
      [300, 0],
      [300, 1_500],
      [2_400, 0],
      [3_600, 0],
      [3_600, 1_800],
      [5_400, 0],
      [14_400, 0],
    ] as const) {
      const error = errorOf(stepSeconds, start);
      const { hedgingError } = riskFigures(error, new Float64Array([1, 1]));
      const steps = (DAYS * 86_400) / Math.max(stepSeconds, 3_600);
      expect(Math.abs(hedgingError - 1), `${stepSeconds} s`).toBeLessThan(2.5 / Math.sqrt(2 * steps));
    }
  });

  it('is the plain standard deviation where every sum is one of a whole hour', () => {
    const error = errorOf(600);
    const sums = [...error.sums];
    expect(error.hours).toBe(sums.length);
    expect(riskFigures(error, new Float64Array([1, 1]))).toMatchObject({
      hedgingError: standardDeviation(sums),
      expectedShortfall99: expectedShortfall(sums, { confidence: 0.99 }),
    });
  });

  it('is the same by weeks as for the whole run', () => {
    for (const stepSeconds of [2_400, 14_400]) {
      const error = errorOf(stepSeconds);
      const half = Math.floor(error.sums.length / 2);
      const halves = [error.sums.slice(0, half), error.sums.slice(half)];
      const blocks = halves.map((hourlyError, week) => {
        const hours = (error.hours * hourlyError.length) / error.sums.length;
        return { path: 'path', week, cost: 1, hours, hourlyError };
      });
      const whole = riskFigures(error, new Float64Array([1, 1]));
      const { hedgingError, expectedShortfall99 } = figuresOf(blocks)();
      expect(hedgingError / whole.hedgingError).toBeCloseTo(1, 9);
      expect(expectedShortfall99 / whole.expectedShortfall99).toBeCloseTo(1, 9);
    }
  });
});
