import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyView } from '../../../src/core/policy.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { snapshotWith } from '../../support/snapshot.ts';

const view = (netDelta: number, grossDelta = 100): PolicyView => ({
  snapshot: snapshotWith(),
  exposure: { delta: netDelta, gamma: 0, vega: 0, theta: 0, valueQuote: 0 },
  netDelta,
  grossDelta,
  spot: 3_000,
});

describe('fixedBand', () => {
  it('stays at the edge itself and acts beyond it', () => {
    const parameters = { halfWidth: { base: 2 }, tradeTo: 'edge' as const };
    expect(fixedBand.verdict(view(2), parameters).trade).toBe(false);
    expect(fixedBand.verdict(view(-2.0001), parameters)).toMatchObject({
      trade: true,
      targetNetDelta: -2,
      code: 'beyondBand',
    });
  });

  it('takes its half width from the gross exposure when told so', () => {
    const parameters = { halfWidth: { shareOfGross: 0.05 }, tradeTo: 'centre' as const };
    expect(fixedBand.verdict(view(4.9, 100), parameters).trade).toBe(false);
    expect(fixedBand.verdict(view(5.1, 100), parameters)).toMatchObject({ trade: true, targetNetDelta: 0 });
  });

  it('always trades towards zero, to inside the band, and says both levels', () => {
    const any = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const parameters = fc.record({
      halfWidth: fc.record({ base: fc.double({ min: 1e-6, max: 1e5, noNaN: true }) }),
      tradeTo: fc.oneof(
        fc.constantFrom('edge' as const, 'centre' as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
    });
    fc.assert(
      fc.property(any, parameters, (netDelta, chosen) => {
        const verdict = fixedBand.verdict(view(netDelta), chosen);
        expect(verdict.band?.sell.act).toBe(chosen.halfWidth.base);
        expect(verdict.trade).toBe(Math.abs(netDelta) > chosen.halfWidth.base);
        if (!verdict.trade) return;
        expect(Math.abs(verdict.targetNetDelta)).toBeLessThanOrEqual(chosen.halfWidth.base);
        expect(verdict.targetNetDelta * netDelta).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('refuses a net delta that is no number', () => {
    expect(() => fixedBand.verdict(view(Number.NaN), fixedBand.sample)).toThrow(/netDelta is NaN/);
  });

  it('refuses parameters that make no sense, and keys it does not know', () => {
    for (const bad of [
      {},
      { halfWidth: { base: 0 } },
      { halfWidth: { base: -1 } },
      { halfWidth: { shareOfGross: 1.1 } },
      { halfWidth: { base: 1 }, tradeTo: 2 },
      { halfWidth: { base: 1 }, width: 1 },
    ]) {
      expect(() => fixedBand.parameters.parse(bad)).toThrow();
    }
  });
});
