import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../src/core/errors.ts';
import { blackScholes } from '../../../src/core/options/blackScholes.ts';
import { SECONDS_PER_YEAR } from '../../../src/core/units.ts';
import { gbmPath } from '../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../src/sim/random.ts';
import { replicate } from '../../../src/sim/replication.ts';
import { hasSharedData, referenceItems } from '../../support/sharedData.ts';

const call = {
  type: 'call',
  strike: 50,
  years: 20 / 52,
  rate: 0.05,
  dividendYield: 0,
  volatility: 0.2,
  count: 1,
} as const;
const price = blackScholes({ ...call, spot: 49 }).price;

/** Discounted costs of hedging over many paths, each with so many rebalances. */
function costs(periods: number, paths: number, drift = 0.05): number[] {
  const stepSeconds = (call.years * SECONDS_PER_YEAR) / periods;
  return Array.from({ length: paths }, (_, seed) => {
    const grid = { startSeconds: 0, stepSeconds, steps: periods };
    const path = gbmPath(grid, { startPrice: 49, drift, volatility: 0.2 }, randomStream(seed, 'replication'));
    return replicate(call, path.price).cost * Math.exp(-call.rate * call.years);
  });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
};

describe('hedging a written option at each price of a path', () => {
  it('costs the option’s price on average, whatever the drift: the mean error is zero within its error bars', () => {
    for (const drift of [-0.2, 0.05, 0.3]) {
      const found = costs(40, 2_000, drift);
      expect(Math.abs(mean(found) - price)).toBeLessThan(4 * (deviation(found) / Math.sqrt(found.length)));
    }
  });

  it('has an error that falls with the root of the number of rebalances (Derman and Kamal, 1999)', () => {
    const { vega } = blackScholes({ ...call, spot: 49 });
    for (const periods of [20, 80, 320]) {
      const predicted = (Math.sqrt(Math.PI / 4) * vega * 0.2) / Math.sqrt(periods);
      expect(deviation(costs(periods, 600)) / predicted).toBeCloseTo(1, 0.9);
    }
  });

  it('delivers what the option pays: a path that stands still costs the payoff and the interest', () => {
    const still = { ...call, rate: 0, strike: 40 };
    expect(replicate(still, [49, 49, 49]).cost).toBeCloseTo(9, 9);
  });

  it('hedges a put by selling', () => {
    const { steps } = replicate({ ...call, type: 'put' }, [49, 48, 47]);
    expect(steps[0]!.bought).toBeLessThan(0);
    expect(steps.at(-1)!.delta).toBe(-1);
  });

  it('refuses prices that are none', () => {
    expect(() => replicate(call, [49])).toThrow(InvalidInputError);
    expect(() => replicate(call, [49, 0])).toThrow('prices[1]');
  });
});

interface WeeklyInputs {
  readonly weeklyPrices: readonly number[];
}
interface WeeklyExpected {
  readonly delta: readonly number[];
  readonly cumulativeCost000: readonly number[];
  readonly finalCostOfHedging000: number;
}
interface PerformanceInputs {
  readonly weeksBetweenRebalancing: readonly number[];
}
interface PerformanceExpected {
  readonly performance: readonly number[];
}

describe.skipIf(!hasSharedData)('the published tables of hedging a written call', () => {
  it('deltas, cumulative and final cost week by week', () => {
    const items = referenceItems<WeeklyInputs, WeeklyExpected>('hedging_costs');
    const { inputs, expected } = items.find(({ id }) => id === 'hull-table-19.2')!;
    const { steps, cost } = replicate({ ...call, count: 100_000, deltaDecimals: 3 }, inputs.weeklyPrices);
    expected.delta.forEach((delta, week) => {
      expect(Math.abs(steps[week]!.delta - delta)).toBeLessThan(0.00051);
    });
    expected.cumulativeCost000.forEach((cumulative, week) => {
      expect(Math.abs(steps[week]!.cumulativeCost / 1_000 - cumulative)).toBeLessThan(1.5);
    });
    expect(Math.abs(cost / 1_000 - expected.finalCostOfHedging000)).toBeLessThan(1.5);
  });

  it('performance against the time between rebalances', () => {
    const items = referenceItems<PerformanceInputs, PerformanceExpected>('hedging_costs');
    const { inputs, expected } = items.find(({ id }) => id === 'hull-table-19.4')!;
    inputs.weeksBetweenRebalancing.forEach((weeks, row) => {
      const found = deviation(costs(Math.round(20 / weeks), 1_000)) / price;
      expect(Math.abs(found - expected.performance[row]!)).toBeLessThan(0.045);
    });
  });
});
