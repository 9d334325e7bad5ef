import { describe, expect, it } from 'vitest';
import { compareForecasts } from '../../../../bench/support/forecastComparison.ts';
import { allForecasters } from '../../../../bench/support/varianceForecasters.ts';
import { dieboldMariano } from '../../../../src/core/statistics/dieboldMariano.ts';
import { realizedDays } from '../../../../src/core/volatility/dailyVariance.ts';
import { qlike } from '../../../../src/core/volatility/qlike.ts';
import { ethHourlyCloses } from '../../../support/ethPrices.ts';
import { seededUniform } from '../../../support/random.ts';
import { hasSharedData } from '../../../support/sharedData.ts';

const DAY = 86_400;

describe('realizedDays', () => {
  const uniform = seededUniform(1);
  const prices = Array.from({ length: 24 * 4 + 1 }, (_, hour) => ({
    timestampSeconds: 10 * DAY - 3600 + hour * 3600,
    price: 100 + uniform(),
  }));

  it('adds up the squared returns of each whole day', () => {
    const { days, incomplete, still } = realizedDays(prices, { intervalSeconds: 3600 });
    expect(days.map(({ startSeconds }) => startSeconds / DAY)).toEqual([10, 11, 12, 13]);
    // The day of the very first price has no other.
    expect({ incomplete, still }).toEqual({ incomplete: 1, still: 0 });
    const squares = prices.slice(25, 49).map(({ price }, i) => Math.log(price / prices[24 + i]!.price) ** 2);
    expect(days[1]!.variance).toBeCloseTo(
      squares.reduce((sum, square) => sum + square, 0),
      14,
    );
    expect(days[1]!.logReturn).toBeCloseTo(Math.log(prices[48]!.price / prices[24]!.price), 12);
  });

  it('drops the day of a missing price and the day that would start from it', () => {
    const inside = prices.filter((_, index) => index !== 30);
    expect(realizedDays(inside, { intervalSeconds: 3600 }).days).toHaveLength(3);
    const atMidnight = prices.filter((_, index) => index !== 24);
    const { days, incomplete } = realizedDays(atMidnight, { intervalSeconds: 3600 });
    expect(days.map(({ startSeconds }) => startSeconds / DAY)).toEqual([12, 13]);
    expect(incomplete).toBe(3);
  });

  it('drops and counts a day without any move', () => {
    const frozen = prices.map((entry, index) =>
      index > 24 && index <= 48 ? { ...entry, price: prices[24]!.price } : entry,
    );
    expect(realizedDays(frozen, { intervalSeconds: 3600 })).toMatchObject({ still: 1, incomplete: 1 });
    expect(() => realizedDays(prices, { intervalSeconds: 7000 })).toThrow(/intervalSeconds/);
    expect(realizedDays([], { intervalSeconds: 3600 })).toEqual({ days: [], incomplete: 0, still: 0 });
  });
});

describe('qlike', () => {
  it('is zero for a perfect forecast and punishes too little more than too much', () => {
    expect(qlike(0.04, 0.04)).toBe(0);
    expect(qlike(2, 1)).toBeCloseTo(1 - Math.log(2), 14);
    expect(qlike(2, 1)).toBeGreaterThan(qlike(1, 2));
    expect(() => qlike(0, 1)).toThrow(/realizedVariance/);
    expect(() => qlike(1, 0)).toThrow(/forecastVariance/);
  });
});

describe.skipIf(!hasSharedData)('forecasts of recorded ETH variance', () => {
  const { days, incomplete, still } = hasSharedData
    ? realizedDays(ethHourlyCloses(), { intervalSeconds: 3600 })
    : { days: [], incomplete: 0, still: 0 };

  it('account for every calendar day', () => {
    const calendar = (days.at(-1)!.startSeconds - days[0]!.startSeconds) / DAY + 1;
    expect(days.length + incomplete + still).toBeGreaterThanOrEqual(calendar);
    expect(days.length).toBeGreaterThan(1_700);
    // A gap taken for a return would be a day of more than 50 % down.
    expect(Math.max(...days.map(({ variance }) => variance))).toBeLessThan(0.2);
  });

  it('are finite for every model, and the best of them beats a constant', () => {
    const { models, benchmarks } = allForecasters({ windowDays: 300, refitDays: 60 });
    const { days: scored, losses } = compareForecasts(days.slice(-800), [...models, ...benchmarks], 300);
    expect(scored.length).toBeGreaterThan(450);
    for (const [name, loss] of losses) expect(loss.every(Number.isFinite), name).toBe(true);
    const against = dieboldMariano(losses.get('garch + ewma')!, losses.get('constant')!);
    expect(against.statistic).toBeLessThan(-2);
  });

  it('see nothing of the day that they forecast, nor of later ones', () => {
    const known = days.slice(-420, -20);
    const changed = days.slice(-20).map((day) => ({
      ...day,
      returns: day.returns.map((value) => 2 * value),
      logReturn: 2 * day.logReturn,
      variance: 4 * day.variance,
    }));
    const lossesOf = (series: typeof days) => {
      const { models, benchmarks } = allForecasters({ windowDays: 300, refitDays: 60 });
      return compareForecasts(series, [...models, ...benchmarks], 300).losses;
    };
    const [alone, followed] = [lossesOf(known), lossesOf([...known, ...changed])];
    for (const [name, loss] of alone) expect(followed.get(name)!.slice(0, loss.length), name).toEqual(loss);
  });
});
