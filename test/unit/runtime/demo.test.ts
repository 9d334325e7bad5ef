import { describe, expect, it } from 'vitest';
import { demoReport } from '../../../src/runtime/demo/report.ts';
import { valueParts, vaultValue, withoutHedges } from '../../../src/runtime/demo/unhedged.ts';
import { raw, snapshotWith, spotBase, usdc, weth } from '../../support/snapshot.ts';

const option = {
  kind: 'option',
  label: 'short put',
  type: 'put',
  strike: 2_700,
  expirySeconds: 1_771_000_000,
  size: -10,
  settlementPrice: null,
} as const;

describe('the vault left alone', () => {
  const positions = [spotBase(60), option];

  it('is the hedged one with what the hedges moved put back', () => {
    const hedged = snapshotWith({ positions });
    const flow = { baseRaw: -raw(40, weth), quoteRaw: raw(119_000, usdc) };
    const alone = withoutHedges(hedged, flow);
    expect(vaultValue(alone, 3_000)).toBeCloseTo(vaultValue(hedged, 3_000) + 40 * 3_000 - 119_000, 6);
    expect(vaultValue(alone, 2_700)).toBeCloseTo(vaultValue(hedged, 2_700) + 40 * 2_700 - 119_000, 6);
  });

  it('is the hedged one where nothing was hedged', () => {
    const snapshot = snapshotWith({ positions });
    expect(vaultValue(withoutHedges(snapshot, { baseRaw: 0n, quoteRaw: 0n }), 2_900)).toBe(
      vaultValue(snapshot, 2_900),
    );
  });

  it('is worth the sum of its parts', () => {
    const snapshot = snapshotWith({ positions });
    const parts = valueParts(snapshot, 2_800);
    expect(parts.options).toBeLessThan(0);
    expect(parts.options + parts.liquidity + parts.tokens).toBeCloseTo(vaultValue(snapshot, 2_800), 6);
  });
});

describe("the demo's report", () => {
  it('measures both vaults in the same way', () => {
    const series = { netDeltas: [40, -1, 2], hedgedValues: [100, 98, 99], unhedgedValues: [100, 80, 90] };
    const report = demoReport(series, 3, [], 0);
    expect(report).toMatchObject({
      blocks: 3,
      decisions: 3,
      netDelta: { start: 40, end: 2, maxAbs: 40 },
      pnl: { hedged: -1, unhedged: -10 },
      maxDrawdown: { hedged: 2, unhedged: 20 },
    });
    expect(report.stdDev.hedged).toBeCloseTo(2.1213, 4);
    expect(report.stdDev.unhedged).toBeCloseTo(21.2132, 4);
  });
});
