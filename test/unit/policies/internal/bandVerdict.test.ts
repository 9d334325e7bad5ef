import fc from 'fast-check';
import { expect, it } from 'vitest';
import { netExposure } from '../../../../src/core/exposure/netExposure.ts';
import type { PolicyView } from '../../../../src/core/policy.ts';
import { bandVerdict } from '../../../../src/policies/internal/bandVerdict.ts';
import { snapshotWith } from '../../../support/snapshot.ts';

const snapshot = snapshotWith();
const { exposure } = netExposure(snapshot, 3_000);
const explanation = {
  costNowQuote: 1,
  waitingQuotePerHour: 1,
  gasQuote: 1,
  changesAtGasQuote: null,
  changesAtGamma: null,
  gamma: 0,
  horizonYears: 1,
  settlements: [],
};
const viewOf = (netDelta: number, deltaStdError: number): PolicyView => ({
  snapshot,
  exposure: { ...exposure, deltaStdError },
  netDelta,
  grossDelta: 1,
  spot: 3_000,
});

it('levels keep their order and the widest that is allowed, wherever drift and carry move the band', () => {
  const number = fc.double({ min: -20, max: 20, noNaN: true });
  const above = fc.double({ min: 0, max: 10, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ buyAct: number, up1: above, up2: above, up3: above, shift: number, netDelta: number }),
      fc.constantFrom(0, 0.01, 3, Number.POSITIVE_INFINITY),
      fc.constantFrom(0, 2),
      ({ buyAct, up1, up2, up3, shift, netDelta }, widest, error) => {
        // A drift may move the whole band, targets across 0 included, to one side.
        const [buyTarget, sellTarget] = [buyAct + up1, buyAct + up1 + up2];
        const side = (act: number, target: number) => ({ act, target, targetFrom: () => target });
        const model = { sell: side(sellTarget + up3, sellTarget), buy: side(buyAct, buyTarget) };
        const terms = { shift, widest, minSpacingSeconds: 0, explanationOf: () => explanation };
        const verdict = bandVerdict(viewOf(netDelta, error), { ...terms, band: model });
        const { sell, buy } = verdict.band!;
        expect(sell.act).toBeGreaterThanOrEqual(sell.target);
        expect(sell.target).toBeGreaterThanOrEqual(buy.act);
        expect(buy.target).toBeGreaterThanOrEqual(buy.act);
        expect(sell.act).toBeGreaterThanOrEqual(buy.target);
        expect(Math.max(Math.abs(sell.act), Math.abs(buy.act))).toBeLessThanOrEqual(widest + 1e-12);
        expect(verdict.trade).toBe(netDelta > sell.act || netDelta < buy.act);
        if (!verdict.trade) return;
        const isSale = verdict.targetNetDelta < netDelta;
        expect(isSale).toBe(netDelta > sell.act);
        const again = bandVerdict(viewOf(verdict.targetNetDelta, error), { ...terms, band: model });
        expect(again.trade).toBe(false);
      },
    ),
  );
});
