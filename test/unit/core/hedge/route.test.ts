import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleBound } from '../../../../src/core/hedge/bound.ts';
import { route } from '../../../../src/core/hedge/route.ts';
import { oracleAt, poolAt, raw, usdc, weth } from '../../../support/snapshot.ts';

const oracle = oracleAt(3_000);
const request = (side: 'sell' | 'buy', base: number, bps = 100) => ({
  side,
  baseRaw: raw(base, weth),
  base: weth.address,
  bound: oracleBound(side, oracle, bps),
  toleranceBps: 20,
});

describe('route', () => {
  it('gives a sale’s proceeds and a purchase’s cost either side of the middle price', () => {
    const sale = route({ ...request('sell', 1), pools: [poolAt(3_000)] });
    const purchase = route({ ...request('buy', 1), pools: [poolAt(3_000)] });
    expect(Number(sale?.quoteRaw)).toBeLessThan(Number(raw(3_000, usdc)) * (1 - 0.0005));
    expect(Number(purchase?.quoteRaw)).toBeGreaterThan(Number(raw(3_000, usdc)) * (1 + 0.0005));
  });

  it('gives nothing where every pool is beyond the bound once its fee is counted', () => {
    const dear = poolAt(2_999, { feePips: 10_000 });
    expect(route({ ...request('sell', 1), pools: [dear] })).toBeNull();
    expect(route({ ...request('sell', 1), pools: [] })).toBeNull();
  });

  it('no unit is sold under the bound: the average of a partial fill lies inside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 10, max: 300 }),
        fc.constantFrom('sell', 'buy'),
        (base, bps, side) => {
          const asked = request(side, base, bps);
          const found = route({ ...asked, pools: [poolAt(3_000, { depthBase: 3_000 })] });
          if (found === null) return;
          expect(found.baseRaw <= asked.baseRaw).toBe(true);
          const paid = found.quoteRaw * asked.bound.denominator;
          const bound = found.baseRaw * asked.bound.numerator;
          // A unit of quote of rounding belongs to the pool.
          expect(
            side === 'sell'
              ? paid + asked.bound.denominator >= bound
              : paid - asked.bound.denominator <= bound,
          ).toBe(true);
        },
      ),
    );
  });

  it('lets a leg run on by the tolerance and no further', () => {
    const [leg] = route({ ...request('sell', 1), pools: [poolAt(3_000)] })?.legs ?? [];
    const after = route({ ...request('sell', 1), pools: [poolAt(3_000)], toleranceBps: 0 })?.legs[0];
    const ratio = (Number(leg?.sqrtPriceLimitX96) / Number(after?.sqrtPriceLimitX96)) ** 2;
    expect(Math.abs(ratio - 1)).toBeCloseTo(0.002, 5);
  });
});
