import { describe, expect, it } from 'vitest';
import { oracleBound } from '../../../../src/core/hedge/bound.ts';
import { hedgeCosts } from '../../../../src/core/hedge/hedgeCosts.ts';
import { planObstacle, planTrade, type TradePlan } from '../../../../src/core/hedge/planTrade.ts';
import { defaultLimits, type Limits } from '../../../../src/core/risk/limits.ts';
import type { Snapshot } from '../../../../src/core/snapshot.ts';
import { mulDivDown, mulDivUp } from '../../../../src/core/units.ts';
import { borrower } from '../../../support/borrower.ts';
import { nowSeconds, oracleAt, poolAt, raw, snapshotWith, weth } from '../../../support/snapshot.ts';

const oracle = oracleAt(3_000);
const limits: Limits = { ...defaultLimits, quoteToleranceBps: 5_000 };

function planOf(snapshot: Snapshot, tradeBase: number, within: Limits = limits): TradePlan {
  const plan = planTrade(snapshot, oracle, 3_000, tradeBase, within, snapshot.chain.pools);
  if ('code' in plan) throw new Error(plan.why);
  return plan;
}

describe('the price bound of a plan', () => {
  it.each([
    ['the mandate’s', 80, 30],
    ['the config’s', 30, 80],
  ])('is %s where that is tighter', (_, config, mandate) => {
    const snapshot = snapshotWith({ guard: { maxSlippageBps: mandate } });
    const within = { ...limits, maxSlippageBps: config };
    const [sold, bought] = [planOf(snapshot, -2, within), planOf(snapshot, 2, within)];
    const at = (side: 'sell' | 'buy') => oracleBound(side, oracle, 30);
    const [low, high] = [at('sell'), at('buy')];
    expect(sold.quoteLimitRaw).toBe(mulDivUp(raw(2, weth), low.numerator, low.denominator));
    expect(bought.quoteLimitRaw).toBe(mulDivDown(raw(2, weth), high.numerator, high.denominator));
    // And of what the policy is told a pool takes.
    const { capacity } = hedgeCosts(snapshot, 3_000, within);
    const asTight = snapshotWith({ guard: { maxSlippageBps: 30 } });
    expect(capacity).toEqual(hedgeCosts(asTight, 3_000, { ...limits, maxSlippageBps: 30 }).capacity);
    expect(capacity).not.toEqual(
      hedgeCosts(snapshotWith({ guard: { maxSlippageBps: 80 } }), 3_000, { ...limits, maxSlippageBps: 80 })
        .capacity,
    );
  });
});

describe('a plan', () => {
  const snapshot = snapshotWith();
  const plan = planOf(snapshot, -2);
  const code = (change: Partial<Limits>, history: Partial<Snapshot['history']> = {}) =>
    planObstacle(plan, snapshotWith({ history }), 3_000, { ...limits, ...change })?.code ?? null;
  const { gasQuote } = plan.cost;

  it('is refused below the smallest trade, and not at it', () => {
    expect(code({ minTradeQuote: 6_000 })).toBeNull();
    expect(code({ minTradeQuote: 6_000.01 })).toBe('belowMinimum');
  });

  it('is refused above the gas cap, and not at it', () => {
    expect(code({ maxGasQuote: gasQuote })).toBeNull();
    expect(code({ maxGasQuote: gasQuote * 0.999_999 })).toBe('gasCap');
  });

  it('is refused where the day’s gas and its own come above the cap of a day, and not at it', () => {
    const paid = { gasPaidLastDayWei: 10n ** 15n };
    expect(code({ maxGasPerDayQuote: 3 + gasQuote }, paid)).toBeNull();
    expect(code({ maxGasPerDayQuote: 2.999_999 + gasQuote }, paid)).toBe('gasPerDay');
    expect(code({ maxGasPerDayQuote: gasQuote })).toBeNull();
  });

  it('is refused sooner after a hedge than the least spacing, and not at it', () => {
    const lastHedge = {
      blockNumber: 1n,
      timestampSeconds: nowSeconds - 60,
      side: 'sell',
      baseRaw: 1n,
    } as const;
    expect(code({ minSpacingSeconds: 60 }, { lastHedge })).toBeNull();
    expect(code({ minSpacingSeconds: 61 }, { lastHedge })).toBe('spacing');
    expect(code({ minSpacingSeconds: 61 })).toBeNull();
  });

  it('costs what its lending steps cost in addition, and says all of it in basis points', () => {
    const [owning, borrowing] = [borrower(500_000, 0, { base: 10 }), borrower(500_000, 0)];
    const [plainly, lent] = [planOf(owning, -2), planOf(borrowing, -2)];
    expect(plainly.lending).toBeNull();
    const more = lent.lending!.gasQuote;
    expect(more).toBeGreaterThan(0);
    expect(lent.cost.gasQuote).toBeCloseTo(plainly.cost.gasQuote + more, 9);
    expect(lent.cost.totalQuote).toBeCloseTo(plainly.cost.totalQuote + more, 9);
    expect(lent.cost.bps).toBeCloseTo((lent.cost.totalQuote / 6_000) * 10_000, 6);
  });

  it('leaves a pool alone that is beyond its bound', () => {
    const away = snapshotWith({ chain: { pools: [poolAt(2_900)] } });
    expect(() => planOf(away, -2)).toThrow(/no allowed pool would buy within 100 bps/);
    expect(planOf(away, 2).side).toBe('buy');
    expect(() => planOf(snapshotWith({ chain: { pools: [poolAt(3_100)] } }), 2)).toThrow(/would sell within/);
  });
});
