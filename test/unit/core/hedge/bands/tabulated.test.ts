import { describe, expect, it } from 'vitest';
import type { BandCosts } from '../../../../../src/core/hedge/bands/bandCosts.ts';
import { tabulatedCosts } from '../../../../../src/core/hedge/bands/tabulated.ts';
import { oracleBound } from '../../../../../src/core/hedge/bound.ts';
import { costCurve } from '../../../../../src/core/hedge/costCurve.ts';
import { hedgeCosts } from '../../../../../src/core/hedge/hedgeCosts.ts';
import { oracleAt, poolAt, snapshotWith, usdc, weth } from '../../../../support/snapshot.ts';

const pools = [
  poolAt(3_000),
  poolAt(3_000.5, {
    feePips: 3_000,
    address: '0x00000000000000000000000000000000000000a1',
    depthBase: 50_000,
  }),
];
const curve = costCurve({
  pools,
  side: 'sell',
  base: weth,
  quote: usdc,
  fairPrice: 3_000,
  bound: oracleBound('sell', oracleAt(3_000), 100),
  furtherLegQuote: 4,
});

describe('a cost curve read once', () => {
  const table = tabulatedCosts(curve, curve.capacity);
  const sizes = Array.from({ length: 120 }, (_, i) => curve.capacity * 1e-4 * 10 ** (i / 30));

  it('costs what the curve does, kinks included', () => {
    for (const size of sizes.filter((one) => one <= curve.capacity)) {
      expect(Math.abs(table.cost(size) / curve.cost(size) - 1)).toBeLessThan(0.02);
    }
  });

  it('has the slope that its costs have', () => {
    for (const size of sizes) {
      const step = size * 1e-6;
      if (size + step > curve.capacity) continue;
      const slope = (table.cost(size + step) - table.cost(size - step)) / (2 * step);
      const jumps = Math.abs(table.marginal(size + step) - table.marginal(size - step)) > 0.01;
      if (!jumps) expect(slope / table.marginal(size)).toBeCloseTo(1, 4);
    }
  });

  it('ends where the pools do, and is closed where there are none', () => {
    expect(table.cost(curve.capacity * 1.001)).toBe(Number.POSITIVE_INFINITY);
    expect(table.marginal(curve.capacity * 1.001)).toBe(Number.POSITIVE_INFINITY);
    const none: BandCosts = tabulatedCosts(curve, 0);
    expect([none.cost(0), none.cost(1), none.marginal(0)]).toEqual([
      0,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('what hedging costs at a snapshot', () => {
  it('is the fee of the best pool for a first unit, and gas', () => {
    const { sell, buy, gasQuote } = hedgeCosts(snapshotWith({ chain: { pools } }), 3_000);
    expect(sell.marginal(0)).toBeCloseTo(1.5, 3);
    expect(buy.marginal(0)).toBeCloseTo(1.5, 2);
    expect(gasQuote).toBeCloseTo(190_000 * 1.1e9 * 1e-18 * 3_000, 9);
  });

  it('leaves no gain in buying what is sold where pools disagree', () => {
    const apart = [poolAt(2_980), poolAt(3_020, { address: '0x00000000000000000000000000000000000000a1' })];
    const { sell, buy } = hedgeCosts(snapshotWith({ chain: { pools: apart } }), 3_000);
    expect(sell.marginal(0) + buy.marginal(0)).toBeCloseTo(0, 9);
  });

  it('counts at the price bound where no pool takes anything, and says that none does', () => {
    const { sell, capacity } = hedgeCosts(snapshotWith({ chain: { pools: [] } }), 3_000);
    expect(capacity).toEqual({ sell: 0, buy: 0 });
    expect(sell.marginal(0)).toBe(30);
  });
});
