import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deltaStdError, snapshotDeltaStdError } from '../../../../src/core/exposure/deltaStdError.ts';
import { blackScholes } from '../../../../src/core/options/blackScholes.ts';
import type { Position } from '../../../../src/core/position.ts';
import type { VolatilityReading } from '../../../../src/core/snapshot.ts';
import { SECONDS_PER_YEAR } from '../../../../src/core/units.ts';
import { nowSeconds, oracleAt, snapshotWith, spotBase } from '../../../support/snapshot.ts';

const market = { spot: 3_000, volatility: 0.6, volatilityStdError: 0.01, priceAgeSeconds: 0 };

describe('the standard error of a net delta', () => {
  it('adds vanna times the volatility’s error and gamma times the price’s move as independent errors', () => {
    const [gamma, vanna] = [0.004, 7];
    const linear = (spot: number, volatility: number) => 5 + gamma * spot + vanna * volatility;
    const age = 3_600;
    const move = 3_000 * Math.sinh(0.6 * Math.sqrt(age / SECONDS_PER_YEAR));
    const result = deltaStdError(linear, { ...market, priceAgeSeconds: age });
    expect(result).toBeCloseTo(Math.sqrt((vanna * 0.01) ** 2 + (gamma * move) ** 2), 12);
  });

  it('is an option’s vanna and gamma for small errors', () => {
    fc.assert(
      fc.property(fc.double({ min: 2_000, max: 4_500, noNaN: true }), (strike) => {
        const at = (spot: number, volatility: number) =>
          blackScholes({ type: 'call', spot, strike, years: 0.1, rate: 0.02, dividendYield: 0, volatility });
        const one = at(3_000, 0.6);
        const delta = (spot: number, volatility: number) => -20 * at(spot, volatility).delta;
        const volatilityStdError = 1e-4;
        const age = 12;
        const expected = Math.hypot(
          20 * one.vanna * volatilityStdError,
          20 * one.gamma * 3_000 * 0.6 * Math.sqrt(age / SECONDS_PER_YEAR),
        );
        const found = deltaStdError(delta, { ...market, volatilityStdError, priceAgeSeconds: age });
        expect(found / expected).toBeCloseTo(1, 4);
      }),
    );
  });

  it('is nothing where everything is known, and finite where next to nothing is', () => {
    const at = (spot: number, volatility: number) =>
      blackScholes({ type: 'put', spot, strike: 3_000, years: 0.1, rate: 0, dividendYield: 0, volatility })
        .delta;
    expect(deltaStdError(at, { ...market, volatilityStdError: 0 })).toBe(0);
    const blind = deltaStdError(at, { ...market, volatilityStdError: 2, priceAgeSeconds: 86_400 });
    expect(blind).toBeGreaterThan(0);
    expect(blind).toBeLessThan(2);
  });
});

describe('of a snapshot', () => {
  const option: Position = {
    kind: 'option',
    label: 'short calls',
    type: 'call',
    strike: 3_300,
    expirySeconds: nowSeconds + 14 * 86_400,
    size: -10,
    settlementPrice: null,
  };
  const snapshotOf = (more: Partial<VolatilityReading>, parts: Parameters<typeof snapshotWith>[0] = {}) => {
    const snapshot = snapshotWith({ positions: [option], ...parts });
    return { ...snapshot, observed: { volatility: { ...snapshot.observed.volatility, ...more } } };
  };

  it('grows with the error of the volatility and with the age of the price', () => {
    const young = oracleAt(3_000, { updatedAtSeconds: nowSeconds - 10 });
    const old = oracleAt(3_000, { updatedAtSeconds: nowSeconds - 3_000 });
    const error = (stdError: number, prices = [young, young]) =>
      snapshotDeltaStdError(snapshotOf({ stdError }, { chain: { prices } }), 3_000);
    expect(error(0.05)).toBeGreaterThan(error(0.01));
    expect(error(0.01, [old, old])).toBeGreaterThan(error(0.01));
  });

  it('counts a volatility whose source does not know its error as exact, and pools as no older than the block', () => {
    const { pools } = snapshotWith().chain;
    const chain = { pools: [...pools, ...pools], prices: [oracleAt(3_000)] };
    expect(snapshotDeltaStdError(snapshotOf({}, { chain }), 3_000)).toBe(0);
  });

  it('of spot is nothing, but for a vault that counts in base the options’ value moves neutral', () => {
    const held = { positions: [spotBase(10)] };
    expect(snapshotDeltaStdError(snapshotOf({ stdError: 0.1 }, held), 3_000)).toBe(0);
    const inBase = snapshotOf({ stdError: 0.05 }, { vault: { numeraire: 'base' } });
    const inQuote = snapshotOf({ stdError: 0.05 });
    expect(snapshotDeltaStdError(inBase, 3_000)).not.toBe(snapshotDeltaStdError(inQuote, 3_000));
  });
});
