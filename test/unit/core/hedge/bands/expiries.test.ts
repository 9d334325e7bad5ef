import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../../src/core/errors.ts';
import { equivalentBook } from '../../../../../src/core/hedge/bands/expiries.ts';

const market = { deviation: 2_100, riskRate: 2.2, price: 1.5, gas: 9 };
const week = 7 / 365;
const month = 30 / 365;

const positive = (min: number, max: number) =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);
const terms = fc.record({
  deviation: positive(1, 1e5),
  riskRate: positive(1e-6, 1e6),
  price: fc.oneof(fc.constant(0), positive(1e-6, 100)),
  gas: fc.oneof(fc.constant(0), positive(1e-6, 1e4)),
});
const expiry = fc.record({
  years: positive(1e-6, 5),
  gamma: fc.oneof(
    fc.constant(0),
    positive(1e-12, 10),
    positive(1e-12, 10).map((size) => -size),
  ),
});

describe('a book of several expiries', () => {
  it('is itself where there is one', () => {
    fc.assert(
      fc.property(terms, expiry, (given, only) => {
        const { gamma, horizonYears } = equivalentBook({ ...given, expiries: [only] });
        expect(gamma).toBe(only.gamma);
        expect(horizonYears / only.years).toBeCloseTo(1, 12);
      }),
    );
  });

  it('is the same in any order, and mirrored for the same book held the other way', () => {
    fc.assert(
      fc.property(terms, fc.array(expiry, { minLength: 1, maxLength: 6 }), (given, expiries) => {
        const book = equivalentBook({ ...given, expiries });
        const turned = equivalentBook({ ...given, expiries: expiries.toReversed() });
        expect(turned.gamma).toBeCloseTo(book.gamma, 9);
        const mirrored = equivalentBook({
          ...given,
          expiries: expiries.map(({ years, gamma }) => ({ years, gamma: -gamma })),
        });
        expect(mirrored.gamma).toBe(-book.gamma + 0);
        expect(mirrored.horizonYears).toBe(book.horizonYears);
      }),
    );
  });

  it('has a gamma between nothing and its own, and a horizon between its first and its last expiry', () => {
    fc.assert(
      fc.property(terms, fc.array(expiry, { minLength: 1, maxLength: 6 }), (given, expiries) => {
        const { gamma, horizonYears } = equivalentBook({ ...given, expiries });
        const net = expiries.reduce((sum, part) => sum + part.gamma, 0);
        const rounding = 1e-9 * expiries.reduce((sum, part) => sum + Math.abs(part.gamma), 0);
        expect(Math.abs(gamma)).toBeLessThanOrEqual(Math.abs(net) + rounding);
        const years = expiries.map((part) => part.years);
        expect(horizonYears).toBeGreaterThanOrEqual(Math.min(...years) * (1 - 1e-12));
        expect(horizonYears).toBeLessThanOrEqual(Math.max(...years) * (1 + 1e-12));
      }),
    );
  });

  it('is hedged by what is left, shortly before the rest of it ends', () => {
    const far = { years: month, gamma: -0.1 };
    const ending = equivalentBook({ ...market, expiries: [{ years: 1e-9, gamma: -0.9 }, far] });
    expect(Math.abs(ending.gamma)).toBeLessThan(0.01);
    const near = equivalentBook({ ...market, expiries: [{ years: week, gamma: -0.9 }, far] });
    expect(near.gamma).toBeCloseTo(-1, 1);
  });

  it('is waited for in the last hours of what still moves, where a trade now would be made again', () => {
    const far = { years: month, gamma: -0.0003 };
    const market = { deviation: 2_100, riskRate: 44, price: 1.5, gas: 9 };
    const horizonAt = (hours: number, gamma: number) =>
      equivalentBook({ ...market, expiries: [{ years: hours / 8_760, gamma }, far] }).horizonYears;
    // At the strike all may still turn; far from it nothing does, and what comes after counts in full.
    expect(horizonAt(3, -0.2)).toBeLessThan(0.2 * horizonAt(3, -1e-9));
    expect(horizonAt(3, -1e-9)).toBeGreaterThan(0.8 * month);
    // Days before, waiting costs more than a trade.
    expect(horizonAt(240, -0.2) / horizonAt(240, -1e-9)).toBeGreaterThan(0.9);
  });

  it('counts what happens after the next trades no more than they leave of it', () => {
    const expiries = [
      { years: week, gamma: -0.5 },
      { years: 10, gamma: -0.5 },
    ];
    const { horizonYears } = equivalentBook({ ...market, expiries });
    expect(horizonYears).toBeGreaterThan(week);
    expect(horizonYears).toBeLessThan(1);
  });

  it('refuses what cannot be', () => {
    expect(() => equivalentBook({ ...market, expiries: [] })).toThrow(InvalidInputError);
    expect(() => equivalentBook({ ...market, expiries: [{ years: -1, gamma: 1 }] })).toThrow('years');
    expect(() => equivalentBook({ ...market, expiries: [{ years: 1, gamma: Number.NaN }] })).toThrow('gamma');
  });
});
