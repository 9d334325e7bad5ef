import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../../src/core/decision.ts';
import { defaultBreakerLimits } from '../../../../src/core/risk/breakers/readBreakers.ts';
import { defaultLimits, type Limits } from '../../../../src/core/risk/limits.ts';
import { defaultStressLimits } from '../../../../src/core/risk/stress/stressLimits.ts';
import { type BacktestInput, backtest } from '../../../../src/sim/backtest/backtest.ts';
import { typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { type PolicyChoice, policyOf } from '../../../../src/sim/fast/candidate.ts';
import { fastBacktest, fastBacktestMany } from '../../../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { type MarketPath, NOT_INCLUDED } from '../../../../src/sim/market/marketPath.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../../src/sim/random.ts';
import type { VaultPlan } from '../../../../src/sim/vaultPlan.ts';

/** A market of random step, with jumps, late feeds, thin pools, missed blocks and holes. */
function marketOf(seed: number, stepSeconds: number, steps: number): MarketPath {
  const path = gbmPath(
    { startSeconds: 1_700_000_000, stepSeconds, steps },
    { startPrice: 2_000, drift: 0, volatility: 0.9 },
    randomStream(seed, 'price'),
  );
  const market = buildMarket('random', path, typicalMarket, seed);
  const random = randomStream(seed, 'events');
  const each = (value: (step: number) => number) => Float64Array.from(market.spot, (_, step) => value(step));
  return {
    ...market,
    oracle: each((step) => market.oracle[step]! * (random.uniform() < 0.05 ? 1.02 : 1)),
    depthScale: each((step) => market.depthScale[step]! * (random.uniform() < 0.1 ? 0.02 : 1)),
    inclusionBlocks: Uint8Array.from(market.spot, () =>
      random.uniform() < 0.2 ? NOT_INCLUDED : random.index(8),
    ),
    afterGap: Uint8Array.from(market.spot, (_, step) => (step > 0 && random.uniform() < 0.02 ? 1 : 0)),
  };
}

const policies: readonly PolicyChoice[] = [
  { kind: 'fixedBand', parameters: { halfWidth: { base: 1 }, tradeTo: 'edge' } },
  { kind: 'fixedBand', parameters: { halfWidth: { shareOfGross: 0.02 }, tradeTo: 'centre' } },
  { kind: 'interval', parameters: { seconds: 600 } },
  { kind: 'leland', parameters: { seconds: 600 } },
  { kind: 'whalleyWilmott', parameters: { riskAversion: 1e-5 } },
  { kind: 'zakamouline', parameters: { riskAversion: 1e-5 } },
  { kind: 'optimalBand', parameters: { riskAversion: 1e-5 } },
  { kind: 'optimalBand', parameters: { relativeRiskAversion: 3, refillHalfLifeSeconds: 600 } },
];

const plan = (sizeBase: number, quote: number): VaultPlan => ({
  name: 'strangle',
  base: 60,
  quote,
  options: [
    { type: 'call', strikeOverSpot: 1.02, days: 0.5, everyDays: 0.25, sizeBase, settlement: 'quote' },
    { type: 'put', strikeOverSpot: 0.98, days: 0.5, everyDays: 0.5, sizeBase, settlement: 'base' },
  ],
  liquidity: [{ lowerOverSpot: 0.9, upperOverSpot: 1.1, valueQuote: 50_000 }],
  targetDelta: 60,
  rate: 0.01,
});

const inputs = fc
  .record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    stepSeconds: fc.constantFrom(12, 24, 60, 300, 3_600),
    policy: fc.constantFrom(...policies),
    sizeBase: fc.constantFrom(-40, -5, 30),
    quote: fc.constantFrom(20_000, 500_000),
    maxSlippageBps: fc.constantFrom(30, 200),
    limits: fc.record({
      minSpacingSeconds: fc.constantFrom(0, 60, 7_200),
      minTradeQuote: fc.constantFrom(1, 500),
      maxTradeQuote: fc.constantFrom(5_000, 1_000_000),
      maxGasQuote: fc.constantFrom(8, 10_000),
      maxGasPerDayQuote: fc.constantFrom(null, 60),
      quoteToleranceBps: fc.constantFrom(1, 20),
      minFillBps: fc.constantFrom(5_000, 10_000),
      maxConsecutiveFailures: fc.constantFrom(2, 1_000),
      breakers: fc.constantFrom(null, {
        ...defaultBreakerLimits,
        priceJumpBps: 60,
        ownImpact: 0.002,
        warmUpSeconds: 600,
      }),
      stress: fc.constantFrom(null, null, {
        ...defaultStressLimits,
        maxCostQuote: 500,
        priceChanges: [-0.2, 0, 0.2],
        volatilityChanges: [0],
      }),
      halts: fc.constantFrom(null, {
        lossPerDayQuote: 500,
        turnoverPerDayQuote: 150_000,
        gasPerDayQuote: 40,
        slippageBps: 60,
        staleSeconds: 7_200,
      }),
    }),
  })
  .map(
    ({ seed, stepSeconds, policy, sizeBase, quote, maxSlippageBps, limits }): BacktestInput => ({
      market: marketOf(seed, stepSeconds, 60),
      plan: plan(sizeBase, quote),
      pools: typicalPools,
      policy: policyOf(policy),
      limits: { ...defaultLimits, ...limits } satisfies Limits,
      guard: { maxSlippageBps },
    }),
  );

/** A run by itself: what was decided at every step, and its result. */
const byTick = async (input: BacktestInput) => {
  const decisions: Decision[] = [];
  const result = await backtest({ ...input, onDecision: (_, decision) => decisions.push(decision) });
  return { decisions, result };
};

const byFastPath = (input: BacktestInput) => {
  const decisions: Decision[] = [];
  const result = fastBacktest({ ...input, onDecision: (_, decision) => decisions.push(decision) });
  return { decisions, result };
};

describe('the fast path', () => {
  it('decides as tick does, step by step, to the last bit and the last word, and has the same result', async () => {
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const [tick, fast] = [await byTick(input), byFastPath(input)];
        expect(fast.decisions).toEqual(tick.decisions);
        expect(fast.result).toEqual(tick.result);
      }),
      { numRuns: 40 },
    );
  }, 600_000);

  it('gives each of many candidates on one market the result that it has alone', () => {
    const prepared = {
      market: marketOf(7, 60, 300),
      plan: plan(-40, 500_000),
      pools: typicalPools,
      limits: { ...defaultLimits, maxGasQuote: 10_000 },
      guard: { maxSlippageBps: 200 },
    };
    const candidates = policies.map((policy, index) => ({
      key: `${index}`,
      policy,
      limits: index % 2 === 0 ? {} : { minTradeQuote: 3_000 },
    }));
    const together = fastBacktestMany(prepared, candidates);
    const alone = candidates.map(({ policy, limits }) =>
      fastBacktest({ ...prepared, limits: { ...prepared.limits, ...limits }, policy: policyOf(policy) }),
    );
    expect(together).toEqual(alone);
    expect(together.filter(({ hedges }) => hedges.length > 3).length).toBeGreaterThan(4);
  });
});
