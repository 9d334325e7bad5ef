import { describe, expect, it } from 'vitest';
import { URGENT, type UrgencyInput, urgencyOf } from '../../../../src/core/gas/urgency.ts';

const band = { sell: { act: 4, target: 0 }, buy: { act: -4, target: 0 } };
const quiet: UrgencyInput = {
  netDelta: 4.4,
  band,
  gamma: 0,
  spot: 3_000,
  volatility: 0.6,
  horizonSeconds: 60,
};

describe('urgency', () => {
  it('is the distance beyond the level, in half-widths of the band', () => {
    expect(urgencyOf(quiet)).toBeCloseTo(0.1);
    expect(urgencyOf({ ...quiet, netDelta: 8 })).toBeCloseTo(URGENT);
    expect(urgencyOf({ ...quiet, netDelta: -12 })).toBeCloseTo(2);
  });

  it('is nothing inside the band, where spot does not move delta', () => {
    expect(urgencyOf({ ...quiet, netDelta: 3 })).toBe(0);
  });

  it('rises with gamma, whichever sign it has, by one standard deviation of spot over the wait', () => {
    const move = 0.01 * 3_000 * 0.6 * Math.sqrt(60 / (365 * 86_400));
    expect(urgencyOf({ ...quiet, netDelta: 4, gamma: 0.01 })).toBeCloseTo(move / 4, 12);
    expect(urgencyOf({ ...quiet, netDelta: 4, gamma: -0.01 })).toBeCloseTo(move / 4, 12);
  });

  it('measures a band that is traded to its edge by its level', () => {
    const edge = { sell: { act: 4, target: 4 }, buy: { act: -4, target: -4 } };
    expect(urgencyOf({ ...quiet, netDelta: 6, band: edge })).toBeCloseTo(0.5);
  });

  it('is measured from the level that is traded at, also in a band that carry shifted off zero', () => {
    const below = { sell: { act: -2, target: -6 }, buy: { act: -10, target: -6 } };
    expect(urgencyOf({ ...quiet, netDelta: 2, band: below })).toBeCloseTo(1);
    expect(urgencyOf({ ...quiet, netDelta: -1, band: below })).toBeCloseTo(0.25);
    expect(urgencyOf({ ...quiet, netDelta: -12, band: below })).toBeCloseTo(0.5);
    const above = { sell: { act: 10, target: 6 }, buy: { act: 2, target: 6 } };
    expect(urgencyOf({ ...quiet, netDelta: 0, band: above })).toBeCloseTo(0.5);
    expect(urgencyOf({ ...quiet, netDelta: -2, band: above })).toBeCloseTo(1);
  });

  it('is full where there is no band to measure with, or no number', () => {
    expect(urgencyOf({ ...quiet, band: null })).toBe(URGENT);
    const point = { sell: { act: 0, target: 0 }, buy: { act: 0, target: 0 } };
    expect(urgencyOf({ ...quiet, band: point })).toBe(URGENT);
    expect(urgencyOf({ ...quiet, gamma: Number.NaN })).toBe(URGENT);
  });
});
