import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { normalCdf } from '../../../../src/core/math/normal.ts';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { durrlemanG } from '../../../../src/core/surface/durrleman.ts';
import type { SmileSlice } from '../../../../src/core/surface/smile.ts';
import { type SviParameters, sviPoint } from '../../../../src/core/surface/svi.ts';
import { sviButterflyArbitrage } from '../../../../src/core/surface/sviButterfly.ts';
import { sviCalendarArbitrage } from '../../../../src/core/surface/sviCalendar.ts';
import { anySmile } from '../../../support/smiles.ts';

const svi = (parameters: SviParameters, years = 1): SmileSlice => ({
  years,
  smile: { kind: 'svi', parameters },
});
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const plain = { a: 0.02, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };

/** Undiscounted call of forward 1 from the smile. */
function callPrice(smile: SviParameters, k: number): number {
  const deviation = Math.sqrt(sviPoint(smile, k).totalVariance);
  const d1 = -k / deviation + deviation / 2;
  return normalCdf(d1) - Math.exp(k) * normalCdf(d1 - deviation);
}

describe('butterfly arbitrage', () => {
  it('of Durrleman is that of call prices that are not convex in the strike', () => {
    fc.assert(
      fc.property(anySmile, number(-0.6, 0.6), (smile, k) => {
        const g = durrlemanG(k, sviPoint(smile, k));
        const h = 2e-3 * Math.min(smile.sigma, 0.2) * Math.exp(k);
        const strike = Math.exp(k);
        const [below, here, above] = [strike - h, strike, strike + h].map((x) =>
          callPrice(smile, Math.log(x)),
        );
        const density = (below! - 2 * here! + above!) / (h * h);
        fc.pre(Math.abs(g) > 0.05 && Math.abs(density) > 1e-3);
        expect(Math.sign(density)).toBe(Math.sign(g));
      }),
    );
  });

  it('is proved absent, or shown where it is', () => {
    fc.assert(
      fc.property(anySmile, (smile) => {
        const [check] = checkSmile(svi(smile), { range: [-6, 6] }).butterfly;
        const at = sviButterflyArbitrage(smile);
        expect(check!.isFree).toBe(at === undefined);
        if (at === undefined) expect(check!.minimumG).toBeGreaterThan(-1e-9);
        else if (Number.isFinite(at)) expect(durrlemanG(at, sviPoint(smile, at))).toBeLessThan(1e-9);
        else expect(smile.b * (1 + Math.sign(at) * smile.rho)).toBeGreaterThanOrEqual(2 - 1e-12);
      }),
      { numRuns: 500 },
    );
  });

  it('begins where the least g is 0', () => {
    fc.assert(
      fc.property(anySmile, (smile) => {
        const steepened = (b: number) => ({ ...smile, a: smile.a + smile.b * smile.sigma, b });
        let [free, not] = [1e-3, 1.9 / (1 + Math.abs(smile.rho))];
        fc.pre(sviButterflyArbitrage(steepened(free)) === undefined);
        fc.pre(sviButterflyArbitrage(steepened(not)) !== undefined);
        for (let i = 0; i < 40; i++) {
          const middle = (free + not) / 2;
          if (sviButterflyArbitrage(steepened(middle)) === undefined) free = middle;
          else not = middle;
        }
        const [check] = checkSmile(svi(steepened(free)), { range: [-8, 8] }).butterfly;
        expect(Math.abs(check!.minimumG)).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('is found at whatever strike it hides', () => {
    // A tight turn beyond which nobody looks: g dips below 0 in a window of a few hundredths.
    const smile = { a: 0.3, b: 0.6, rho: 0, m: 2.5, sigma: 0.4 };
    const check = checkSmile(svi(smile), { range: [-1, 1] }).butterfly[0]!;
    expect(check.minimumG).toBeGreaterThan(0);
    expect(check.isFree).toBe(false);
    const at = check.arbitrageAt!;
    expect(durrlemanG(at, sviPoint(smile, at))).toBeLessThan(0);
  });

  it('is in a wing steeper than 2', () => {
    const steep = { a: 0.2, b: 1.2, rho: 0.7, m: 0, sigma: 0.5 };
    expect(sviButterflyArbitrage(steep)).toBe(Number.POSITIVE_INFINITY);
    expect(sviButterflyArbitrage({ ...steep, rho: -0.7 })).toBe(Number.NEGATIVE_INFINITY);
  });

  it('is looked for on a grid where there is no proof', () => {
    const slice: SmileSlice = {
      years: 1,
      smile: { kind: 'sabr', forward: 100, parameters: { alpha: 0.3, beta: 1, rho: -0.3, nu: 0.5 } },
    };
    const [check] = checkSmile(slice, { range: [-0.5, 0.5] }).butterfly;
    expect(check).toMatchObject({ isFree: true, scope: 'range' });
    // Hagan's expansion breaks down at long times.
    const long = { ...slice, years: 20 };
    expect(checkSmile(long, { range: [-2, 2] }).isArbitrageFree).toBe(false);
  });
});

describe('calendar arbitrage', () => {
  it('is proved absent, or shown where it is', () => {
    fc.assert(
      fc.property(
        anySmile,
        anySmile,
        fc.boolean(),
        fc.array(number(-6, 6), { minLength: 60, maxLength: 60 }),
        (earlier, other, isNear, strikes) => {
          // Neighbours are alike; unlike smiles nearly always cross.
          const later = isNear ? { ...earlier, a: earlier.a + 0.01, m: earlier.m + 0.02 * other.m } : other;
          const at = sviCalendarArbitrage(earlier, later);
          const gap = (k: number) => sviPoint(later, k).totalVariance - sviPoint(earlier, k).totalVariance;
          if (at === undefined) {
            for (const k of [earlier.m, later.m, ...strikes]) expect(gap(k)).toBeGreaterThan(-1e-10);
          } else if (Number.isFinite(at)) {
            expect(gap(at)).toBeLessThan(0);
          } else {
            const slope = ({ b, rho }: SviParameters) => b * (1 + Math.sign(at) * rho);
            expect(slope(earlier)).toBeGreaterThanOrEqual(slope(later) - 1e-9);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('is none between a smile and itself, and none below a parallel one', () => {
    expect(sviCalendarArbitrage(plain, plain)).toBeUndefined();
    expect(sviCalendarArbitrage(plain, { ...plain, a: 0.021 })).toBeUndefined();
    expect(sviCalendarArbitrage(plain, { ...plain, a: 0.019 })).toBeDefined();
  });

  it('is measured by how far the earlier smile exceeds the later', () => {
    const [check] = checkSmile([svi(plain, 1), svi({ ...plain, a: 0.015 }, 2)]).calendar;
    expect(check!.isFree).toBe(false);
    expect(check!.crossedness).toBeCloseTo(0.005, 12);
  });

  it('takes slices in order of time, however they are given', () => {
    const later = svi({ ...plain, a: 0.03 }, 2);
    expect(checkSmile([later, svi(plain, 1)]).isArbitrageFree).toBe(true);
  });
});

describe('checkSmile refuses', () => {
  it.each([
    ['slices.length', [], undefined],
    ['years', [svi(plain, 1), svi(plain, 1)], undefined],
    ['range', [svi(plain)], { range: [1, -1] as const }],
    ['sigma', [svi({ ...plain, sigma: -1 })], undefined],
  ])('a wrong %s', (field, slices, options) => {
    expect(() => checkSmile(slices, options)).toThrow(InvalidInputError);
    expect(() => checkSmile(slices, options)).toThrow(field);
  });
});
