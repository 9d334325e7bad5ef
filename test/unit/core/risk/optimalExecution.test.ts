import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExecutionInput, optimalExecution } from '../../../../src/core/risk/optimalExecution.ts';
import { hasSharedData, referenceItems } from '../../../support/sharedData.ts';

const base: ExecutionInput = {
  quantity: 1000,
  horizon: 4,
  intervals: 4,
  volatility: 2,
  temporaryImpact: 0.05,
  permanentImpact: 0.01,
  fixedCost: 0.1,
  riskAversion: 0.002,
};

/** Expected cost and risk of any schedule, from the definition: each interval's price less what the trades moved. */
function utilityOf(input: ExecutionInput, trades: readonly number[]): number {
  const interval = input.horizon / input.intervals;
  let [left, cost, variance] = [input.quantity, 0, 0];
  for (const trade of trades) {
    const moved = input.permanentImpact * (input.quantity - left);
    cost += trade * (moved + input.fixedCost + (input.temporaryImpact * trade) / interval);
    left -= trade;
    variance += input.volatility ** 2 * interval * left ** 2;
  }
  return cost + input.riskAversion * variance;
}

describe('optimalExecution', () => {
  it('costs what its trades cost one by one', () => {
    const { trades, utility } = optimalExecution(base);
    expect(utilityOf(base, trades)).toBeCloseTo(utility, 6);
  });

  it('cannot be improved by shifting volume from one interval to another', () => {
    const positive = (max: number) => fc.double({ min: max / 1000, max, noNaN: true });
    const input = fc.record({
      quantity: positive(1000),
      horizon: positive(10),
      intervals: fc.integer({ min: 2, max: 12 }),
      volatility: positive(5),
      temporaryImpact: fc.double({ min: 0.1, max: 1, noNaN: true }),
      permanentImpact: fc.double({ min: 0, max: 0.01, noNaN: true }),
      fixedCost: positive(1),
      riskAversion: positive(0.1),
    });
    fc.assert(
      fc.property(input, fc.nat(), fc.nat(), (execution, from, to) => {
        const { trades, utility } = optimalExecution(execution);
        for (const shift of [-1e-3, 1e-3]) {
          const moved = [...trades];
          moved[from % trades.length]! += shift * execution.quantity;
          moved[to % trades.length]! -= shift * execution.quantity;
          expect(utilityOf(execution, moved)).toBeGreaterThanOrEqual(utility * (1 - 1e-12));
        }
      }),
    );
  });

  it('sells evenly where risk costs nothing, and at once where it costs everything', () => {
    const even = optimalExecution({ ...base, riskAversion: 0 });
    expect(even.holdings).toEqual([1000, 750, 500, 250, 0]);
    expect(even.tradeTime).toBe(Number.POSITIVE_INFINITY);
    const nearly = optimalExecution({ ...base, riskAversion: 1e-18 });
    nearly.holdings.forEach((left, j) => {
      expect(left).toBeCloseTo(even.holdings[j]!, 6);
    });
    const hurried = optimalExecution({ ...base, riskAversion: 1e12 });
    expect(hurried.trades[0]).toBeCloseTo(1000, 6);
    expect(optimalExecution({ ...base, riskAversion: 1e300 }).utility).not.toBeNaN();
  });

  it('names what is wrong', () => {
    const bad: readonly (readonly [Partial<ExecutionInput>, RegExp])[] = [
      [{ quantity: 0 }, /quantity/],
      [{ horizon: Number.NaN }, /horizon/],
      [{ intervals: 1.5 }, /intervals/],
      [{ volatility: -1 }, /volatility/],
      [{ temporaryImpact: 0 }, /temporaryImpact/],
      [{ permanentImpact: 0.2 }, /permanentImpact/],
      [{ riskAversion: -1 }, /riskAversion/],
    ];
    for (const [change, field] of bad) expect(() => optimalExecution({ ...base, ...change })).toThrow(field);
  });
});

interface Inputs {
  readonly X: number;
  readonly T: number;
  readonly N: number;
  readonly sigma: number;
  readonly eta: number;
  readonly gamma: number;
  readonly epsilon: number;
  readonly lambda: number;
}
type Expected = Readonly<Record<string, number>> & {
  readonly trajectory?: readonly number[];
  readonly trades?: readonly number[];
};

const items = referenceItems<Inputs, Expected>('almgren_chriss');

describe.skipIf(!hasSharedData)('published schedules', () => {
  it.each(items.map((item) => [item.id, item] as const))('%s', (_, { inputs, expected }) => {
    const schedule = optimalExecution({
      quantity: inputs.X,
      horizon: inputs.T,
      intervals: inputs.N,
      volatility: inputs.sigma,
      temporaryImpact: inputs.eta,
      permanentImpact: inputs.gamma,
      fixedCost: inputs.epsilon,
      riskAversion: inputs.lambda,
    });
    const rounded: readonly (readonly [number, number | undefined, number])[] = [
      [schedule.expectedCost / 1e6, expected.expectedCost_millions, 6e-5],
      [schedule.variance / 1e12, expected.variance_1e12, 6e-5],
      [schedule.utility / 1e6, expected.penalty_millions, 6e-5],
      [schedule.tradeTime, expected.halfLife ?? expected.halfLifeDays, 6e-3],
    ];
    for (const [found, printed, tolerance] of rounded) {
      if (printed !== undefined) expect(Math.abs(found - printed)).toBeLessThanOrEqual(tolerance);
    }
    const exact: readonly (readonly [number, number | undefined])[] = [
      [schedule.urgency, expected.kappa],
      [schedule.expectedCost, expected.expectedCost],
      [schedule.variance, expected.variance],
      [schedule.utility, expected.utility],
      ...(expected.trajectory ?? []).map((left, j) => [schedule.holdings[j]!, left] as const),
      ...(expected.trades ?? []).map((trade, j) => [schedule.trades[j]!, trade] as const),
    ];
    for (const [found, value] of exact) {
      if (value !== undefined) expect(Math.abs(found - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, value));
    }
  });
});
