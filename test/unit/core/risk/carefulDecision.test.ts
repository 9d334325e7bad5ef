import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/core/decide.ts';
import { bindPolicy, type PolicyVerdict } from '../../../../src/core/policy.ts';
import { defaultBreakerLimits } from '../../../../src/core/risk/breakers/readBreakers.ts';
import { drawnIn } from '../../../../src/core/risk/carefulDecision.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { interval } from '../../../../src/policies/interval.ts';
import { nowSeconds, snapshotWith, spotBase } from '../../../support/snapshot.ts';

/** What a policy with a band around `centre` says of a net delta. */
function verdictAt(netDelta: number, centre: number): PolicyVerdict {
  const sell = { act: centre + 2, target: centre + 1 };
  const buy = { act: centre - 2, target: centre - 1 };
  const common = { why: 'by the band', band: { sell, buy } };
  if (netDelta <= sell.act && netDelta >= buy.act) return { ...common, trade: false, code: 'insideBand' };
  const targetNetDelta = netDelta > sell.act ? sell.target : buy.target;
  return { ...common, trade: true, code: 'beyondBand', targetNetDelta };
}

describe('a band that is drawn in', () => {
  it('is traded to from outside of it, towards it, and never from inside', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    const factors = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(number, number, factors, (netDelta, centre, factor) => {
        const verdict = drawnIn(verdictAt(netDelta, centre), netDelta, factor);
        const { sell, buy } = verdict.band!;
        expect(sell.act).toBe((centre + 2) * factor);
        const isOutside = netDelta > sell.act || netDelta < buy.act;
        expect(verdict.trade).toBe(isOutside);
        if (!verdict.trade) return;
        const { targetNetDelta } = verdict;
        expect(targetNetDelta).toBeLessThanOrEqual(sell.act);
        expect(targetNetDelta).toBeGreaterThanOrEqual(buy.act);
        // What was traded is not traded back.
        expect(drawnIn(verdictAt(targetNetDelta, centre), targetNetDelta, factor).trade).toBe(false);
      }),
    );
  });

  it('does not hurry a policy that waits for its time', () => {
    const lastHedge = {
      blockNumber: 1n,
      timestampSeconds: nowSeconds - 60,
      side: 'sell' as const,
      baseRaw: 1n,
    };
    const around = { atSeconds: nowSeconds, beforeSeconds: 60, afterSeconds: 60 };
    const snapshot = snapshotWith({ positions: [spotBase(1)], history: { lastHedge } });
    const events = [{ name: 'a vote', ...around, changes: { bandFactor: 0.5 } }];
    const during = { ...snapshot, observed: { ...snapshot.observed, events } };
    const hourly = bindPolicy('interval', interval, { seconds: 3_600, ignoreBelowBase: 0 });
    expect(decide(during, hourly, defaultLimits)).toMatchObject({ kind: 'hold', code: 'notDue' });
  });
});

it('a breaker that holds a vault back shows how far it is from its band', () => {
  const track = {
    blockNumber: 1,
    timestampSeconds: nowSeconds - 12,
    spot: 4_000,
    variancePerSecond: 0,
    usualDepthBase: 1,
    ownTradedBase: 0,
    coveredSeconds: 10,
  };
  const precautions = {
    track,
    levels: { margin: 'normal', cost: 'normal', reach: 'normal' },
  } as const;
  const snapshot = snapshotWith({ positions: [spotBase(30)], history: { precautions } });
  const limits = { ...defaultLimits, breakers: defaultBreakerLimits };
  const verdict = () => verdictAt(30, 0);
  const decision = decide(snapshot, { kind: 'banded', verdict }, limits);
  expect(decision).toMatchObject({ kind: 'hold', code: 'breaker', numbers: { netDelta: 30 } });
  expect(decision.numbers.band!.sell.act).toBe(2);
});
