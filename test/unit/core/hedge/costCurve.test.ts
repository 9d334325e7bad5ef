import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostCurveInput, costCurve } from '../../../../src/core/hedge/costCurve.ts';
import { splitOrder } from '../../../../src/core/hedge/split.ts';
import { type Address, toRawDown } from '../../../../src/core/units.ts';
import { pairAt, poolAt, usdc, weth } from '../../../support/snapshot.ts';

const addresses = [1, 2, 3].map((n): Address => `0x${String(n).padStart(40, '0')}`) as [
  Address,
  Address,
  Address,
];
const pools = [
  poolAt(3_000, { depthBase: 5_000, address: addresses[0] }),
  poolAt(3_001, { depthBase: 9_000, feePips: 3_000, address: addresses[1] }),
  pairAt(2_999, { depthBase: 4_000, address: addresses[2] }),
];
const curveInput = (side: 'sell' | 'buy', furtherLegQuote = 0): CostCurveInput => ({
  pools,
  side,
  base: weth,
  quote: usdc,
  fairPrice: 3_000,
  bound: { numerator: side === 'sell' ? 28n * 10n ** 8n : 32n * 10n ** 8n, denominator: 10n ** 18n },
  furtherLegQuote,
});
const sides = fc.constantFrom('sell' as const, 'buy' as const);
const sizes = fc.integer({ min: 0, max: 1_000 }).map((n) => 0.01 * 30_000 ** (n / 1_000));

describe('a cost curve', () => {
  it('is what the exact split costs against the fair price', () => {
    fc.assert(
      fc.property(sides, sizes, fc.constantFrom(0, 2, 50), (side, size, gas) => {
        const input = curveInput(side, gas);
        const split = splitOrder(pools, {
          side,
          baseRaw: toRawDown(size, 18),
          base: weth.address,
          bound: input.bound,
          furtherLegQuoteRaw: gas * 1e6,
        })!;
        const quote = Number(split.quoteRaw) / 1e6;
        const cost = side === 'sell' ? size * 3_000 - quote : quote - size * 3_000;
        expect(costCurve(input).cost(size)).toBeCloseTo(cost + (split.parts.length - 1) * gas, 4);
      }),
      { numRuns: 200 },
    );
  });

  it('has its marginal as slope, and both grow where gas is free', () => {
    for (const side of ['sell', 'buy'] as const) {
      const { cost, marginal } = costCurve(curveInput(side));
      for (const size of [0.1, 1, 20, 150, 250]) {
        const step = size * 1e-4;
        expect(marginal(size)).toBeCloseTo((cost(size + step) - cost(size - step)) / (2 * step), 4);
        expect(marginal(size * 1.1)).toBeGreaterThan(marginal(size));
      }
    }
  });

  it('starts at nothing and at the best price after fee', () => {
    expect(costCurve(curveInput('sell')).cost(0)).toBe(0);
    // 0.05 % of 3,000 below the fair price for a sale, above it for a purchase.
    expect(costCurve(curveInput('sell')).marginal(0)).toBeCloseTo(1.5, 6);
    expect(costCurve(curveInput('buy')).marginal(0)).toBeCloseTo(3_000 / 0.9995 - 3_000, 6);
  });

  it('bends where another leg begins to be worth its gas, and never jumps', () => {
    const { cost, marginal } = costCurve(curveInput('sell', 5));
    const single = costCurve({ ...curveInput('sell'), maxLegs: 1 });
    let bends = 0;
    for (let size = 1; size < 300; size += 0.5) {
      expect(cost(size)).toBeLessThanOrEqual(single.cost(size) + 1e-9);
      expect(cost(size + 0.5) - cost(size)).toBeLessThan(
        0.5 * Math.max(marginal(size), marginal(size + 0.5)) + 1e-6,
      );
      if (marginal(size + 0.5) < marginal(size)) bends += 1;
    }
    expect(bends).toBeGreaterThanOrEqual(1);
    expect(bends).toBeLessThanOrEqual(2);
  });

  it('is infinite beyond what the pools take within the bound', () => {
    for (const side of ['sell', 'buy'] as const) {
      const { capacity, cost, marginal } = costCurve(curveInput(side));
      expect(capacity).toBeGreaterThan(400);
      expect(cost(capacity * 0.999_999)).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(cost(capacity * 1.000_001)).toBe(Number.POSITIVE_INFINITY);
      expect(marginal(capacity * 1.000_001)).toBe(Number.POSITIVE_INFINITY);
    }
    expect(costCurve({ ...curveInput('sell'), pools: [] })).toMatchObject({ capacity: 0 });
  });
});
