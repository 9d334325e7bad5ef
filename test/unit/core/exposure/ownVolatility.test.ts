import { describe, expect, it } from 'vitest';
import { atVolatility } from '../../../../src/core/exposure/atVolatility.ts';
import { exposureOf } from '../../../../src/core/exposure/exposure.ts';
import { netExposure } from '../../../../src/core/exposure/netExposure.ts';
import type { OptionPosition } from '../../../../src/core/position.ts';
import { bookInMarkets } from '../../../../src/core/risk/stress/bookInMarkets.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { sampleSnapshot } from '../../../support/journalSamples.ts';

const plain: OptionPosition = {
  kind: 'option',
  label: 'call',
  type: 'call',
  strike: 3_200,
  expirySeconds: 30 * 86_400,
  size: -4,
  settlementPrice: null,
};
const own: OptionPosition = { ...plain, impliedVolatility: 0.9 };
const view = {
  spot: 3_000,
  volatility: 0.6,
  rate: 0.02,
  nowSeconds: 0,
  baseDecimals: 18,
  quoteDecimals: 6,
};

describe('an option with a volatility of its own', () => {
  it('is priced at it, whatever the vault’s is', () => {
    expect(exposureOf(own, view)).toEqual(exposureOf(plain, { ...view, volatility: 0.9 }));
    expect(exposureOf(own, { ...view, volatility: 0.3 })).toEqual(exposureOf(own, view));
  });

  it('moves along where the vault’s volatility is moved, by as much', () => {
    const snapshot = sampleSnapshot(100n);
    const nowSeconds = snapshot.chain.block.timestampSeconds;
    const option = { ...own, expirySeconds: nowSeconds + 30 * 86_400 };
    const given = { ...snapshot, chain: { ...snapshot.chain, positions: [option] } };
    const from = given.observed.volatility.volatility;
    const [moved] = atVolatility(given, from + 0.1).chain.positions;
    expect((moved as OptionPosition).impliedVolatility).toBeCloseTo(1, 14);
    const netDelta = (at: Snapshot) => netExposure(at, 3_000).netDelta;
    expect(netDelta(atVolatility(given, from))).toBe(netDelta(given));
    expect(netDelta(atVolatility(given, from + 0.1))).not.toBe(netDelta(given));
  });

  it('leaves positions without one as they are', () => {
    const snapshot = sampleSnapshot(100n);
    const moved = atVolatility(snapshot, 0.5);
    expect(moved.chain).toBe(snapshot.chain);
    expect(moved.observed.volatility).toEqual({ ...snapshot.observed.volatility, volatility: 0.5 });
  });

  it('is stressed by as much as the vault’s volatility', () => {
    const points = [0.6, 0.85, 0.1].map((volatility) => ({ spot: 3_100, volatility }));
    const stressed = bookInMarkets([own, plain], view, points);
    points.forEach(({ spot, volatility }, index) => {
      const at = (position: OptionPosition, sigma: number) =>
        exposureOf(position, { ...view, spot, volatility: sigma });
      const expected = at({ ...own, impliedVolatility: 0.9 + volatility - 0.6 }, volatility);
      expect(stressed[index]?.delta).toBeCloseTo(expected.delta + at(plain, volatility).delta, 12);
    });
  });
});
