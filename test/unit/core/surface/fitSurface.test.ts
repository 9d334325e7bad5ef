import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { fitSsvi } from '../../../../src/core/surface/fitSsvi.ts';
import { fitSurface } from '../../../../src/core/surface/fitSurface.ts';
import {
  powerLawCurvature,
  ssviConditions,
  ssviTotalVariance,
  sviFromSsvi,
} from '../../../../src/core/surface/ssvi.ts';
import { sviPoint, sviTotalVariance } from '../../../../src/core/surface/svi.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const expiries = [0.05, 0.2, 0.5, 1];
const strikes = [-0.6, -0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.4];
const ssvi = fc.record({
  rho: number(-0.7, 0.5),
  share: number(0.1, 0.9),
  gamma: number(0.1, 0.45),
  thetas: fc.tuple(number(0.01, 0.04), number(0.01, 0.1), number(0.01, 0.2), number(0.01, 0.3)),
});

/** The SSVI smiles of a drawn surface, inside the conditions that exclude arbitrage. */
function smilesOf({
  rho,
  share,
  gamma,
  thetas: rises,
}: typeof ssvi extends fc.Arbitrary<infer T> ? T : never) {
  const thetas = rises.map((_, i) => rises.slice(0, i + 1).reduce((sum, rise) => sum + rise, 0));
  const last = thetas.at(-1)!;
  const tilt = 1 + Math.abs(rho);
  const eta =
    share * Math.min((4 / tilt) * last ** (gamma - 1), (2 / Math.sqrt(tilt)) * last ** (gamma - 0.5));
  return thetas.map((theta) => ({ theta, rho, phi: powerLawCurvature(theta, { eta, gamma }) }));
}

const observe = (smiles: ReturnType<typeof smilesOf>, noise: () => number = () => 0) =>
  smiles.map((smile, i) => ({
    years: expiries[i]!,
    observations: strikes.map((logMoneyness) => ({
      logMoneyness,
      volatility: Math.sqrt(ssviTotalVariance(smile, logMoneyness) / expiries[i]!) + noise(),
    })),
  }));

describe('SSVI', () => {
  it('is the raw SVI smile that it is mapped to', () => {
    fc.assert(
      fc.property(ssvi, number(-2, 2), (drawn, k) => {
        for (const smile of smilesOf(drawn)) {
          expect(sviTotalVariance(sviFromSsvi(smile), k)).toBeCloseTo(ssviTotalVariance(smile, k), 12);
        }
      }),
    );
  });

  it('has no arbitrage where the conditions hold', () => {
    fc.assert(
      fc.property(ssvi, (drawn) => {
        const smiles = smilesOf(drawn);
        expect(smiles.every((smile) => ssviConditions(smile).hold)).toBe(true);
        const slices = smiles.map((parameters, i) => ({
          years: expiries[i]!,
          smile: { kind: 'ssvi' as const, parameters },
        }));
        expect(checkSmile(slices).isArbitrageFree).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('fitSsvi', () => {
  it('recovers the surface that made the observations, and has no arbitrage', () => {
    fc.assert(
      fc.property(ssvi, (drawn) => {
        const smiles = smilesOf(drawn);
        const fit = fitSsvi(observe(smiles));
        expect(fit.rootMeanSquareError).toBeLessThan(1e-5);
        expect(fit.rho).toBeCloseTo(drawn.rho, 2);
        fit.thetas.forEach((theta, i) => {
          expect(theta / smiles[i]!.theta).toBeCloseTo(1, 3);
        });
        expect(checkSmile(fit.surface.slices).isArbitrageFree).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('has no arbitrage on observations that have', () => {
    // Twice the curvature that theorem 4.2 allows.
    const smiles = [0.02, 0.05, 0.1, 0.2].map((theta) => ({
      theta,
      rho: -0.3,
      phi: powerLawCurvature(theta, { eta: 4, gamma: 0.5 }),
    }));
    const slices = smiles.map((parameters, i) => ({
      years: expiries[i]!,
      smile: { kind: 'ssvi' as const, parameters },
    }));
    expect(checkSmile(slices).isArbitrageFree).toBe(false);
    expect(checkSmile(fitSsvi(observe(smiles)).surface.slices).isArbitrageFree).toBe(true);
  });
});

describe('fitSurface', () => {
  it('comes through smiles that have no arbitrage', () => {
    fc.assert(
      fc.property(ssvi, (drawn) => {
        const smiles = smilesOf(drawn);
        const { surface, fits } = fitSurface(observe(smiles));
        expect(checkSmile(surface.slices).isArbitrageFree).toBe(true);
        for (const { rootMeanSquareError } of fits) expect(rootMeanSquareError).toBeLessThan(1e-3);
      }),
      { numRuns: 20 },
    );
  });

  it('returns no arbitrage, proved and on a grid, from noise that has much', () => {
    fc.assert(
      fc.property(ssvi, fc.integer({ min: 1, max: 1_000_000 }), number(0, 0.08), (drawn, seed, noise) => {
        const normal = normalSource(seededUniform(seed));
        const floor = 0.05;
        const observed = observe(smilesOf(drawn), () => noise * normal()).map(({ years, observations }) => ({
          years,
          observations: observations.map((one) => ({ ...one, volatility: Math.max(one.volatility, floor) })),
        }));
        const { surface, fits } = fitSurface(observed);
        const check = checkSmile(surface.slices);
        expect(check.isArbitrageFree).toBe(true);
        for (const { minimumG } of check.butterfly) expect(minimumG).toBeGreaterThan(-1e-9);
        for (const { crossedness } of check.calendar) expect(crossedness).toBeLessThan(1e-9);
        for (const { rootMeanSquareError } of fits) expect(rootMeanSquareError).toBeLessThan(0.3);
      }),
      { numRuns: 40 },
    );
  });

  it('lets the expiry with the fewer strikes give way', () => {
    const wide = { a: 0.02, b: 0.12, rho: -0.2, m: 0, sigma: 0.15 };
    // Parallel near the forward, where the later one is observed, but bent the other way beyond.
    const later = { a: 0.035, b: 0.06, rho: -0.2, m: 0, sigma: 0.3 };
    const observations = (smile: typeof wide, years: number, reach: number) =>
      Array.from({ length: 15 }, (_, i) => {
        const logMoneyness = reach * (i / 7 - 1);
        return { logMoneyness, volatility: Math.sqrt(sviPoint(smile, logMoneyness).totalVariance / years) };
      });
    const { surface, fits } = fitSurface([
      { years: 0.1, observations: observations(wide, 0.1, 0.8) },
      { years: 0.2, observations: observations(later, 0.2, 0.1) },
    ]);
    expect(checkSmile(surface.slices).isArbitrageFree).toBe(true);
    for (const { rootMeanSquareError } of fits) expect(rootMeanSquareError).toBeLessThan(0.01);
  });

  it('needs expiries, and different ones', () => {
    const [expiry] = observe(smilesOf({ rho: 0, share: 0.5, gamma: 0.4, thetas: [0.02, 0.02, 0.02, 0.02] }));
    expect(() => fitSurface([])).toThrow('expiries.length');
    expect(() => fitSurface([expiry!, expiry!])).toThrow('years');
  });
});
