import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lelandVolatility } from '../../../../../src/core/hedge/bands/leland.ts';
import { whalleyWilmottBand } from '../../../../../src/core/hedge/bands/whalleyWilmott.ts';
import { zakamoulineBand, zakamoulineWidths } from '../../../../../src/core/hedge/bands/zakamouline.ts';
import { blackScholes } from '../../../../../src/core/options/blackScholes.ts';
import { referenceItems } from '../../../../support/sharedData.ts';

type Numbers = Readonly<Record<string, number>>;
const items = (prefix: string) =>
  referenceItems<Numbers, Numbers>('hedging_costs').filter(({ id }) => id.startsWith(prefix));

const option = ({ S, K, T, r, v }: Numbers) =>
  ({ type: 'call', spot: S!, strike: K!, years: T!, rate: r!, dividendYield: 0, volatility: v! }) as const;

describe('whalleyWilmottBand', () => {
  const cases = items('ww1997');
  it.skipIf(cases.length === 0).each(cases)('$id', ({ inputs, expected }) => {
    const { delta, gamma } = blackScholes(option(inputs));
    const halfWidth = whalleyWilmottBand({
      spot: inputs.S!,
      gamma,
      costRate: inputs.costRate!,
      riskAversion: inputs.riskAversion!,
      rate: inputs.r!,
      years: inputs.T!,
    });
    expect(halfWidth / expected.halfWidth!).toBeCloseTo(1, 9);
    expect(delta - halfWidth).toBeCloseTo(expected.lower!, 9);
  });

  it.each(['spot', 'gamma', 'costRate', 'riskAversion', 'rate', 'years'])('refuses a bad %s', (field) => {
    const input = { spot: 100, gamma: 0.1, costRate: 0.01, riskAversion: 1, rate: 0, years: 1 };
    expect(() => whalleyWilmottBand({ ...input, [field]: Number.NaN })).toThrow(new RegExp(`^${field}`));
  });
});

describe('zakamoulineBand', () => {
  const cases = items('zakamouline');
  it.skipIf(cases.length === 0).each(cases)('$id', ({ inputs, expected }) => {
    const { costRate, riskAversion } = inputs as { costRate: number; riskAversion: number };
    const band = zakamoulineBand({ ...option(inputs), costRate, riskAversion, position: 'short' });
    const found = {
      gamma: band.gamma,
      H0: band.h0,
      H1: band.h1,
      K: band.k,
      sigmaModified: band.modifiedVolatility,
      deltaModified: band.modifiedDelta,
      lower: band.lower,
      upper: band.upper,
    };
    for (const [name, value] of Object.entries(found))
      expect(value / expected[name]!, name).toBeCloseTo(1, 9);
  });

  it('is the same whether n options are one with n times the risk aversion, times n', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e6, noNaN: true }), (n) => {
        const terms = {
          spot: 3_000,
          years: 0.1,
          rate: 0.02,
          volatility: 0.7,
          costRate: 5e-4,
          position: 'short' as const,
        };
        const one = zakamoulineWidths({ ...terms, gamma: 6e-4, riskAversion: n * 1e-6 });
        const all = zakamoulineWidths({ ...terms, gamma: n * 6e-4, riskAversion: 1e-6 });
        expect((n * one.h0) / all.h0).toBeCloseTo(1, 9);
        expect((n * one.h1) / all.h1).toBeCloseTo(1, 9);
        expect(one.k / all.k).toBeCloseTo(1, 9);
      }),
    );
  });

  it('lowers the volatility of a bought option, and refuses what leaves it none', () => {
    const input = { ...option({ S: 100, K: 100, T: 1, r: 0, v: 0.25 }), costRate: 0.01, riskAversion: 1 };
    expect(zakamoulineBand({ ...input, position: 'long' }).modifiedVolatility).toBeLessThan(0.25);
    expect(() => zakamoulineBand({ ...input, costRate: 0.2, position: 'long' })).toThrow(/^costRate/);
    expect(() => zakamoulineBand({ ...input, years: 0, position: 'long' })).toThrow(/^years/);
  });
});

describe('lelandVolatility', () => {
  const cases = items('leland');
  it.skipIf(cases.length === 0).each(cases)('$id', ({ inputs, expected }) => {
    const { v, roundTripCost, dt } = inputs as { v: number; roundTripCost: number; dt: number };
    const at = (position: 'short' | 'long') =>
      lelandVolatility({ volatility: v, roundTripCost, intervalYears: dt, position });
    expect(at('short') / expected.sigmaShort!).toBeCloseTo(1, 9);
    expect(at('long') / expected.sigmaLong!).toBeCloseTo(1, 9);
    expect(blackScholes({ ...option(inputs), volatility: at('short') }).price).toBeCloseTo(
      expected.shortCallPrice!,
      8,
    );
  });

  it('refuses a bought option that is hedged too often for its cost, and says how often it may be', () => {
    const daily = { volatility: 0.2, roundTripCost: 0.02, intervalYears: 1 / 365, position: 'long' as const };
    expect(() => lelandVolatility(daily)).toThrow(/intervalYears is 0\.0027.*expected more than 0\.006/);
    expect(lelandVolatility({ ...daily, intervalYears: 0.0064 })).toBeGreaterThan(0);
    expect(lelandVolatility({ ...daily, position: 'short' })).toBeGreaterThan(0.2);
  });

  it.each(['volatility', 'roundTripCost', 'intervalYears', 'position'])('refuses a bad %s', (field) => {
    const input = { volatility: 0.2, roundTripCost: 0.01, intervalYears: 0.02, position: 'short' as const };
    expect(() => lelandVolatility({ ...input, [field]: -1 })).toThrow(new RegExp(`^${field}`));
  });
});
