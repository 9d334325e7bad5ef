import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { black76 } from '../../../../src/core/options/black76.ts';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { fitSvi } from '../../../../src/core/surface/fitSvi.ts';
import { type SmileObservation, vegaWeight } from '../../../../src/core/surface/points.ts';
import { type SviParameters, sviPoint } from '../../../../src/core/surface/svi.ts';
import { sviButterflyArbitrage } from '../../../../src/core/surface/sviButterfly.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';
import { marketSmile } from '../../../support/smiles.ts';

const years = 0.25;
const strikes = Array.from({ length: 25 }, (_, i) => -0.6 + i / 20);
const volatilityAt = (smile: SviParameters, k: number) => Math.sqrt(sviPoint(smile, k).totalVariance / years);
const observe = (smile: SviParameters, noise: () => number = () => 0): SmileObservation[] =>
  strikes.map((logMoneyness) => ({ logMoneyness, volatility: volatilityAt(smile, logMoneyness) + noise() }));
const smile = { a: 0.04, b: 0.15, rho: -0.3, m: 0.02, sigma: 0.2 };

describe('fitSvi', () => {
  it('recovers the smile that made the observations', () => {
    fc.assert(
      fc.property(marketSmile, (truth) => {
        fc.pre(sviButterflyArbitrage(truth) === undefined);
        const { parameters, rootMeanSquareError, converged } = fitSvi({
          observations: observe(truth),
          years,
        });
        expect(converged).toBe(true);
        expect(rootMeanSquareError).toBeLessThan(1e-6);
        for (const name of ['a', 'b', 'rho', 'm', 'sigma'] as const) {
          expect(parameters[name]).toBeCloseTo(truth[name], 3);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('sees through noise', () => {
    const normal = normalSource(seededUniform(3));
    const { parameters } = fitSvi({ observations: observe(smile, () => 0.004 * normal()), years });
    for (const k of [-0.4, 0, 0.4]) {
      expect(Math.abs(volatilityAt(parameters, k) - volatilityAt(smile, k))).toBeLessThan(0.004);
    }
  });

  it('believes observations by their weight', () => {
    const wrong = observe(smile).map((observation, i) =>
      i % 2 === 0 ? observation : { ...observation, volatility: observation.volatility + 0.1, weight: 0 },
    );
    const { parameters } = fitSvi({ observations: wrong, years });
    for (const k of strikes) expect(volatilityAt(parameters, k)).toBeCloseTo(volatilityAt(smile, k), 6);
  });

  it('returns no arbitrage where the observations have it', () => {
    const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const observations = Array.from({ length: 30 }, (_, i) => {
      const logMoneyness = -1.5 + i / 10;
      return { logMoneyness, volatility: Math.sqrt(sviPoint(vogt, logMoneyness).totalVariance) };
    });
    const { parameters, rootMeanSquareError } = fitSvi({ observations, years: 1 });
    const check = checkSmile({ years: 1, smile: { kind: 'svi', parameters } });
    expect(check.isArbitrageFree).toBe(true);
    expect(check.butterfly[0]!.minimumG).toBeGreaterThanOrEqual(0);
    expect(rootMeanSquareError).toBeLessThan(0.01);
  });

  it('keeps to its bounds', () => {
    const bounds = {
      rightSlope: [0.05, 0.08],
      sigma: [0.3, 0.5],
      m: [-0.1, 0],
      leftSlope: [0.1, 0.3],
    } as const;
    const { parameters } = fitSvi({ observations: observe(smile), years, bounds });
    const within = (value: number, [from, to]: readonly [number, number]) => {
      expect(value).toBeGreaterThanOrEqual(from - 1e-12);
      expect(value).toBeLessThanOrEqual(to + 1e-12);
    };
    within(parameters.b * (1 + parameters.rho), bounds.rightSlope);
    within(parameters.b * (1 - parameters.rho), bounds.leftSlope);
    within(parameters.sigma, bounds.sigma);
    within(parameters.m, bounds.m);
  });

  it('gives way to a floor and to a ceiling, to a tenth of a volatility point', () => {
    const overrun = (under: SviParameters, over: SviParameters) =>
      Math.max(...strikes.map((k) => volatilityAt(under, k) - volatilityAt(over, k)));
    const floor = { ...smile, a: smile.a + 0.004 };
    const above = fitSvi({ observations: observe(smile), years, floor });
    expect(overrun(floor, smile)).toBeGreaterThan(0.01);
    expect(overrun(floor, above.parameters)).toBeLessThan(0.001);
    const ceiling = { ...smile, a: smile.a - 0.004 };
    const below = fitSvi({ observations: observe(smile), years, ceiling });
    expect(overrun(below.parameters, ceiling)).toBeLessThan(0.001);
  });

  it('weighs with the vega of the option over its forward', () => {
    const [forward, k, volatility] = [2000, 0.2, 0.7];
    const { vega } = black76({
      type: 'call',
      forward,
      strike: forward * Math.exp(k),
      years,
      rate: 0,
      volatility,
    });
    expect(vegaWeight({ logMoneyness: k, volatility }, years)).toBeCloseTo(vega / forward, 12);
  });

  it.each([
    ['years', { years: 0 }],
    ['observations.length', { observations: observe(smile).slice(0, 4) }],
    ['observations[0].volatility', { observations: [{ logMoneyness: 0, volatility: 0 }] }],
    ['observations[0].logMoneyness', { observations: [{ logMoneyness: Number.NaN, volatility: 1 }] }],
    ['observations[0].weight', { observations: [{ logMoneyness: 0, volatility: 1, weight: -1 }] }],
  ])('refuses a wrong %s', (field, change) => {
    const input = { observations: observe(smile), years, ...change };
    expect(() => fitSvi(input)).toThrow(InvalidInputError);
    expect(() => fitSvi(input)).toThrow(field);
  });
});
