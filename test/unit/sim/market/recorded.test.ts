import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRecordedPool } from '../../../../src/core/amm/recordedPool.ts';
import { quoteExactIn, quoteExactOut } from '../../../../src/core/amm/swap.ts';
import { poolOfPlan } from '../../../../src/sim/backtest/poolPlan.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { poolPlanOfRecorded } from '../../../../src/sim/market/recordedPoolPlan.ts';
import { filledWith, lastKnown, sliceMarket } from '../../../../src/sim/market/recordedSeries.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const start = 1_700_000_000;
const path = gbmPath(
  { startSeconds: start, stepSeconds: 3_600, steps: 200 },
  { startPrice: 2_000, drift: 0, volatility: 0.7 },
  randomStream(1, 'price'),
);

describe('a recorded series along a path', () => {
  const series = { timestampSeconds: [100, 200, 400], value: [1, 2, 4] };

  it('is what was last known, never what came later', () => {
    const moments = Float64Array.of(50, 100, 199, 200, 350, 400, 499, 501);
    expect([...lastKnown(moments, series, 150)]).toEqual([Number.NaN, 1, 1, 2, 2, 4, 4, 4]);
    expect([...lastKnown(moments, series, 100)]).toEqual([Number.NaN, 1, 1, 2, Number.NaN, 4, 4, Number.NaN]);
  });

  it('is refused out of order', () => {
    expect(() => lastKnown(Float64Array.of(1), { timestampSeconds: [2, 2], value: [1, 1] }, 1)).toThrow(
      /timestampSeconds/,
    );
  });

  it('is modelled where nothing was recorded, and that is counted', () => {
    const { values, modelledCount } = filledWith(Float64Array.of(1, Number.NaN), Float64Array.of(7, 8));
    expect([...values]).toEqual([1, 8]);
    expect(modelledCount).toBe(1);
  });

  it('takes the place of the model in a market', () => {
    const implied = new Float64Array(path.price.length).fill(0.9);
    const baseFeeGwei = new Float64Array(path.price.length).fill(Number.NaN).fill(42, 10);
    const modelled = buildMarket('gbm', path, typicalMarket, 1);
    const market = buildMarket('gbm', path, typicalMarket, 1, { implied, baseFeeGwei });
    expect(market.impliedVolatility).toEqual(implied);
    expect(market.baseFeeGwei.slice(0, 10)).toEqual(modelled.baseFeeGwei.slice(0, 10));
    expect(new Set(market.baseFeeGwei.slice(10))).toEqual(new Set([42]));
    expect(market.oracle).toEqual(modelled.oracle);
  });
});

describe('a window of a market', () => {
  it('has the same values as the whole, and nothing that leads to its first step', () => {
    const market = buildMarket('gbm', path, typicalMarket, 1);
    market.afterGap[24] = 1;
    const window = sliceMarket(market, start + 24 * 3_600, start + 48 * 3_600);
    expect(window.spot).toEqual(market.spot.slice(24, 48));
    expect(window.forecastVolatility).toEqual(market.forecastVolatility.slice(24, 48));
    expect(window.afterGap[0]).toBe(0);
    expect(market.afterGap[24]).toBe(1);
    expect(() => sliceMarket(market, start + 1e9, start + 2e9)).toThrow(/window/);
  });
});

const folder = process.env.BALLAST_DATA ?? '../shared';
const files = ['tycho-USDC-WETH-500-20260130.json', 'tycho-USDC-WETH-3000-20260130.json'];
const load = (file: string) => {
  try {
    return parseRecordedPool(JSON.parse(readFileSync(`${folder}/data/pools/${file}`, 'utf8')));
  } catch {
    return null;
  }
};

describe.skipIf(load(files[0]!) === null)('a recorded pool as a plan', () => {
  it.each(files)('%s costs what it was recorded to cost, both sides together', (file) => {
    const recorded = load(file)!;
    const { pool } = recorded;
    const spot = 1e12 / (Number(pool.sqrtPriceX96) / 2 ** 96) ** 2;
    const plan = poolPlanOfRecorded(recorded, file, 'WETH');
    expect(plan.layers.every(({ depthBase }) => depthBase >= 0)).toBe(true);
    const simulated = poolOfPlan(plan, 0, spot, 1);
    for (const base of [10, 100, 1_000]) {
      const amountRaw = BigInt(base) * 10n ** 18n;
      const lost = (sold: bigint, bought: bigint) => Number(bought - sold) / 1e6 / base / spot;
      const real = lost(
        quoteExactIn(pool, { zeroForOne: false, amountRaw }).amountOutRaw,
        quoteExactOut(pool, { zeroForOne: true, amountRaw }).amountInRaw,
      );
      const planned = lost(
        quoteExactIn(simulated, { zeroForOne: true, amountRaw }).amountOutRaw,
        quoteExactOut(simulated, { zeroForOne: false, amountRaw }).amountInRaw,
      );
      // A thousand reach far out, where holes of the real pool are levelled.
      expect(Math.abs(planned / real - 1)).toBeLessThan(base < 1_000 ? 0.02 : 0.3);
    }
  });

  it('stays as deep in base wherever the price goes', () => {
    const plan = poolPlanOfRecorded(load(files[0]!)!, 'pool', 'WETH');
    const amountRaw = 100n * 10n ** 18n;
    const lost = [1_000, 4_000].map((price) => {
      const { amountOutRaw } = quoteExactIn(poolOfPlan(plan, 0, price, 1), { zeroForOne: true, amountRaw });
      return 1 - Number(amountOutRaw) / 1e6 / 100 / price;
    });
    expect(lost[0]).toBeCloseTo(lost[1]!, 5);
  });

  it('is refused where it does not hold the base', () => {
    expect(() => poolPlanOfRecorded(load(files[0]!)!, 'pool', 'WBTC')).toThrow(/WBTC/);
  });
});
