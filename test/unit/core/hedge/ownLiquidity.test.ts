import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConcentratedPool } from '../../../../src/core/amm/pool.ts';
import { poolAfter, quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { sqrtPriceAtTick } from '../../../../src/core/amm/tickMath.ts';
import { decide } from '../../../../src/core/decide.ts';
import type { HedgeDecision } from '../../../../src/core/decision.ts';
import { liquidityAmounts } from '../../../../src/core/exposure/liquidity.ts';
import { ownLiquidityGain, routeForNet } from '../../../../src/core/hedge/ownLiquidity.ts';
import { bindPolicy } from '../../../../src/core/policy.ts';
import type { LiquidityPosition } from '../../../../src/core/position.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { type Address, min, toWhole } from '../../../../src/core/units.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { poolAddress, poolAt, raw, snapshotWith, spotBase, weth } from '../../../support/snapshot.ts';

const centre = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 0.01 }, tradeTo: 'centre' });
const other: Address = '0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8';

/** A position around a pool's price that holds `share` of its liquidity. */
function ownShare(pool: ConcentratedPool, share: number, halfWidth = 2_000): LiquidityPosition {
  const middle = Math.round(pool.tick / 10) * 10;
  return {
    kind: 'liquidity',
    label: 'own liquidity',
    pool: pool.address,
    baseIsToken0: pool.token0 === weth.address,
    tickLower: middle - halfWidth,
    tickUpper: middle + halfWidth,
    liquidity: (pool.liquidity * BigInt(Math.round(share * 1e6))) / 1_000_000n,
  };
}

/** Base in a position, whole, where its pool stands. */
function baseIn(position: LiquidityPosition, { sqrtPriceX96 }: ConcentratedPool): number {
  const { amount0Raw, amount1Raw } = liquidityAmounts({
    liquidity: position.liquidity,
    sqrtPriceX96,
    sqrtPriceLowerX96: sqrtPriceAtTick(position.tickLower),
    sqrtPriceUpperX96: sqrtPriceAtTick(position.tickUpper),
  });
  return toWhole(position.baseIsToken0 ? amount0Raw : amount1Raw, 18);
}

/** Executes a plan on its pools: what the vault's base is afterwards, own liquidity included, less what it was before. */
function netEffect({ plan }: HedgeDecision, snapshot: Snapshot, own: LiquidityPosition): number {
  let change = 0;
  for (const leg of plan.legs) {
    const pool = snapshot.chain.pools.find((one) => one.address === leg.pool) as ConcentratedPool;
    const zeroForOne = (plan.side === 'sell') === (pool.token0 === weth.address);
    const request = { zeroForOne, amountRaw: leg.baseRaw, sqrtPriceLimitX96: leg.sqrtPriceLimitX96 };
    const quote = plan.side === 'sell' ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
    expect(quote.filled).toBe(true);
    change += toWhole(plan.side === 'sell' ? -quote.amountInRaw : quote.amountOutRaw, 18);
    if (pool.address === own.pool) change += baseIn(own, poolAfter(pool, quote)) - baseIn(own, pool);
  }
  return change;
}

function marketWith(
  share: number,
  netDelta: number,
  pools: readonly ConcentratedPool[],
): [Snapshot, LiquidityPosition] {
  const own = ownShare(pools[0]!, share);
  const held = snapshotWith({ positions: [own] });
  const delta = baseIn(own, pools[0]!);
  const snapshot = snapshotWith({
    positions: [own, spotBase(Math.max(netDelta, 0))],
    vault: { targetDelta: delta + Math.max(-netDelta, 0) },
    chain: { pools, holdings: { baseRaw: raw(5_000, weth), quoteRaw: held.chain.holdings.quoteRaw * 40n } },
    guard: { turnoverAvailableRaw: 10n ** 14n, maxBaseRaw: raw(10_000, weth) },
  });
  return [snapshot, own];
}

const limits = { ...defaultLimits, maxTradeQuote: 1e9, minTradeQuote: 0 };

