import { describe, expect, it } from 'vitest';
import { checkSmile } from '../../../../src/core/surface/checkSmile.ts';
import { durrlemanG } from '../../../../src/core/surface/durrleman.ts';
import { fitSabr } from '../../../../src/core/surface/fitSabr.ts';
import { ssviJumpWings } from '../../../../src/core/surface/repairButterfly.ts';
import { sabrVolatility } from '../../../../src/core/surface/sabr.ts';
import {
  powerLawCurvature,
  ssviConditions,
  ssviTotalVariance,
  sviFromSsvi,
} from '../../../../src/core/surface/ssvi.ts';
import { type SviParameters, sviPoint, sviTotalVariance } from '../../../../src/core/surface/svi.ts';
import { sviFromJumpWings } from '../../../../src/core/surface/sviJumpWings.ts';
import { hasSharedData, type ReferenceItem, referenceItems } from '../../../support/sharedData.ts';

type Numbers = Readonly<Record<string, number>>;
// biome-ignore lint/suspicious/noExplicitAny: each kind of item has its own fields, named in its check below
type Item = ReferenceItem<any, any> & { readonly tolerance: any };

const items = referenceItems('vol_surface') as readonly Item[];
const raw = ([a, b, rho, m, sigma]: readonly number[]): SviParameters =>
  ({ a, b, rho, m, sigma }) as SviParameters;
const slice = (parameters: SviParameters, years = 1) => ({
  years,
  smile: { kind: 'svi' as const, parameters },
});

function near(found: number, wanted: number, tolerance: number, name?: string): void {
  expect(Math.abs(found - wanted), name).toBeLessThanOrEqual(tolerance);
}

/** How an item is checked, by the beginning of its name. */
const checks: Readonly<Record<string, (item: Item) => void>> = {
  'gj-vogt-arbitrage': ({ inputs, expected, tolerance }) => {
    const [check] = checkSmile(slice(raw(inputs.params))).butterfly;
    expect(check!.isFree).toBe(!expected.hasButterflyArbitrage);
    near(check!.minimumG, expected.minG, tolerance.minG);
    near(check!.minimumAt, expected.argminK, tolerance.k);
    near(check!.negativeOn[0]![0], expected.gNegativeOnK[0], tolerance.k);
    near(check!.negativeOn[0]![1], expected.gNegativeOnK[1], tolerance.k);
  },
  'gj-vogt-fix': ({ inputs, expected, tolerance }) => {
    const [variance, skew, putSlope, callSlope, minimumVariance] = inputs.jw;
    const repaired = ssviJumpWings({ variance, skew, putSlope, callSlope, minimumVariance });
    near(repaired.callSlope, expected.c0, tolerance);
    near(repaired.minimumVariance, expected.vTilde0, tolerance);
    const smile = sviFromJumpWings(repaired, inputs.t);
    expect(checkSmile(slice(smile)).isArbitrageFree).toBe(expected.butterflyFree);
  },
  'svi-values': ({ inputs, expected, tolerance }) => {
    inputs.k.forEach((k: number, i: number) => {
      const point = sviPoint(raw(inputs.params), k);
      near(point.totalVariance, expected.w[i], tolerance);
      near(point.slope, expected.w1[i], tolerance);
      near(point.curvature, expected.w2[i], tolerance);
      near(durrlemanG(k, point), expected.g[i], tolerance);
    });
  },
  'ql-svi': ({ inputs, expected, tolerance }) => {
    const k = Math.log(inputs.strike / inputs.forward);
    near(sviTotalVariance(inputs, k), expected.totalVariance, tolerance);
  },
  'ssvi-': ({ inputs, expected, tolerance }) => {
    const { theta, rho } = inputs;
    const parameters = { theta, rho, phi: powerLawCurvature(theta, inputs) };
    near(parameters.phi, expected.phi, tolerance);
    inputs.k.forEach((k: number, i: number) => {
      near(ssviTotalVariance(parameters, k), expected.w[i], tolerance);
    });
    const conditions = ssviConditions(parameters);
    near(conditions.slope, expected.cond1, tolerance);
    near(conditions.curvature, expected.cond2, tolerance);
    expect(conditions.hold).toBe(expected.theorem42holds);
    for (const [name, value] of Object.entries(sviFromSsvi(parameters))) {
      near(value, (expected.rawEquivalent as Numbers)[name]!, tolerance, name);
    }
    const [check] = checkSmile({ years: 1, smile: { kind: 'ssvi', parameters } }).butterfly;
    near(check!.minimumG, expected.minGOnPlusMinus3, 1e-6);
    expect(check!.isFree).toBe(expected.minGOnPlusMinus3 >= 0);
  },
  'calendar-': ({ inputs, expected, tolerance }) => {
    const range = { range: [-0.3, 0.3] as const };
    const against = (later: readonly number[]) =>
      checkSmile([slice(raw(inputs.short), 1), slice(raw(later), 2)], range).calendar[0]!;
    expect(against(inputs.longOk).isFree).toBe(!expected.okHasCalendarArb);
    expect(against(inputs.longBad).isFree).toBe(!expected.badHasCalendarArb);
    near(against(inputs.longBad).crossedness, expected.crossednessBad, tolerance);
  },
  'ql-sabr': ({ inputs, expected, tolerance }) => {
    const { F: forward, K: strike, T: years, alpha, beta, rho, nu } = inputs;
    const found = sabrVolatility({ forward, strike, years, alpha, beta, rho, nu });
    near(found, expected.lognormalVol, tolerance);
  },
  'rysk-sabr': ({ inputs, expected, tolerance }) => {
    const { S, r, K: strike, T: years, alpha, beta, rho, nu } = inputs;
    const found = sabrVolatility({ forward: S * Math.exp(r * years), strike, years, alpha, beta, rho, nu });
    near(found, expected.iv, tolerance);
  },
  'sabr-lefloch': ({ inputs, expected, tolerance }) => {
    const observations = inputs.strikesRel.map((share: number, i: number) => ({
      logMoneyness: Math.log(share),
      volatility: inputs.vols[i],
    }));
    const { parameters } = fitSabr({ observations, forward: inputs.F, years: inputs.T, beta: inputs.beta });
    for (const name of ['alpha', 'nu', 'rho'] as const) {
      near(parameters[name], expected[name], tolerance[name], name);
    }
  },
};

describe.skipIf(!hasSharedData)('published and independently computed smiles', () => {
  it.each(items)('$id', (item) => {
    const check = Object.entries(checks).find(([prefix]) => item.id.startsWith(prefix));
    expect(check, 'a check for this kind of item').toBeDefined();
    check![1](item);
  });
});
