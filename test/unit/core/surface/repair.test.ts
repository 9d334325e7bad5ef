import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { repairButterfly, ssviJumpWings } from '../../../../src/core/surface/repairButterfly.ts';
import { repairCalendar } from '../../../../src/core/surface/repairCalendar.ts';
import { sviPoint } from '../../../../src/core/surface/svi.ts';
import { sviButterflyArbitrage } from '../../../../src/core/surface/sviButterfly.ts';
import { sviCalendarArbitrage } from '../../../../src/core/surface/sviCalendar.ts';
import { anySmile } from '../../../support/smiles.ts';

/** A. Vogt's smile, with butterfly arbitrage to the right of the forward. */
const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

describe('repairButterfly', () => {
  it('leaves a smile without arbitrage as it is', () => {
    fc.assert(
      fc.property(anySmile, (smile) => {
        fc.pre(sviButterflyArbitrage(smile) === undefined);
        expect(repairButterfly(smile, 0.5)).toBe(smile);
      }),
    );
  });

  it('gives a smile that passes, whatever it is given', () => {
    fc.assert(
      fc.property(anySmile, fc.double({ min: 0.01, max: 2, noNaN: true }), (smile, years) => {
        const repaired = repairButterfly(smile, years);
        const check = checkSmile({ years, smile: { kind: 'svi', parameters: repaired } });
        expect(check.isArbitrageFree).toBe(true);
        expect(check.butterfly[0]!.minimumG).toBeGreaterThan(-1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('moves a smile less than the guaranteed repair does', () => {
    const nearest = repairButterfly(vogt, 1);
    const change = [-0.5, -0.2, 0, 0.2, 0.5].map((k) =>
      Math.abs(sviPoint(nearest, k).totalVariance / sviPoint(vogt, k).totalVariance - 1),
    );
    expect(Math.max(...change)).toBeLessThan(0.2);
    expect(Math.max(...change)).toBeGreaterThan(0);
  });

  it('has the published guaranteed repair at its end', () => {
    const repaired = ssviJumpWings({
      variance: 0.01742625,
      skew: -0.1752111,
      putSlope: 0.6997381,
      callSlope: 1.316798,
      minimumVariance: 0.0116249,
    });
    expect(repaired.callSlope).toBeCloseTo(0.3493158, 6);
    expect(repaired.minimumVariance).toBeCloseTo(0.01548182, 6);
  });
});

describe('repairCalendar', () => {
  it('gives smiles that pass, whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(anySmile, { minLength: 2, maxLength: 4 }), (smiles) => {
        const repaired = repairCalendar(smiles.map((parameters, i) => ({ years: (i + 1) / 4, parameters })));
        const check = checkSmile(
          repaired.map(({ years, parameters }) => ({ years, smile: { kind: 'svi', parameters } })),
        );
        expect(check.isArbitrageFree).toBe(true);
        for (const { crossedness } of check.calendar) expect(crossedness).toBeLessThan(1e-9);
      }),
      { numRuns: 100 },
    );
  });

  it('lifts a smile that crosses by no more than it must', () => {
    const early = { a: 0.02, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };
    const late = { ...early, a: 0.019 };
    const [first, second] = repairCalendar([
      { years: 0.1, parameters: early },
      { years: 0.2, parameters: late },
    ]);
    expect(first!.parameters).toBe(early);
    expect(second!.parameters.a).toBeCloseTo(0.02, 8);
    expect(sviCalendarArbitrage(early, second!.parameters)).toBeUndefined();
  });

  it('leaves smiles without arbitrage as they are', () => {
    const early = { a: 0.02, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };
    const late = { ...early, a: 0.03 };
    expect(
      repairCalendar([
        { years: 0.2, parameters: late },
        { years: 0.1, parameters: early },
      ]),
    ).toEqual([
      { years: 0.1, parameters: early },
      { years: 0.2, parameters: late },
    ]);
  });
});
