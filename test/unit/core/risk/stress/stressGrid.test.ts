import { describe, expect, it } from 'vitest';
import { netExposure } from '../../../../../src/core/exposure/netExposure.ts';
import type { MarketView, Position } from '../../../../../src/core/position.ts';
import { stressGrid } from '../../../../../src/core/risk/stress/stressGrid.ts';
import { snapshotWith, spotBase } from '../../../../support/snapshot.ts';

const view: MarketView = {
  spot: 2_000,
  volatility: 0.5,
  rate: 0,
  nowSeconds: 1_700_000_000,
  baseDecimals: 18,
  quoteDecimals: 6,
};
const day = 86_400;
const quote = { targetDelta: 0, numeraire: 'quote' as const };
const shortCall = (strike: number, expirySeconds: number): Position => ({
  kind: 'option',
  label: 'short call',
  type: 'call',
  strike,
  expirySeconds,
  size: -10,
  settlementPrice: null,
});
const now = { volatilityChanges: [0], secondsAhead: [0] };

describe('a stress grid', () => {
  it('of spot is the move itself', () => {
    const { cells, worst } = stressGrid([spotBase(10)], view, quote, {
      priceChanges: [-0.2, 0, 0.1],
      ...now,
    });
    expect(cells.map(({ valueChange }) => valueChange)).toEqual([-4_000, 0, 2_000]);
    expect(cells.map(({ netDelta }) => netDelta)).toEqual([10, 10, 10]);
    expect(worst).toMatchObject({ priceChange: -0.2, spot: 1_600, valueChange: -4_000 });
  });

  it('of an option past its expiry is what settling would make of it', () => {
    // Ten calls struck at 2,100 with a day to go; after two days, at 2,400, each costs 300; at 2,000 nothing.
    const positions = [shortCall(2_100, view.nowSeconds + day)];
    const axes = { priceChanges: [0, 0.2], volatilityChanges: [0], secondsAhead: [0, 2 * day] };
    const { cells } = stressGrid(positions, view, quote, axes);
    const [here, , expiredHere, expiredAbove] = cells.map(({ valueChange }) => valueChange);
    // Black-Scholes at S 2,000, K 2,100, sigma 0.5, one day of 365: d1 = -1.85121, d2 = -1.87738,
    // N(d1) = 0.032070, N(d2) = 0.030233: 2,000 x 0.032070 - 2,100 x 0.030233 = 0.6510.
    const premium = 6.51;
    expect(here).toBe(0);
    expect(expiredHere).toBeCloseTo(premium, 1);
    expect(expiredAbove).toBeCloseTo(-3_000 + premium, 1);
    expect(cells.map(({ netDelta }) => netDelta)).toEqual([
      expect.closeTo(-0.3207, 3),
      expect.any(Number),
      expect.closeTo(0, 12),
      -10,
    ]);
  });

  it('of an at-the-money option over volatility is the textbook approximation', () => {
    // 0.4 S sigma sqrt(T): ten calls, T = 0.25: 200 x 10 at sigma 0.5, and 40 more each for 0.1 of volatility.
    const positions = [shortCall(2_000, view.nowSeconds + 365 * day * 0.25)];
    const axes = { priceChanges: [0], volatilityChanges: [-0.1, 0, 0.1], secondsAhead: [0] };
    const values = stressGrid(positions, view, quote, axes).cells.map(({ valueChange }) => valueChange);
    expect((values[0] ?? 0) / 399).toBeCloseTo(1, 1.7);
    expect((values[2] ?? 0) / -399).toBeCloseTo(1, 1.7);
  });

  it('goes through time, then volatility, then price', () => {
    const axes = { priceChanges: [-0.1, 0.1], volatilityChanges: [0, 0.2], secondsAhead: [0, day] };
    const { cells } = stressGrid([spotBase(1)], view, quote, axes);
    expect(
      cells.map(({ secondsAhead, volatilityChange, priceChange }) => [
        secondsAhead,
        volatilityChange,
        priceChange,
      ]),
    ).toEqual([
      [0, 0, -0.1],
      [0, 0, 0.1],
      [0, 0.2, -0.1],
      [0, 0.2, 0.1],
      [day, 0, -0.1],
      [day, 0, 0.1],
      [day, 0.2, -0.1],
      [day, 0.2, 0.1],
    ]);
  });

  it('lets a volatility fall to nothing and no further', () => {
    const axes = { priceChanges: [0], volatilityChanges: [-0.8], secondsAhead: [0] };
    const { cells } = stressGrid([shortCall(1_900, view.nowSeconds + day)], view, quote, axes);
    expect(cells[0]).toMatchObject({ volatility: 0, netDelta: -10 });
  });

  it.each(['quote', 'base'] as const)('counts net delta as a vault that counts in %s does', (numeraire) => {
    const positions = [spotBase(7), shortCall(2_100, 1_770_000_000 + 20 * day)];
    const snapshot = snapshotWith({ price: 1_800, positions, vault: { numeraire, targetDelta: 1.5 } });
    const at = { ...view, volatility: 0.6, nowSeconds: 1_770_000_000 };
    const neutral = { targetDelta: 1.5, numeraire };
    const { cells } = stressGrid(positions, at, neutral, { priceChanges: [-0.1], ...now });
    expect(cells[0]?.netDelta).toBeCloseTo(netExposure(snapshot, 1_800).netDelta, 12);
  });

  it.each([
    ['an empty axis', { priceChanges: [] }, /priceChanges is empty/],
    ['a price of nothing', { priceChanges: [-1] }, /priceChanges is -1, expected above -1/],
    ['what is no number', { volatilityChanges: [Number.NaN] }, /volatilityChanges/],
    ['the past', { secondsAhead: [-1] }, /secondsAhead/],
    ['too many cells', { priceChanges: new Array(100_001).fill(0) }, /cells is 100001/],
  ])('refuses %s', (_, axis, words) => {
    expect(() => stressGrid([], view, quote, { priceChanges: [0], ...now, ...axis })).toThrow(words);
  });
});
