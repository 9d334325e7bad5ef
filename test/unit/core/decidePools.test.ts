import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import { fairPrice } from '../../../src/core/hedge/fairPrice.ts';
import { bindPolicy } from '../../../src/core/policy.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import { emptyPool } from '../../../src/core/snapshot.ts';
import type { Address } from '../../../src/core/units.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import { oracleAt, pairAt, poolAt, snapshotWith, spotBase, usdc } from '../../support/snapshot.ts';

const band = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1 }, tradeTo: 'centre' as const });
const other: Address = '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8';
const usdt = { address: '0xdAC17F958D2ee523a2206206994597C13D831ec7', symbol: 'USDT', decimals: 6 } as const;
const withPool = (pool: ReturnType<typeof poolAt> | ReturnType<typeof pairAt>) =>
  snapshotWith({ positions: [spotBase(5)], chain: { pools: [poolAt(3_000), pool] } });

describe('a pool too shallow for the smallest trade', () => {
  it('halts nothing wherever its price was pushed to, is not counted, and is warned of', () => {
    const prices = fc.integer({ min: -60, max: 60 }).map((power) => 3_000 * 10 ** (power / 10));
    fc.assert(
      fc.property(prices, fc.boolean(), (price, isPair) => {
        const dust = isPair
          ? pairAt(price, { address: other, depthBase: Math.max(1e-4, 1 / price) })
          : poolAt(price, { address: other, depthBase: Math.max(1e-4, 1 / price) });
        const decision = decide(withPool(dust), band, defaultLimits);
        expect(decision).toMatchObject({ kind: 'hedge', numbers: { spot: expect.closeTo(3_000, 3) } });
        expect(decision.warnings).toEqual([
          {
            code: 'noLiquidity',
            text: `pool ${other} takes less than 100 USDC within 100 bps: its price is not counted`,
          },
        ]);
      }),
      { numRuns: 200 },
    );
  });

  it('is one from where a move of the allowed slippage takes that much both ways', () => {
    // A hundredth of the price is half a hundredth of the depth: 6.7 WETH deep on each side takes 100 USDC.
    const fair = (depthBase: number) => {
      const snapshot = withPool(poolAt(3_000, { address: other, depthBase }));
      return fairPrice(snapshot, oracleAt(3_000), defaultLimits);
    };
    expect(fair(6.4)).toMatchObject({ sources: 2, leftOut: [{ code: 'noLiquidity' }] });
    expect(fair(7)).toMatchObject({ sources: 3, leftOut: [] });
  });

  it('halts all the same where it is deep and off the oracle', () => {
    for (const pool of [poolAt(3_100, { address: other }), pairAt(2_900, { address: other })]) {
      expect(decide(withPool(pool), band, defaultLimits)).toMatchObject({
        kind: 'halt',
        code: 'oracleDiverges',
      });
    }
  });
});

describe('a configured pool that holds nothing', () => {
  it('is left out with a warning, whatever the decision', () => {
    const empty = emptyPool('uniswapV2', other, 'the pair holds nothing');
    for (const base of [5, 0]) {
      const snapshot = snapshotWith({
        positions: [spotBase(base)],
        chain: { pools: [poolAt(3_000)], emptyPools: [empty] },
      });
      const decision = decide(snapshot, band, defaultLimits);
      expect(decision.kind).toBe(base === 5 ? 'hedge' : 'hold');
      expect(decision.warnings).toEqual([
        { code: 'noLiquidity', text: `pool ${other} is left out: the pair holds nothing` },
      ]);
    }
  });
});

describe('pools of a bridge token', () => {
  const near = poolAt(3_000, { quote: usdt, address: other, depthBase: 50_000 });
  const far = (price: number) =>
    poolAt(price, {
      base: usdt,
      quote: usdc,
      feePips: 100,
      address: '0x3416cF6C708Da44DB2624D63ea0AAef7113527C6',
      depthBase: 1e8,
    });
  const over = (farPrice: number, direct: boolean) =>
    snapshotWith({
      positions: [spotBase(5)],
      vault: { bridges: [usdt] },
      chain: { pools: [...(direct ? [poolAt(3_000, { depthBase: 20 })] : []), near, far(farPrice)] },
    });

  it('say no price of base in quote: neither they nor their product halt or move the vault', () => {
    const { spot, sources, divergenceBps } = fairPrice(over(1.5, true), oracleAt(3_000), defaultLimits);
    expect(spot).toBeCloseTo(3_000, 6);
    expect({ sources, divergenceBps: Math.round(divergenceBps) }).toEqual({ sources: 2, divergenceBps: 0 });
  });

  it('are hedged over, alone or beside a shallow direct pool', () => {
    for (const direct of [false, true]) {
      const decision = decide(over(1, direct), band, defaultLimits);
      if (decision.kind !== 'hedge') throw new Error(decision.why);
      expect(decision.plan.legs.some(({ via }) => via?.token === usdt.address)).toBe(true);
      expect(decision.numbers.cost!.gasQuote).toBeGreaterThan(0);
    }
  });

  it('are no way where a pool of the two is not allowed', () => {
    const snapshot = over(1, false);
    const guard = { ...snapshot.chain.guard, allowedPools: [near.address] };
    expect(decide({ ...snapshot, chain: { ...snapshot.chain, guard } }, band, defaultLimits)).toMatchObject({
      kind: 'halt',
      code: 'noPool',
    });
  });
});
