import { describe, expect, it } from 'vitest';
import { baseFeesAlong, fitBaseFee, typicalBaseFee } from '../../../../src/sim/market/baseFee.ts';
import { buildMarket, typicalMarket } from '../../../../src/sim/market/buildMarket.ts';
import { inclusionAlong } from '../../../../src/sim/market/inclusion.ts';
import { depthAlong, typicalLiquidity } from '../../../../src/sim/market/liquidity.ts';
import { NOT_INCLUDED } from '../../../../src/sim/market/marketPath.ts';
import { oracleAlong, typicalOracle } from '../../../../src/sim/market/oracle.ts';
import { typicalVolatility, volatilitiesAlong } from '../../../../src/sim/market/volatility.ts';
import { gbmPath } from '../../../../src/sim/paths/gbm.ts';
import type { PricePath } from '../../../../src/sim/paths/pricePath.ts';
import { randomStream } from '../../../../src/sim/random.ts';

const start = 1_700_000_000;
const pathThrough = (prices: readonly number[], stepSeconds = 3_600): PricePath => ({
  timestampSeconds: Float64Array.from(prices, (_, step) => start + step * stepSeconds),
  price: Float64Array.from(prices),
  afterGap: new Uint8Array(prices.length),
});
const usual = (length: number) => new Float64Array(length).fill(0.008);
const year = gbmPath(
  { startSeconds: start, stepSeconds: 3_600, steps: 8_760 },
  { startPrice: 2_000, drift: 0, volatility: 0.7 },
  randomStream(1, 'price'),
);

describe('a market around a price', () => {
  it('is the same for the same seed, and another for another', () => {
    const [a, b, c] = [4, 4, 5].map((seed) => buildMarket('gbm', year, typicalMarket, seed));
    expect(a).toEqual(b);
    expect(a!.baseFeeGwei).not.toEqual(c!.baseFeeGwei);
  });

  it('has columns of equal length without a bad number', () => {
    const market = buildMarket('gbm', year, typicalMarket, 1);
    for (const column of Object.values(market)) {
      if (typeof column === 'string') continue;
      expect(column).toHaveLength(year.price.length);
      expect(column.every((value: number) => Number.isFinite(value))).toBe(true);
    }
  });
});

describe('the forecast', () => {
  it('knows nothing of what comes: a changed future leaves the past as it was', () => {
    const changed = { ...year, price: year.price.map((price, step) => (step > 500 ? price * 2 : price)) };
    const [before, after] = [year, changed].map((path) => volatilitiesAlong(path, typicalVolatility));
    expect(after!.forecast.slice(0, 501)).toEqual(before!.forecast.slice(0, 501));
    expect(after!.forecast[501]).toBeGreaterThan(before!.forecast[501]!);
  });

  it('comes to the volatility that the path was made with', () => {
    const { forecast } = volatilitiesAlong(year, { ...typicalVolatility, longVolatility: 0.2 });
    const late = forecast.slice(1_000);
    expect(late.reduce((sum, value) => sum + value, 0) / late.length).toBeCloseTo(0.7, 1);
  });

  it('learns nothing from a step over a hole', () => {
    const path = pathThrough([2_000, 2_001, 3_000, 3_001]);
    path.afterGap[2] = 1;
    const { forecast } = volatilitiesAlong(path, typicalVolatility);
    expect(forecast[2]).toBe(forecast[1]);
  });
});

describe('the feed', () => {
  it('is never further from the price than its deviation when prices stand still in between', () => {
    const oracle = oracleAlong(year, { ...typicalOracle, delaySeconds: 0 });
    for (let step = 0; step < oracle.length; step += 1) {
      expect(Math.abs(Math.log(oracle[step]! / year.price[step]!))).toBeLessThan(Math.log1p(0.005) + 1e-12);
    }
  });

  it('trails a crash by what happens within its delay', () => {
    const path = pathThrough([2_000, 1_900], 24);
    const [, answer] = oracleAlong(path, typicalOracle);
    expect(answer).toBeGreaterThan(1_945);
    expect(answer).toBeLessThan(1_960);
  });

  it('answers at its heartbeat though nothing has moved far', () => {
    const path = pathThrough([2_000, 2_004, 2_004], 1_800);
    const oracle = oracleAlong(path, { ...typicalOracle, delaySeconds: 0 });
    expect([...oracle]).toEqual([2_000, 2_000, expect.closeTo(2_004, 9)]);
  });
});

