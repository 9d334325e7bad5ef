import { describe, expect, it } from 'vitest';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';
import { estimateIrregularVolatility, estimateVolatility } from '../../../../src/core/volatility/estimate.ts';
import { ewmaVolatility } from '../../../../src/core/volatility/ewma.ts';
import { irregularEwmaVolatility } from '../../../../src/core/volatility/irregular.ts';
import type { PriceObservation } from '../../../../src/core/volatility/observations.ts';
import { simulatedReturns } from '../../../support/garchSeries.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const truth = 0.8;
const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

/** Log prices of a driftless diffusion at equal steps of `seconds`. */
function diffusion(seed: number, seconds: number, steps: number, volatility = truth): number[] {
  const normal = normalSource(seededUniform(seed));
  const deviation = volatility * Math.sqrt(seconds / SECONDS_PER_YEAR);
  let at = 0;
  return [0, ...Array.from({ length: steps }, () => (at += deviation * normal()))];
}

const differences = (levels: readonly number[]) =>
  levels.slice(1).map((level, index) => level - levels[index]!);

/** How many standard errors each estimate is from the truth: mean, and share within one and two. */
function scoreOf(estimates: readonly { readonly volatility: number; readonly stdError: number }[]) {
  const scores = estimates.map(({ volatility, stdError }) => (volatility - truth) / stdError);
  const share = (within: number) => scores.filter((score) => Math.abs(score) < within).length / scores.length;
  const mean = estimates.reduce((sum, { volatility }) => sum + volatility, 0) / estimates.length;
  return { mean, one: share(1), two: share(2) };
}

describe('a volatility from equally spaced returns', () => {
  const returnsOf = (seed: number, steps: number) => differences(diffusion(seed, 3_600, steps));

  it.each([
    ['realized', { kind: 'realized' } as const, 200],
    ['ewma', { kind: 'ewma', halfLifeSeconds: 24 * 3_600 } as const, 400],
  ])('%s: its standard error says how far it scatters about the truth', (_, method, steps) => {
    const { mean, one, two } = scoreOf(
      seeds.map((seed) =>
        estimateVolatility(
          { logReturns: returnsOf(seed, steps), intervalSeconds: 3_600, areOfMeans: false },
          method,
        ),
      ),
    );
    expect(mean).toBeCloseTo(truth, 1.7);
    expect(one).toBeGreaterThan(0.6);
    expect(one).toBeLessThan(0.78);
    expect(two).toBeGreaterThan(0.91);
  });

  it('of mean prices: the same, though means move less than prices', () => {
    const perInterval = 50;
    const estimates = seeds.map((seed) => {
      const levels = diffusion(seed, 72, 300 * perInterval).slice(1);
      const means = Array.from({ length: 300 }, (_, k) => {
        const inside = levels.slice(k * perInterval, (k + 1) * perInterval);
        return inside.reduce((sum, level) => sum + level, 0) / perInterval;
      });
      const series = { logReturns: differences(means), intervalSeconds: 3_600, areOfMeans: true };
      return estimateVolatility(series, { kind: 'realized' });
    });
    const { mean, one, two } = scoreOf(estimates);
    expect(mean).toBeGreaterThan(0.79);
    expect(mean).toBeLessThan(0.81);
    expect(one).toBeGreaterThan(0.6);
    expect(two).toBeGreaterThan(0.91);
  });

  it('forgets as ewmaVolatility does, once what came before the first return no longer counts', () => {
    const logReturns = returnsOf(5, 2_000);
    const series = { logReturns, intervalSeconds: 3_600, areOfMeans: false };
    const { volatility } = estimateVolatility(series, { kind: 'ewma', halfLifeSeconds: 20 * 3_600 });
    expect(volatility).toBeCloseTo(
      ewmaVolatility(logReturns, { halfLife: 20, periodsPerYear: SECONDS_PER_YEAR / 3_600 }),
      12,
    );
  });

  it('garch: expects the horizon’s average, between now and the long run, with an error for what is not known', () => {
    const parameters = { mu: 0, omega: 1e-6, alpha: 0.08, beta: 0.9, gamma: 0 };
    const logReturns = simulatedReturns({ model: 'garch', parameters }, 3_000, 3);
    const series = { logReturns, intervalSeconds: 3_600, areOfMeans: false };
    const at = (hours: number) =>
      estimateVolatility(series, { kind: 'garch', model: 'garch', horizonSeconds: hours * 3_600 });
    const realized = estimateVolatility(series, { kind: 'realized' });
    const [soon, later, late] = [at(1), at(48), at(24 * 60)];
    expect(Math.abs(late.volatility - realized.volatility)).toBeLessThan(
      Math.abs(soon.volatility - realized.volatility),
    );
    expect(Math.min(soon.volatility, late.volatility)).toBeLessThan(later.volatility);
    expect(later.volatility).toBeLessThan(Math.max(soon.volatility, late.volatility));
    for (const { volatility, stdError } of [soon, later, late]) {
      expect(stdError).toBeGreaterThanOrEqual(realized.stdError * 0.5);
      expect(stdError).toBeLessThan(volatility / 2);
    }
  });

  it('refuses an anecdote', () => {
    const series = { logReturns: new Array(19).fill(0.01), intervalSeconds: 60, areOfMeans: false };
    expect(() => estimateVolatility(series, { kind: 'realized' })).toThrow(/logReturns.length is 19/);
  });
});

describe('a volatility from prices at any moments', () => {
  const options = { halfLifeSeconds: 5 * 86_400, maxGapSeconds: 86_400 };

  /** Reports as a price feed makes them: when the price has moved by the threshold, or after the heartbeat. */
  function reports(seed: number): PriceObservation[] {
    const stepSeconds = 12;
    const [thresholdLog, heartbeatSeconds] = [0.005, 3_600];
    const levels = diffusion(seed, stepSeconds, 50_000);
    const found: PriceObservation[] = [{ timestampSeconds: 0, price: 1 }];
    levels.forEach((level, index) => {
      const timestampSeconds = index * stepSeconds;
      const last = found.at(-1)!;
      const isDue = timestampSeconds - last.timestampSeconds >= heartbeatSeconds;
      if (isDue || Math.abs(level - Math.log(last.price)) >= thresholdLog) {
        found.push({ timestampSeconds, price: Math.exp(level) });
      }
    });
    return found;
  }

  it('is irregularEwmaVolatility', () => {
    const observations = reports(1);
    expect(estimateIrregularVolatility(observations, options).volatility).toBe(
      irregularEwmaVolatility(observations, options),
    );
  });

  it('of a feed that reports on deviation and heartbeat: its standard error says how far it scatters', () => {
    const { mean, one, two } = scoreOf(
      seeds.slice(0, 120).map((seed) => estimateIrregularVolatility(reports(seed), options)),
    );
    expect(mean).toBeGreaterThan(0.79);
    expect(mean).toBeLessThan(0.82);
    expect(one).toBeGreaterThan(0.57);
    expect(two).toBeGreaterThan(0.89);
  });
});
