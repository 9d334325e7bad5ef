import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/core/decide.ts';
import { firstSlice, limitsOfSlice } from '../../../../src/core/hedge/firstSlice.ts';
import { hedgeCosts } from '../../../../src/core/hedge/hedgeCosts.ts';
import { bindPolicy, type PolicyView } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { slicePlan } from '../../../../src/core/risk/slice.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { poolAt, snapshotWith, spotBase } from '../../../support/snapshot.ts';

/** Linear impact: a unit pays 1 and 0.01 more for each unit. */
const costs = { cost: (q: number) => q + 0.01 * q * q, marginal: (q: number) => 1 + 0.02 * q };
const input = {
  quantity: 1_000,
  costs,
  gasQuote: 5,
  spot: 3_000,
  volatility: 0.6,
  intervalSeconds: 60,
  mostSlices: 20,
  riskAversion: 1e-6,
};

describe('the slices of an order', () => {
  it('are many where impact is dear and waiting cheap, and add up to the order', () => {
    const { trades, utilityQuote, atOnceQuote } = slicePlan(input);
    expect(trades.length).toBeGreaterThan(3);
    expect(trades.reduce((sum, trade) => sum + trade, 0)).toBeCloseTo(1_000, 9);
    expect(utilityQuote).toBeLessThan(atOnceQuote);
    expect(atOnceQuote).toBeCloseTo(11_005, 9);
  });

  it('come to what they cost: fixed cost, impact and gas of each, where waiting risks nothing', () => {
    const { trades, utilityQuote } = slicePlan({ ...input, riskAversion: 0 });
    const paid = trades.reduce((sum, trade) => sum + costs.cost(trade) + input.gasQuote, 0);
    expect(utilityQuote).toBeCloseTo(paid, 6);
    expect(new Set(trades.map((trade) => trade.toFixed(6))).size).toBe(1);
  });

  it('come to that and the risk of what waits: lambda x variance of the price x time x rest squared', () => {
    const { trades, utilityQuote } = slicePlan(input);
    const variance = (3_000 * 0.6) ** 2 * (60 / (365 * 86_400));
    const { risk } = trades.reduce(
      ({ rest, risk }, trade) => ({ rest: rest - trade, risk: risk + (rest - trade) ** 2 * variance }),
      { rest: 1_000, risk: 0 },
    );
    const paid = trades.reduce((sum, trade) => sum + costs.cost(trade) + input.gasQuote, 0);
    expect(utilityQuote).toBeCloseTo(paid + 1e-6 * risk, 6);
  });

  it('are one for a small order, dear gas, or a vault that fears waiting', () => {
    expect(slicePlan({ ...input, quantity: 10 }).trades).toEqual([10]);
    expect(slicePlan({ ...input, gasQuote: 1e6 }).trades).toHaveLength(1);
    expect(slicePlan({ ...input, riskAversion: 10 }).trades).toHaveLength(1);
  });

  it('are what a pool takes where it does not take all at once', () => {
    const shallow = { ...costs, cost: (q: number) => (q > 400 ? Number.POSITIVE_INFINITY : costs.cost(q)) };
    const { trades, atOnceQuote } = slicePlan({ ...input, costs: shallow });
    expect(atOnceQuote).toBe(Number.POSITIVE_INFINITY);
    expect(trades.length).toBeGreaterThan(2);
  });
});