describe('hedging through the vault’s own liquidity', () => {
  it.each([
    [0.2, 40],
    [0.2, -40],
    [0.6, 40],
    [0.6, -40],
  ])(
    'with a share of %d of the pool, brings %d to the target where the naive size misses',
    (share, netDelta) => {
      const [snapshot, own] = marketWith(share, netDelta, [poolAt(3_000, { depthBase: 60_000 })]);
      const decision = decide(snapshot, centre, limits);
      if (decision.kind !== 'hedge') throw new Error(decision.why);
      const before = decision.numbers.netDelta!;
      const after = before + netEffect(decision, snapshot, own);
      expect(Math.abs(after)).toBeLessThan(1e-9 * Math.abs(before));
      expect(decision.netDeltaAfter).toBeCloseTo(after, 9);
      // The naive size is the net delta itself; the vault's share of it comes back.
      const { plan } = decision;
      const naive = {
        ...decision,
        plan: { ...plan, legs: plan.legs.map((leg) => ({ ...leg, baseRaw: raw(Math.abs(before), weth) })) },
      };
      expect(Math.abs(before + netEffect(naive, snapshot, own))).toBeGreaterThan(
        0.9 * share * Math.abs(before),
      );
    },
  );

  it('counts the share of each leg’s pool alone', () => {
    const pools = [poolAt(3_000, { depthBase: 5_000 }), poolAt(3_000, { depthBase: 20_000, address: other })];
    const [snapshot, own] = marketWith(0.5, 60, pools);
    const decision = decide(snapshot, centre, limits);
    if (decision.kind !== 'hedge') throw new Error(decision.why);
    expect(decision.plan.legs).toHaveLength(2);
    const before = decision.numbers.netDelta!;
    expect(Math.abs(before + netEffect(decision, snapshot, own))).toBeLessThan(1e-9 * before);
    // A half of the fifth that goes through the own pool comes back.
    expect(toWhole(decision.plan.baseRaw, 18) / before).toBeCloseTo(1 / (1 - 0.5 / 5), 2);
  });

  it('says truly where it ends when there is not enough to trade', () => {
    const [rich, own] = marketWith(0.4, 40, [poolAt(3_000)]);
    const snapshot = {
      ...rich,
      chain: { ...rich.chain, holdings: { ...rich.chain.holdings, baseRaw: raw(10, weth) } },
    };
    const decision = decide(snapshot, centre, limits);
    if (decision.kind !== 'hedge') throw new Error(decision.why);
    expect(decision.code).toBe('inventory');
    const after = decision.numbers.netDelta! + netEffect(decision, snapshot, own);
    expect(decision.netDeltaAfter).toBeCloseTo(after, 9);
    expect(after).toBeGreaterThan(30);
  });

  it('changes nothing where the position lies in another pool, or out of range', () => {
    const pool = poolAt(3_000);
    const far = {
      ...ownShare(pool, 0.5),
      tickLower: pool.tick - 5_000 - (pool.tick % 10),
      tickUpper: pool.tick - 4_000 - (pool.tick % 10),
    };
    const move = { pool: poolAddress, sqrtPriceAfterX96: sqrtPriceAtTick(pool.tick + 50) };
    expect(ownLiquidityGain([far], [pool], [move])).toBe(0n);
    expect(ownLiquidityGain([ownShare(pool, 0.5)], [pool], [{ ...move, pool: other }])).toBe(0n);
    expect(ownLiquidityGain([ownShare(pool, 0.5)], [pool], [move])).not.toBe(0n);
  });

  it('never goes past what was wanted, whatever the share, and stops in bounded time', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 24n }),
        fc.integer({ min: 0, max: 1_000 }),
        fc.bigInt({ min: 1n, max: 10n ** 25n }),
        fc.constantFrom('sell' as const, 'buy' as const),
        (wantedRaw, shareThousandths, capRaw, side) => {
          let attempts = 0;
          const found = routeForNet(side, wantedRaw, (sizeRaw) => {
            attempts += 1;
            const baseRaw = min(sizeRaw, capRaw);
            const backRaw = (baseRaw * BigInt(shareThousandths)) / 1_000n;
            const route = { legs: [], moves: [], baseRaw, quoteRaw: 0n, feeRaw: 0n, endsUnread: false };
            return { route, gainRaw: side === 'sell' ? backRaw : -backRaw };
          })!;
          expect(attempts).toBeLessThanOrEqual(48);
          const { baseRaw } = found.route;
          const netRaw = baseRaw - (baseRaw * BigInt(shareThousandths)) / 1_000n;
          expect(netRaw <= wantedRaw + wantedRaw / 10n ** 12n).toBe(true);
          const reachable =
            shareThousandths < 900 && (wantedRaw * 1_000n) / BigInt(1_000 - shareThousandths) < capRaw;
          if (reachable) expect(wantedRaw - netRaw <= wantedRaw / 10n ** 12n + 2n).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('arrives where the own range ends on the way and the pools end soon after', () => {
    const terms = fc.record({
      wantedRaw: fc.bigInt({ min: 10n ** 6n, max: 10n ** 24n }),
      shareThousandths: fc.integer({ min: 0, max: 999 }),
      endThousandths: fc.integer({ min: 0, max: 8_000 }),
      roomThousandths: fc.integer({ min: 1_000, max: 3_000 }),
      side: fc.constantFrom('sell' as const, 'buy' as const),
    });
    fc.assert(
      fc.property(terms, ({ wantedRaw, shareThousandths, endThousandths, roomThousandths, side }) => {
        const endRaw = (wantedRaw * BigInt(endThousandths)) / 1_000n;
        const capRaw = endRaw + (wantedRaw * BigInt(roomThousandths)) / 1_000n;
        const backOf = (baseRaw: bigint) => (min(baseRaw, endRaw) * BigInt(shareThousandths)) / 1_000n;
        const found = routeForNet(side, wantedRaw, (sizeRaw) => {
          const baseRaw = min(sizeRaw, capRaw);
          const backRaw = backOf(baseRaw);
          const route = { legs: [], moves: [], baseRaw, quoteRaw: 0n, feeRaw: 0n, endsUnread: false };
          return { route, gainRaw: side === 'sell' ? backRaw : -backRaw };
        })!;
        const { baseRaw } = found.route;
        const missedRaw = wantedRaw - (baseRaw - backOf(baseRaw));
        expect(missedRaw >= -(wantedRaw / 10n ** 12n)).toBe(true);
        expect(missedRaw <= wantedRaw / 10n ** 12n + 2n).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
