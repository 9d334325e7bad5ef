import { describe, expect, it } from 'vitest';
import type { PolicyView } from '../../../src/core/policy.ts';
import { interval } from '../../../src/policies/interval.ts';
import { nowSeconds, snapshotWith } from '../../support/snapshot.ts';

function view(netDelta: number, secondsSinceLast: number | null): PolicyView {
  const lastHedge =
    secondsSinceLast === null
      ? null
      : {
          blockNumber: 1n,
          timestampSeconds: nowSeconds - secondsSinceLast,
          side: 'sell' as const,
          baseRaw: 1n,
        };
  return {
    snapshot: snapshotWith({ history: { lastHedge } }),
    exposure: { delta: netDelta, gamma: 0, vega: 0, theta: 0, valueQuote: 0 },
    netDelta,
    grossDelta: 100,
    spot: 3_000,
  };
}

describe('interval', () => {
  const parameters = { seconds: 3_600, ignoreBelowBase: 0.5 };

  it('hedges everything at once when nothing was hedged yet', () => {
    expect(interval.verdict(view(3, null), parameters)).toMatchObject({
      trade: true,
      code: 'due',
      targetNetDelta: 0,
    });
  });

  it('waits until the time has passed, and not a second longer', () => {
    expect(interval.verdict(view(3, 3_599), parameters)).toMatchObject({ trade: false, code: 'notDue' });
    expect(interval.verdict(view(3, 3_600), parameters)).toMatchObject({ trade: true });
  });

  it('leaves alone what is too small', () => {
    expect(interval.verdict(view(-0.5, null), parameters)).toMatchObject({
      trade: false,
      code: 'insideBand',
    });
  });
});