describe('a decision with slices', () => {
  const policy = bindPolicy('fixedBand', fixedBand, { halfWidth: { base: 1 }, tradeTo: 'centre' });
  const snapshot = snapshotWith({
    positions: [spotBase(50)],
    chain: { pools: [poolAt(3_000, { depthBase: 4_000 })] },
  });
  const limits = { ...defaultLimits, maxSlippageBps: 300, maxDivergenceBps: 500, maxGasQuote: 1_000 };
  const slice = { intervalSeconds: 60, mostSlices: 10, riskAversion: 1e-7 };

  it('trades the first slice only, and says so', () => {
    const whole = decide(snapshot, policy, limits);
    const sliced = decide(snapshot, policy, { ...limits, slice });
    if (whole.kind !== 'hedge' || sliced.kind !== 'hedge') throw new Error('both are hedges');
    expect(sliced.code).toBe('sliced');
    expect(sliced.why).toMatch(/only in part: the first of \d+ slices, which cost [\d.,]+ USDC/);
    expect(sliced.plan.baseRaw).toBeLessThan(whole.plan.baseRaw);
    expect(sliced.plan.side).toBe('sell');
    expect(sliced.netDeltaAfter).toBeGreaterThan(whole.netDeltaAfter);
    expect(sliced.numbers.cost!.bps).toBeLessThan(whole.numbers.cost!.bps);
  });

  it('is cut by what its own side costs, on either side alike', () => {
    const view: PolicyView = { snapshot, spot: 3_000, netDelta: 50, netDeltaStdError: 0 } as never;
    const flat = { ...costs, cost: (q: number) => q, marginal: () => 1 };
    const own = hedgeCosts(snapshot, 3_000, limits);
    const dearTo = (side: 'sell' | 'buy'): PolicyView => ({
      ...view,
      hedgeCosts: () => ({ ...own, gasQuote: 5, sell: flat, buy: flat, [side]: costs }),
    });
    const [sold, bought] = [
      firstSlice(dearTo('sell'), -1_000, slice, limits),
      firstSlice(dearTo('buy'), 1_000, slice, limits),
    ];
    expect(sold!.tradeBase).toBeLessThan(0);
    expect(sold!.tradeBase).toBeGreaterThan(-1_000);
    expect(bought!.tradeBase).toBe(-sold!.tradeBase);
    expect(firstSlice(dearTo('sell'), 1_000, slice, limits)).toBeNull();
    expect(firstSlice(dearTo('buy'), -1_000, slice, limits)).toBeNull();
    expect(firstSlice(dearTo('sell'), 0, slice, limits)).toBeNull();
    // A smallest trade as large as the order: all of it, at once.
    expect(firstSlice(dearTo('buy'), 1_000, slice, { ...limits, minTradeQuote: 3_000_000 })).toBeNull();
  });

  it('keeps the vault’s own spacing where that is longer', () => {
    expect(limitsOfSlice({ ...limits, minSpacingSeconds: 600 }, slice).minSpacingSeconds).toBe(600);
    expect(limitsOfSlice({ ...limits, minSpacingSeconds: 10 }, slice).minSpacingSeconds).toBe(60);
  });

  it('is the same to the byte where slicing is off, or the order is small for its pools', () => {
    const off = decide(snapshot, policy, { ...limits, slice: null });
    expect(off).toEqual(decide(snapshot, policy, limits));
    const small = snapshotWith({ positions: [spotBase(2)] });
    expect(decide(small, policy, { ...limits, slice })).toEqual(decide(small, policy, limits));
  });

  it('waits the plan’s interval from one slice to the next', () => {
    const { timestampSeconds } = snapshot.chain.block;
    const lastHedge = {
      blockNumber: 1n,
      timestampSeconds: timestampSeconds - 30,
      side: 'sell',
      baseRaw: 1n,
    } as const;
    const soon = { ...snapshot, history: { ...snapshot.history, lastHedge } };
    expect(decide(soon, policy, { ...limits, slice })).toMatchObject({ kind: 'hold', code: 'spacing' });
    expect(decide(soon, policy, limits).kind).toBe('hedge');
  });

  it('is never cut below the smallest trade, which would wait for ever', () => {
    const minTradeQuote = 40_000;
    const decision = decide(snapshot, policy, { ...limits, minTradeQuote, slice });
    expect(decision, decision.why).toMatchObject({ kind: 'hedge', code: 'sliced' });
  });
});
