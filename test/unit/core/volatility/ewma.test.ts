import { describe, expect, it } from 'vitest';
import { ewmaVariances, ewmaVolatility } from '../../../../src/core/volatility/ewma.ts';
import { irregularEwmaVolatility, irregularVolatility } from '../../../../src/core/volatility/irregular.ts';
import { normalSource, seededUniform } from '../../../support/random.ts';
import { hasSharedData, referenceItems, sharedJson } from '../../../support/sharedData.ts';

describe('ewmaVolatility', () => {
  it('halves the weight of a return in its half-life', () => {
    const variances = ewmaVariances([0, 0, 0, 0, 0], { halfLife: 5, initialVariance: 0.04 });
    expect(variances).toHaveLength(5);
    expect(variances.at(-1)).toBeCloseTo(0.02, 15);
    expect(ewmaVolatility([0.3, -0.1], { halfLife: 1, initialVariance: 0.04 })).toBeCloseTo(
      Math.sqrt(0.25 * 0.04 + 0.25 * 0.09 + 0.5 * 0.01),
      15,
    );
  });

  it('starts from the mean square of the first twenty returns', () => {
    const returns = [...Array.from({ length: 20 }, () => 0.1), 0.2];
    const variances = ewmaVariances(returns, { lambda: 0.9 });
    expect(variances[0]).toBeCloseTo(0.01, 15);
    expect(variances.at(-1)).toBeCloseTo(0.9 * 0.01 + 0.1 * 0.04, 15);
    expect(ewmaVolatility([0.1, 0.3], { lambda: 0.9 })).toBeCloseTo(Math.sqrt(0.05), 15);
  });

  it('annualises when told the periods in a year', () => {
    expect(ewmaVolatility([0.02], { lambda: 0.5, periodsPerYear: 365 })).toBeCloseTo(
      0.02 * Math.sqrt(365),
      14,
    );
  });

  it('names what is wrong', () => {
    expect(() => ewmaVolatility([], { lambda: 0.9 })).toThrow(/returns.length/);
    expect(() => ewmaVolatility([0.1, Number.NaN], { lambda: 0.9 })).toThrow(/returns\[1\]/);
    expect(() => ewmaVolatility([0.1], { lambda: 1 })).toThrow(/lambda/);
    expect(() => ewmaVolatility([0.1], { halfLife: 0 })).toThrow(/halfLife/);
    expect(() => ewmaVolatility([0.1], {})).toThrow(/halfLife/);
    expect(() => ewmaVolatility([0.1], { lambda: 0.9, halfLife: 3 })).toThrow(/lambda/);
    expect(() => ewmaVolatility([0.1], { lambda: 0.9, initialVariance: -1 })).toThrow(/initialVariance/);
  });
});

