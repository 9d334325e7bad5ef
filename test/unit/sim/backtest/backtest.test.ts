import { describe, expect, it } from 'vitest';
import { type BoundPolicy, bindPolicy } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { fixedBand } from '../../../../src/policies/fixedBand.ts';
import { type BacktestInput, backtest } from '../../../../src/sim/backtest/backtest.ts';
import { type PoolPlan, typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { type MarketPath, NOT_INCLUDED } from '../../../../src/sim/market/marketPath.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../../src/sim/random.ts';
import type { VaultPlan } from '../../../../src/sim/vaultPlan.ts';

const hours = 24 * 8;
const market = buildMarket(
  'gbm',
  gbmPath(
    { startSeconds: 1_700_000_000, stepSeconds: 3_600, steps: hours },
    { startPrice: 2_000, drift: 0, volatility: 0.8 },
    randomStream(1, 'price'),
  ),
  typicalMarket,
  1,
);

const plan: VaultPlan = {
  name: 'strangle',
  base: 200,
  quote: 1_000_000,
  options: [
    { type: 'call', strikeOverSpot: 1.02, days: 3, everyDays: 3, sizeBase: -100, settlement: 'quote' },
    { type: 'put', strikeOverSpot: 0.98, days: 3, everyDays: 3, sizeBase: -100, settlement: 'base' },
  ],
  liquidity: [{ lowerOverSpot: 0.8, upperOverSpot: 1.25, valueQuote: 100_000 }],
  targetDelta: 200,
  rate: 0,
};

const band = (base: number) => bindPolicy('fixedBand', fixedBand, { halfWidth: { base }, tradeTo: 'centre' });

/** Pools so deep and cheap that trading costs next to nothing. */
const frictionless: readonly PoolPlan[] = [
  { name: 'deep', feePips: 0, tickSpacing: 10, layers: [{ halfWidthTicks: null, depthBase: 1e9 }] },
];

const run = (changed: Partial<BacktestInput> = {}) =>
  backtest({
    market,
    plan,
    pools: typicalPools,
    policy: band(3),
    limits: { ...defaultLimits, maxGasQuote: 10_000 },
    guard: { maxSlippageBps: 200 },
    ...changed,
  });

const always: MarketPath = { ...market, inclusionBlocks: new Uint8Array(market.spot.length).fill(1) };

describe('a backtest', () => {
  it('takes profit apart into parts that add up to the change of value', async () => {
    const { profit, series, steps } = await run();
    const { total, ...parts } = profit;
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 6);
    expect(total).toBeCloseTo(series.value[steps]! - series.value[0]!, 4);
  });

  it('explains most of what options and liquidity did by their greeks', async () => {
    const { profit } = await run();
    const moved = Math.abs(profit.gamma) + Math.abs(profit.theta);
    expect(Math.abs(profit.unexplained)).toBeLessThan(0.25 * moved);
  });

  it('pays fee, impact and gas for every hedge, and counts them once', async () => {
    const { hedges, cost, profit, turnoverQuote } = await run();
    expect(hedges.length).toBeGreaterThan(5);
    const sum = (of: (hedge: (typeof hedges)[number]) => number) =>
      hedges.reduce((all, hedge) => all + of(hedge), 0);
    expect(sum(({ cost }) => cost.fee)).toBeCloseTo(cost.fee, 6);
    expect(cost.fee).toBeCloseTo(-profit.swapFee, 6);
    expect(cost.fee / turnoverQuote).toBeGreaterThan(0.0004);
    expect(cost.fee / turnoverQuote).toBeLessThan(0.0031);
    expect(cost.total).toBeCloseTo(cost.fee + cost.impact + cost.gas, 6);
  });

  it('is the same for the same market, whatever ran before', async () => {
    const [first, second] = [await run(), await run()];
    expect(first.hedges).toEqual(second.hedges);
    expect(first.profit).toEqual(second.profit);
  });

  it('hedges more often and holds less risk in a narrow band than in a wide one', async () => {
    const [narrow, wide] = [await run({ policy: band(1) }), await run({ policy: band(20) })];
    expect(narrow.hedges.length).toBeGreaterThan(wide.hedges.length);
    expect(narrow.risk.hedgingError).toBeLessThan(wide.risk.hedgingError);
    expect(narrow.cost.total).toBeGreaterThan(wide.cost.total);
  });

  it('costs nothing but gas on pools without friction', async () => {
    const { cost, turnoverQuote } = await run({ pools: frictionless, market: always });
    expect(cost.fee).toBeCloseTo(0, 9);
    expect(Math.abs(cost.impact) / turnoverQuote).toBeLessThan(1e-6);
    expect(cost.gas).toBeGreaterThan(0);
  });

  it('says why it did not trade, step by step', async () => {
    const { notTraded, hedges, steps } = await run({ market: always });
    const held = Object.values(notTraded).reduce((sum, count) => sum + count, 0);
    expect(held + hedges.length).toBe(steps);
    expect(notTraded.insideBand).toBeGreaterThan(0);
  });

  it('trades nothing where no block takes its orders, and tries again', async () => {
    const never: MarketPath = {
      ...market,
      inclusionBlocks: new Uint8Array(market.spot.length).fill(NOT_INCLUDED),
    };
    const { hedges, cost, notTraded, steps } = await run({ market: never });
    expect(hedges).toEqual([]);
    expect(cost.total).toBe(0);
    const held = Object.values(notTraded).reduce((sum, count) => sum + count, 0);
    expect(held).toBeLessThan(steps - 5);
  });

  it('never executes a sequence twice', async () => {
    const { hedges } = await run();
    expect(new Set(hedges.map(({ step }) => step)).size).toBe(hedges.length);
  });

  it('follows each round of options: premium, what hedging took of it, and the volatility at which it is even', async () => {
    const { rounds } = await run();
    expect(rounds).toHaveLength(4);
    for (const round of rounds) {
      expect(round.premiumQuote).toBeGreaterThan(0);
      expect(round.hedgingCostQuote).toBeGreaterThan(0);
      expect(round.overBudget).toBe(round.hedgingCostQuote > round.premiumQuote);
      expect(round.breakEvenVolatility).toBeGreaterThan(0);
      expect(round.realizedVolatility).toBeGreaterThan(0.3);
    }
  });

  it('lists apart what is open at the end, at the mark', async () => {
    const { openAtEnd } = await run();
    const end = market.timestampSeconds.at(-1)!;
    expect(openAtEnd!.length).toBeGreaterThan(0);
    for (const { expirySeconds, sizeBase, premiumQuote, valueQuote } of openAtEnd!) {
      expect(expirySeconds).toBeGreaterThan(end);
      expect(Math.sign(premiumQuote)).toBe(-Math.sign(sizeBase));
      expect(valueQuote * Math.sign(sizeBase)).toBeGreaterThanOrEqual(0);
    }
    expect((await run({ plan: { ...plan, options: [] } })).openAtEnd).toEqual([]);
  });

  it('raises the alarm when hedging eats the premium', async () => {
    const small = { ...plan, options: plan.options.map((option) => ({ ...option, sizeBase: -1 })) };
    const limits = { ...defaultLimits, minTradeQuote: 1 };
    const { rounds } = await run({ plan: small, policy: band(0.05), limits });
    expect(rounds.some(({ overBudget }) => overBudget)).toBe(true);
    expect(rounds.some(({ breakEvenVolatility }) => breakEvenVolatility === null)).toBe(true);
  });

  it('scores nothing that happened across a hole in the recording', async () => {
    const torn: MarketPath = {
      ...market,
      spot: market.spot.map((price, step) => (step >= 50 ? price * 1.5 : price)),
      oracle: market.oracle.map((price, step) => (step >= 50 ? price * 1.5 : price)),
      afterGap: Uint8Array.from(market.spot, (_, step) => (step === 50 ? 1 : 0)),
    };
    const { hourlyError, steps } = await run({ market: torn });
    expect(hourlyError).toHaveLength(steps - 1);
    expect(Math.max(...hourlyError.map(Math.abs))).toBeLessThan(200 * 2_000 * 0.1);
  });

  it('counts how many hedges the bound against the feed would have refused, fewer at wider bounds', async () => {
    const { refusals } = await run();
    const counts = refusals.map(({ refused }) => refused);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBeGreaterThan(counts.at(-1)!);
  });

  it('halts with the reason, as in production, where feed and pools part', async () => {
    const late = { ...market, oracle: market.oracle.map((price) => price * 1.03) };
    const { notTraded, hedges, steps } = await run({ market: late });
    expect(notTraded.oracleDiverges).toBe(steps);
    expect(hedges).toEqual([]);
  });

  it('never trades under a policy that never asks to', async () => {
    const idle: BoundPolicy = {
      kind: 'idle',
      verdict: () => ({ trade: false, code: 'insideBand', why: 'never', band: null }),
    };
    const { hedges, cost, hedgesPerDay } = await run({ policy: idle });
    expect([hedges.length, cost.total, hedgesPerDay]).toEqual([0, 0, 0]);
  });
});