describe('the base fee', () => {
  it('has its median, its spread and its memory, which a fit finds again', () => {
    const fees = baseFeesAlong(
      year,
      usual(year.price.length),
      { ...typicalBaseFee, moveLoading: 0 },
      randomStream(3, 'fee'),
    );
    const fitted = fitBaseFee([...year.timestampSeconds], [...fees]);
    expect(fitted.medianGwei / typicalBaseFee.medianGwei).toBeCloseTo(1, 0.7);
    expect(fitted.logStdDev / typicalBaseFee.logStdDev).toBeCloseTo(1, 0.7);
    expect(fitted.halfLifeSeconds / typicalBaseFee.halfLifeSeconds).toBeCloseTo(1, 0.5);
  });

  it('is higher in the hour of a large move than without it', () => {
    const calm = pathThrough([2_000, 2_000, 2_000]);
    const crash = pathThrough([2_000, 1_800, 1_800]);
    const fees = [calm, crash].map((path) =>
      baseFeesAlong(path, usual(3), typicalBaseFee, randomStream(1, 'fee')),
    );
    expect(fees[1]![1]).toBeGreaterThan(3 * fees[0]![1]!);
    expect(fees[1]![0]).toBe(fees[0]![0]);
  });
});

describe('depth', () => {
  it('is whole at rest, thin after a crash, never under its floor, and refills by half in its half-life', () => {
    const path = pathThrough([2_000, 1_700, 1_700, 1_700]);
    const depth = depthAlong(path, usual(4), { ...typicalLiquidity, refillHalfLifeSeconds: 3_600 });
    expect(depth[0]).toBe(1);
    expect(depth[1]).toBe(typicalLiquidity.floor);
    expect(1 - depth[3]!).toBeCloseTo((1 - depth[2]!) / 2, 12);
  });

  it('is whole on a path that does not move at all', () => {
    expect([...depthAlong(pathThrough([5, 5, 5]), new Float64Array(3), typicalLiquidity)]).toEqual([1, 1, 1]);
  });
});

describe('inclusion', () => {
  const fees = new Float64Array(20_000).fill(20);

  it('waits as long as its probability says, and expires beyond the window', () => {
    const blocks = inclusionAlong(
      fees,
      { perBlock: 0.5, windowBlocks: 3, crowdedAtFeeRatio: 3 },
      randomStream(1, 'in'),
    );
    const share = (value: number) => blocks.filter((block) => block === value).length / blocks.length;
    expect(share(1)).toBeCloseTo(0.5, 1.5);
    expect(share(2)).toBeCloseTo(0.25, 1.5);
    expect(share(NOT_INCLUDED)).toBeCloseTo(0.125, 1.5);
  });

  it('is certain at probability one and never at none', () => {
    const at = (perBlock: number) =>
      inclusionAlong(fees, { perBlock, windowBlocks: 3, crowdedAtFeeRatio: 3 }, randomStream(1, 'in'));
    expect(at(1).every((block) => block === 1)).toBe(true);
    expect(at(0).every((block) => block === NOT_INCLUDED)).toBe(true);
  });

  it('takes longer while the base fee is high', () => {
    const spiky = fees.map((fee, step) => (step % 10 === 0 ? fee * 5 : fee));
    const blocks = inclusionAlong(
      spiky,
      { perBlock: 0.8, windowBlocks: 5, crowdedAtFeeRatio: 3 },
      randomStream(1, 'in'),
    );
    const firstBlock = (isHigh: boolean) => {
      const those = [...blocks].filter((_, step) => (step % 10 === 0) === isHigh);
      return those.filter((block) => block === 1).length / those.length;
    };
    expect(firstBlock(true)).toBeCloseTo(0.4, 1.2);
    expect(firstBlock(false)).toBeCloseTo(0.8, 1.2);
  });
});