describe('volatility of prices at any moments', () => {
  const draw = normalSource(seededUniform(11));
  const uniform = seededUniform(12);
  let [timestampSeconds, price] = [0, 2000];
  const observations = Array.from({ length: 4000 }, () => {
    const seconds = 10 + 600 * uniform();
    timestampSeconds += seconds;
    price *= Math.exp(0.8 * Math.sqrt(seconds / (365 * 86_400)) * draw());
    return { timestampSeconds, price };
  });

  it('recovers the volatility of a diffusion', () => {
    expect(irregularVolatility(observations, { maxGapSeconds: 3600 })).toBeCloseTo(0.8, 1);
    const smooth = { halfLifeSeconds: 5 * 86_400, maxGapSeconds: 3600 };
    expect(Math.abs(irregularEwmaVolatility(observations, smooth) / 0.8 - 1)).toBeLessThan(0.06);
  });

  it('leaves out a move that took too long', () => {
    const torn = observations.map((observation, index) =>
      index < 2000
        ? observation
        : { timestampSeconds: observation.timestampSeconds + 86_400, price: observation.price / 2 },
    );
    const whole = irregularVolatility(observations, { maxGapSeconds: 3600 });
    expect(Math.abs(irregularVolatility(torn, { maxGapSeconds: 3600 }) / whole - 1)).toBeLessThan(0.001);
    expect(irregularVolatility(torn, { maxGapSeconds: 1e6 })).toBeGreaterThan(1.02 * whole);
  });

  it('is the plain estimates where the moments are equally spaced', () => {
    const hourly = observations.slice(0, 600).map((entry, i) => ({ ...entry, timestampSeconds: i * 3600 }));
    const returns = hourly.slice(1).map((entry, i) => Math.log(entry.price / hourly[i]!.price));
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
    expect(irregularVolatility(hourly, { maxGapSeconds: 3600 })).toBeCloseTo(Math.sqrt(8760 * variance), 12);
    const ewma = ewmaVolatility(returns, { halfLife: 12, periodsPerYear: 8760 });
    const found = irregularEwmaVolatility(hourly, { halfLifeSeconds: 12 * 3600, maxGapSeconds: 3600 });
    expect(found).toBeCloseTo(ewma, 10);
  });

  it('names what is wrong', () => {
    const [first, second] = observations as [(typeof observations)[0], (typeof observations)[0]];
    const options = { maxGapSeconds: 3600 };
    expect(() => irregularVolatility([first, second], options)).toThrow(/observations is 1/);
    expect(() => irregularVolatility([second, first], options)).toThrow(/observations\[1\].timestampSeconds/);
    expect(() => irregularVolatility([{ ...first, price: -1 }], options)).toThrow(/observations\[0\].price/);
    expect(() => irregularEwmaVolatility([first], { ...options, halfLifeSeconds: 1 })).toThrow(
      /observations/,
    );
    expect(() => irregularEwmaVolatility([first], { ...options, halfLifeSeconds: -1 })).toThrow(/halfLife/);
    expect(() => irregularVolatility(observations, { maxGapSeconds: 0 })).toThrow(/maxGapSeconds/);
  });
});

interface StepInputs {
  readonly lam: number;
  readonly sigmaPrev?: number;
  readonly variancePrev?: number;
  readonly u: number;
  readonly data?: string;
}
interface StepExpected {
  readonly variance: number;
  readonly sigma: number;
  readonly varAfterReturn21: number;
  readonly varAfterReturn100: number;
  readonly varFinal: number;
  readonly sigmaFinal: number;
}
type Tolerance = { readonly variance: number; readonly sigma: number };

const items = referenceItems<StepInputs, StepExpected>('ewma');

describe.skipIf(!hasSharedData)('published variances', () => {
  const steps = items.filter(({ inputs }) => inputs.data === undefined);
  it.each(steps.map((item) => [item.id, item] as const))('%s', (_, item) => {
    const { inputs, expected } = item;
    const initialVariance = inputs.variancePrev ?? inputs.sigmaPrev! ** 2;
    const { tolerance } = item as unknown as { tolerance: Tolerance };
    const options = { lambda: inputs.lam, initialVariance };
    expect(Math.abs(ewmaVariances([inputs.u], options)[0]! - expected.variance)).toBeLessThanOrEqual(
      tolerance.variance,
    );
    expect(Math.abs(ewmaVolatility([inputs.u], options) - expected.sigma)).toBeLessThanOrEqual(
      tolerance.sigma,
    );
  });

  const series = items.filter(({ inputs }) => inputs.data !== undefined);
  it.each(series.map((item) => [item.id, item] as const))('%s', (_, { inputs, expected }) => {
    const { returns } = sharedJson<{ returns: readonly number[] }>(`reference/${inputs.data}`);
    const variances = ewmaVariances(returns, { lambda: inputs.lam });
    expect(variances[1]! / expected.varAfterReturn21).toBeCloseTo(1, 10);
    expect(variances[80]! / expected.varAfterReturn100).toBeCloseTo(1, 10);
    expect(variances.at(-1)! / expected.varFinal).toBeCloseTo(1, 10);
    expect(ewmaVolatility(returns, { lambda: inputs.lam }) / expected.sigmaFinal).toBeCloseTo(1, 10);
  });
});
