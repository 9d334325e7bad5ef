import { describe, expect, it } from 'vitest';
import type { PolicyView } from '../../../../src/core/policy.ts';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { vpin } from '../../../../src/core/risk/vpin.ts';
import { backtest } from '../../../../src/sim/backtest/backtest.ts';
import { typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { fastBacktest } from '../../../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { type TimedTrade, toxicityAlong } from '../../../../src/sim/market/toxicity.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const buckets = { bucketVolume: 10, bucketCount: 5 };
const trade = (index: number, side: TimedTrade['side'], volume = 2): TimedTrade => ({
  timestampSeconds: index,
  side,
  volume,
});

describe('toxicity along a path', () => {
  it('is 1 while everybody sells, 0 while sides alternate, and unknown before the buckets are full', () => {
    const mixed = Array.from({ length: 100 }, (_, index) =>
      trade(index, index % 2 === 0 ? 'buy' : 'sell', 5),
    );
    const selling = Array.from({ length: 100 }, (_, index) => trade(100 + index, 'sell', 5));
    const found = toxicityAlong(Float64Array.of(3, 50, 199), [...mixed, ...selling], buckets);
    expect(found[0]).toBeNaN();
    expect(found[1]).toBeCloseTo(0, 9);
    expect(found[2]).toBeCloseTo(1, 9);
  });

  it('is what vpin says of the trades so far, whatever comes later', () => {
    const random = randomStream(1, 'trades');
    const trades = Array.from({ length: 60 }, (_, index) =>
      trade(index, random.uniform() < 0.7 ? 'sell' : 'buy', 1),
    );
    const [now] = toxicityAlong(Float64Array.of(50), trades, buckets);
    expect(now).toBeCloseTo(vpin(trades.slice(0, 51).slice(-51), buckets), 12);
    const [again] = toxicityAlong(Float64Array.of(50), trades.slice(0, 51), buckets);
    expect(again).toBe(now);
  });

  it('is there for policies, by tick and by the fast path, where swaps were recorded', async () => {
    const path = gbmPath(
      { startSeconds: 1_700_000_000, stepSeconds: 3_600, steps: 3 },
      { startPrice: 2_000, drift: 0, volatility: 0.7 },
      randomStream(1, 'price'),
    );
    const toxicity = Float64Array.of(Number.NaN, 0.25, 0.5, 0.5);
    const market = { ...buildMarket('gbm', path, typicalMarket, 1), toxicity };
    const plan = { name: 'v', base: 1, quote: 1, options: [], liquidity: [], targetDelta: 0, rate: 0 };
    const seen: (number | undefined)[] = [];
    const policy = {
      kind: 'looking',
      verdict: ({ snapshot }: PolicyView) => {
        seen.push(snapshot.observed.toxicity?.vpin);
        return { trade: false as const, code: 'insideBand' as const, why: 'only looks', band: null };
      },
    };
    const input = {
      market,
      plan,
      pools: typicalPools,
      policy,
      limits: defaultLimits,
      guard: { maxSlippageBps: 100 },
    };
    await backtest(input);
    fastBacktest(input);
    expect(seen).toEqual([undefined, 0.25, 0.5, undefined, 0.25, 0.5]);
  });
});
