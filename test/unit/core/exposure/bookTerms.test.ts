import { describe, expect, it } from 'vitest';
import { averageGamma, bookTerms } from '../../../../src/core/exposure/bookTerms.ts';
import { netExposure } from '../../../../src/core/exposure/netExposure.ts';
import { optionExposure } from '../../../../src/core/exposure/option.ts';
import { blackScholes } from '../../../../src/core/options/blackScholes.ts';
import type { OptionPosition, Position } from '../../../../src/core/position.ts';
import { nowSeconds, type SnapshotParts, snapshotWith, spotBase } from '../../../support/snapshot.ts';

const rules = { pinWindowSeconds: 3_600, openEndedYears: 30 / 365 };
const option = (days: number, overrides: Partial<OptionPosition> = {}): OptionPosition => ({
  kind: 'option',
  label: 'call',
  type: 'call',
  strike: 3_000,
  expirySeconds: nowSeconds + Math.round(days * 86_400),
  size: -10,
  settlementPrice: null,
  ...overrides,
});
const termsOf = (positions: readonly Position[], parts: SnapshotParts = {}) => {
  const snapshot = snapshotWith({ positions, ...parts });
  const { exposure } = netExposure(snapshot, 3_000);
  return { ...bookTerms(snapshot, 3_000, exposure, rules), exposure };
};

describe('the terms of a book', () => {
  it('are net gamma and the expiry weighted by gamma', () => {
    const [near, far] = [option(10), option(40, { size: 4 })];
    const { gamma, horizonYears, exposure } = termsOf([near, far, spotBase(3)]);
    expect(gamma).toBeCloseTo(exposure.gamma, 12);
    const gammaOf = (days: number) =>
      blackScholes({
        type: 'call',
        spot: 3_000,
        strike: 3_000,
        years: days / 365,
        rate: 0,
        dividendYield: 0,
        volatility: 0.6,
      }).gamma;
    const [a, b] = [10 * gammaOf(10), 4 * gammaOf(40)];
    expect(horizonYears).toBeCloseTo((a * 10 + b * 40) / (a + b) / 365, 12);
  });

  it('tell the parts of net gamma by when they end', () => {
    const terms = termsOf([option(10), option(10, { strike: 3_200, size: 3 }), option(40, { size: 4 })]);
    expect(terms.expiries.map(({ years }) => years)).toEqual([10 / 365, 40 / 365]);
    expect(terms.expiries.reduce((sum, { gamma }) => sum + gamma, 0)).toBeCloseTo(terms.gamma, 12);
    expect(terms.expiries[0]!.gamma).toBeLessThan(0);
    expect(terms.expiries[1]!.gamma).toBeGreaterThan(0);
    expect(termsOf([spotBase(1)]).expiries).toEqual([{ years: 30 / 365, gamma: 0 }]);
  });

  it('leave time where gamma is next to none: as much as until the first expiry', () => {
    // So far from the strike that gamma times time is no number above 0 any more.
    const strike = 3_000 * Math.exp(0.6 * Math.sqrt(60 / (365 * 86_400)) * 37.9);
    const { gamma, horizonYears } = termsOf([option(60 / 86_400, { strike, size: -1e-6 })]);
    expect(gamma).toBeLessThan(0);
    expect(horizonYears).toBeCloseTo(60 / (365 * 86_400), 12);
  });

  it('count what never expires with the horizon given for it', () => {
    const perp: Position = {
      kind: 'powerPerp',
      label: 'squeeth',
      size: -100,
      normalizationFactor: 0.5,
      markToIndex: 1,
    };
    expect(termsOf([spotBase(1)])).toMatchObject({ gamma: 0, horizonYears: 30 / 365, deltaDrift: 0 });
    expect(termsOf([perp]).horizonYears).toBeCloseTo(30 / 365, 12);
    const { horizonYears } = termsOf([perp, option(5)]);
    expect(horizonYears).toBeGreaterThan(5 / 365);
    expect(horizonYears).toBeLessThan(30 / 365);
  });

  it('look as far as the last expiry where no option has any gamma', () => {
    const { gamma, horizonYears } = termsOf([option(2, { strike: 1 }), option(9, { strike: 1e9 })]);
    expect(gamma).toBe(0);
    expect(horizonYears).toBeCloseTo(9 / 365, 9);
  });

  it('leave out what is settled, fixed or past its expiry', () => {
    const over = [option(-1, { settlementPrice: 3_100 }), option(-0.1, { fixingPrice: 3_100 }), option(-0.1)];
    expect(termsOf([...over, option(7)]).horizonYears).toBeCloseTo(7 / 365, 12);
  });

  it('drift as the delta of the options does while the price does not', () => {
    const { deltaDrift } = termsOf([option(20, { strike: 3_300 })]);
    const market = { type: 'call', strike: 3_300, rate: 0, dividendYield: 0, volatility: 0.6 } as const;
    // One small step of a price without drift, up and down alike.
    const step = 1 / 365 / 1_440;
    const years = 20 / 365;
    const move = 0.6 * Math.sqrt(step);
    const later = (factor: number) =>
      blackScholes({ ...market, spot: 3_000 * factor, years: years - step }).delta;
    const martingale = 1 / (Math.exp(move) + 1);
    const exact =
      martingale * later(Math.exp(move)) +
      (1 - martingale) * later(Math.exp(-move)) -
      blackScholes({ ...market, spot: 3_000, years }).delta;
    expect(deltaDrift / ((-10 * exact) / step)).toBeCloseTo(1, 3);
  });
});

describe('in the pin window', () => {
  it('gamma is capped at its average over what the price has left to move', () => {
    const minutes = 30 / 1_440;
    const { gamma, exposure } = termsOf([option(minutes)]);
    const market = { spot: 3_000, volatility: 0.6, rate: 0, years: minutes / 365 };
    expect(gamma).toBeCloseTo(-10 * averageGamma(option(minutes), market), 12);
    expect(Math.abs(gamma)).toBeLessThan(Math.abs(exposure.gamma));
  });

  it('never raises the gamma of an option that is far from its strike', () => {
    const far = option(30 / 1_440, { strike: 3_012 });
    const { gamma, exposure } = termsOf([far]);
    expect(Math.abs(gamma)).toBeLessThanOrEqual(Math.abs(exposure.gamma) * (1 + 1e-12));
  });

  it('is left alone before it', () => {
    const { gamma, exposure } = termsOf([option(0.05)]);
    expect(gamma).toBeCloseTo(exposure.gamma, 12);
  });
});

describe('between expiry and settlement', () => {
  const market = { spot: 3_200, volatility: 0.6, rate: 0, nowSeconds, baseDecimals: 18, quoteDecimals: 6 };

  it('an option whose price is fixed no longer moves, as one whose price is open does', () => {
    const open = optionExposure(option(-0.01), market);
    const fixed = optionExposure(option(-0.01, { fixingPrice: 3_150 }), market);
    expect(open).toMatchObject({ delta: -10, valueQuote: -2_000 });
    expect(fixed).toMatchObject({ delta: 0, gamma: 0, valueQuote: -1_500 });
  });

  it('what pays in base keeps the base that it will pay', () => {
    const { delta, valueQuote } = optionExposure(
      option(-0.01, { fixingPrice: 3_150, settlement: 'base' }),
      market,
    );
    expect(delta).toBeCloseTo((-10 * 150) / 3_150, 12);
    expect(valueQuote).toBeCloseTo(delta * 3_200, 9);
  });
});
