import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../../src/core/risk/limits.ts';
import { runMany } from '../../../../src/runtime/workers/runMany.ts';
import { simulateHedgingOn } from '../../../../src/runtime/workers/simulateHedging.ts';
import { WorkerPool } from '../../../../src/runtime/workers/workerPool.ts';
import { typicalPools } from '../../../../src/sim/backtest/poolPlan.ts';
import { fastBacktestMany, type PreparedMarket } from '../../../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { simulateHedging } from '../../../../src/sim/montecarlo/simulateHedging.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const prepared: PreparedMarket = {
  market: buildMarket(
    'gbm',
    gbmPath(
      { startSeconds: 1_700_000_000, stepSeconds: 3_600, steps: 100 },
      { startPrice: 2_000, drift: 0, volatility: 0.8 },
      randomStream(1, 'price'),
    ),
    typicalMarket,
    1,
  ),
  plan: {
    name: 'calls',
    base: 200,
    quote: 1_000_000,
    options: [
      { type: 'call', strikeOverSpot: 1, days: 3, everyDays: 3, sizeBase: -100, settlement: 'quote' },
    ],
    liquidity: [],
    targetDelta: 200,
    rate: 0,
  },
  pools: typicalPools,
  limits: { ...defaultLimits, maxGasQuote: 10_000 },
  guard: { maxSlippageBps: 200 },
};

const candidates = [1, 2, 3, 5, 8].map((base) => ({
  key: `${base}`,
  policy: { kind: 'fixedBand', parameters: { halfWidth: { base } } },
}));

const simulation = {
  option: { type: 'put', spot: 100, strike: 95, rate: 0.02 },
  years: 0.1,
  steps: 40,
  paths: 3_000,
  drift: 0,
  volatility: 0.5,
  bands: [
    { act: 0, target: 0 },
    { act: 0.1, target: 0.05 },
  ],
  feeRate: 0.001,
  gasQuote: 0.01,
  seed: 3,
} as const;

let pool: WorkerPool | null = null;
const opened = (count: number) => {
  pool = new WorkerPool(count);
  return pool;
};
afterEach(() => pool?.close());

describe('a pool of workers', () => {
  it.each([1, 3])(
    'gives the same results as one thread, with %i workers',
    async (count) => {
      const workers = opened(count);
      expect(await runMany(workers, prepared, candidates)).toEqual(fastBacktestMany(prepared, candidates));
      expect(await simulateHedgingOn(workers, simulation)).toEqual(simulateHedging(simulation));
    },
    120_000,
  );

  it('answers calls that come at once one after the other, each with its own results, and tells how far it is', async () => {
    const workers = opened(2);
    const shares: number[] = [];
    const [some, others] = [candidates.slice(0, 2), candidates.slice(2)];
    const onProgress = (share: number) => shares.push(share);
    const answers = await Promise.all([
      runMany(workers, prepared, some),
      runMany(workers, prepared, others, { onProgress }),
    ]);
    expect(answers).toEqual([fastBacktestMany(prepared, some), fastBacktestMany(prepared, others)]);
    expect(shares.at(-1)).toBeCloseTo(1, 12);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.length).toBeGreaterThan(10);
  });

  it('goes on after a call whose signal was aborted before its turn only to say that it is closed', async () => {
    const workers = opened(1);
    const first = runMany(workers, prepared, candidates.slice(0, 1));
    const stopped = runMany(workers, prepared, candidates, {
      signal: AbortSignal.abort(new Error('enough')),
    });
    const later = runMany(workers, prepared, candidates);
    await expect(stopped).rejects.toThrow('enough');
    await expect(later).rejects.toThrow('closed');
    expect(await first).toEqual(fastBacktestMany(prepared, candidates.slice(0, 1)));
  });

  it('stops when it is told to, and is closed then', async () => {
    const stop = new AbortController();
    const workers = opened(2);
    const running = runMany(workers, prepared, candidates, {
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    });
    await expect(running).rejects.toThrow('enough');
    await expect(runMany(workers, prepared, candidates)).rejects.toThrow('closed');
  });

  it('hands on what a candidate is refused for', async () => {
    const unknown = [{ key: 'x', policy: { kind: 'none', parameters: {} } }];
    await expect(runMany(opened(1), prepared, unknown)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
