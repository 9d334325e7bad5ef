import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { black76 } from '../../../../src/core/options/black76.ts';
import { durrlemanG } from '../../../../src/core/surface/durrleman.ts';
import { halfLifeWeights, smoothedVolatility } from '../../../../src/core/surface/smoothing.ts';
import {
  surfacePoint,
  surfaceSkew,
  surfaceVolatility,
  volatilitySurface,
} from '../../../../src/core/surface/surface.ts';
import { surfaceDelta } from '../../../../src/core/surface/surfaceDelta.ts';
import { sviPoint } from '../../../../src/core/surface/svi.ts';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const short = { a: 0.01, b: 0.1, rho: -0.4, m: 0, sigma: 0.15 };
const long = { a: 0.05, b: 0.15, rho: -0.3, m: 0.02, sigma: 0.25 };
const surface = volatilitySurface([
  { years: 0.5, smile: { kind: 'svi', parameters: long } },
  { years: 0.1, smile: { kind: 'svi', parameters: short } },
]);
const query = { strike: 1800, forward: 2000, years: 0.2 };

describe('surfaceVolatility', () => {
  it('is that of the smile at its expiry', () => {
    for (const [years, smile] of [
      [0.1, short],
      [0.5, long],
    ] as const) {
      const k = Math.log(query.strike / query.forward);
      const expected = Math.sqrt(sviPoint(smile, k).totalVariance / years);
      expect(surfaceVolatility(surface, { ...query, years })).toBeCloseTo(expected, 14);
    }
  });

  it('is linear in total variance at one forward moneyness between expiries', () => {
    const k = Math.log(query.strike / query.forward);
    const [first, second] = [sviPoint(short, k).totalVariance, sviPoint(long, k).totalVariance];
    const expected = first + (second - first) * ((0.2 - 0.1) / (0.5 - 0.1));
    expect(surfaceVolatility(surface, query) ** 2 * 0.2).toBeCloseTo(expected, 14);
  });

  it('stays what it is before the first expiry and after the last', () => {
    const at = (years: number) => surfaceVolatility(surface, { ...query, years });
    expect(at(0.001)).toBeCloseTo(at(0.1), 14);
    expect(at(3)).toBeCloseTo(at(0.5), 14);
  });

  it('has no calendar arbitrage between expiries that have none, and depends on moneyness alone', () => {
    fc.assert(
      fc.property(
        number(0.01, 2),
        number(0.01, 2),
        number(-1, 1),
        number(100, 5000),
        (one, other, k, forward) => {
          const total = (years: number) =>
            surfaceVolatility(surface, { strike: forward * Math.exp(k), forward, years }) ** 2 * years;
          const [sooner, later] = [Math.min(one, other), Math.max(one, other)];
          expect(total(later)).toBeGreaterThanOrEqual(total(sooner) * (1 - 1e-12));
          expect(durrlemanG(k, surfacePoint(surface, one, k))).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('survives being written down', () => {
    const copy = JSON.parse(JSON.stringify(surface)) as typeof surface;
    expect(surfaceVolatility(copy, query)).toBe(surfaceVolatility(surface, query));
  });

  it('takes SSVI and SABR slices as well', () => {
    const mixed = volatilitySurface([
      { years: 0.1, smile: { kind: 'ssvi', parameters: { theta: 0.03, rho: -0.2, phi: 2 } } },
      {
        years: 0.5,
        smile: { kind: 'sabr', forward: 2000, parameters: { alpha: 0.6, beta: 1, rho: -0.2, nu: 0.8 } },
      },
    ]);
    const [first, second] = [0.1, 0.5].map((years) => surfaceVolatility(mixed, { ...query, years }));
    const middle = surfaceVolatility(mixed, { ...query, years: 0.3 });
    expect(middle).toBeGreaterThan(Math.min(first!, second!));
    expect(middle).toBeLessThan(Math.max(first!, second!));
  });

  it.each([
    ['strike', { strike: 0 }],
    ['years', { years: 0 }],
    ['forward', { forward: Number.NaN }],
  ])('refuses a wrong %s', (field, change) => {
    expect(() => surfaceVolatility(surface, { ...query, ...change })).toThrow(field);
  });

  it('needs slices of different expiries', () => {
    expect(() => volatilitySurface([])).toThrow('slices.length');
    expect(() => volatilitySurface([surface.slices[0]!, surface.slices[0]!])).toThrow('years');
  });
});

describe('surfaceDelta', () => {
  const option = { ...query, type: 'put' as const, rate: 0.03 };
  const price = (forward: number, volatility: number) => black76({ ...option, forward, volatility }).price;
  const h = 1e-3;

  it('by sticky strike is the change of value when the volatility of the strike stays', () => {
    const volatility = surfaceVolatility(surface, option);
    const difference = (price(2000 + h, volatility) - price(2000 - h, volatility)) / (2 * h);
    expect(surfaceDelta(surface, { ...option, deltaModel: 'stickyStrike' })).toBeCloseTo(difference, 8);
  });

  it('by sticky delta is the change of value when the smile moves along', () => {
    const moved = (forward: number) => price(forward, surfaceVolatility(surface, { ...option, forward }));
    const difference = (moved(2000 + h) - moved(2000 - h)) / (2 * h);
    expect(surfaceDelta(surface, { ...option, deltaModel: 'stickyDelta' })).toBeCloseTo(difference, 8);
  });

  it('is larger by sticky delta where the smile falls', () => {
    expect(surfaceSkew(surface, option)).toBeLessThan(0);
    expect(surfaceDelta(surface, { ...option, deltaModel: 'stickyDelta' })).toBeGreaterThan(
      surfaceDelta(surface, { ...option, deltaModel: 'stickyStrike' }),
    );
  });
});

describe('smoothing', () => {
  const times = fc
    .array(number(0.1, 1000), { minLength: 1, maxLength: 8 })
    .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 0)));

  it('weighs all observations to 1', () => {
    fc.assert(
      fc.property(times, number(1, 1000), (seconds, halfLife) => {
        const weights = halfLifeWeights(seconds, halfLife);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('goes half of the way to a new level in one half-life', () => {
    expect(halfLifeWeights([0, 600], 600)).toEqual([0.5, 0.5]);
    expect(halfLifeWeights([0, 600], 300)).toEqual([0.25, 0.75]);
  });

  it('does not depend on how often the same level is observed', () => {
    const [ofTheStart] = halfLifeWeights([0, 900], 600);
    expect(halfLifeWeights([0, 300, 301, 302, 900], 600)[0]).toBeCloseTo(ofTheStart!, 12);
  });

  it('of surfaces lies between them, nearer to where the time was spent', () => {
    const higher = volatilitySurface(
      surface.slices.map(({ years }, i) => ({
        years,
        smile: { kind: 'svi', parameters: i === 0 ? { ...short, a: 0.02 } : { ...long, a: 0.08 } },
      })),
    );
    const history = [
      { seconds: 1_000, value: surface },
      { seconds: 2_200, value: higher },
    ];
    // The same day of expiry was 1,200 seconds further away then.
    const before = surfaceVolatility(surface, { ...query, years: query.years + 1_200 / SECONDS_PER_YEAR });
    const now = surfaceVolatility(higher, query);
    expect(now - before).toBeGreaterThan(0.02);
    expect(smoothedVolatility(history, query, 600)).toBeCloseTo(before + 0.75 * (now - before), 12);
    expect(smoothedVolatility(history.slice(0, 1), query, 600)).toBe(surfaceVolatility(surface, query));
  });

  it('refuses times that do not rise and half-lives that are none', () => {
    expect(() => halfLifeWeights([1, 1], 60)).toThrow('seconds[1]');
    expect(() => halfLifeWeights([], 60)).toThrow('seconds.length');
    expect(() => halfLifeWeights([1], 0)).toThrow('halfLifeSeconds');
    expect(() => halfLifeWeights([Number.NaN], 60)).toThrow('seconds[0]');
  });
});
