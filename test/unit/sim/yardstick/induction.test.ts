import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { equivalentBook } from '../../../../src/core/hedge/bands/expiries.ts';
import { levelAtLooks, targetAtLooks } from '../../../../src/core/hedge/bands/looks.ts';
import { optimalBand } from '../../../../src/core/hedge/bands/optimalBand.ts';
import { leastHedgingCost, policyHedgingCost } from '../../../../src/sim/yardstick/induction.ts';
import type {
  BandLevels,
  HedgingProblem,
  LatticePolicy,
  PolicyNode,
} from '../../../../src/sim/yardstick/problem.ts';

const atTheMoney = (changed: Partial<HedgingProblem> = {}): HedgingProblem => ({
  type: 'call',
  spot: 3_000,
  strike: 3_000,
  years: 30 / 365,
  volatility: 0.7,
  count: 1_000,
  riskAversion: 1e-6,
  gasQuote: 9,
  sell: { feeRate: 0.0005, impactQuotePerBase2: 0 },
  buy: { feeRate: 0.0005, impactQuotePerBase2: 0 },
  ...changed,
});
const small = { decisions: 60, hedges: 221 };

const band = (act: number, target: number): BandLevels => ({
  sellAct: act,
  sellTarget: target,
  buyAct: -act,
  buyTarget: -target,
});

/** The band of the model, as a policy asks for it. */
const optimal =
  (problem: HedgingProblem): LatticePolicy =>
  ({ spot, yearsLeft, bookGamma }) => {
    const side = ({ feeRate, impactQuotePerBase2: impact }: HedgingProblem['sell']) => ({
      cost: (base: number) => feeRate * spot * base + impact * base ** 2,
      marginal: (base: number) => feeRate * spot + 2 * impact * base,
    });
    const { volatility, riskAversion, gasQuote } = problem;
    const { sell, buy } = optimalBand({
      spot,
      gamma: bookGamma,
      volatility,
      riskAversion,
      gasQuote,
      sell: side(problem.sell),
      buy: side(problem.buy),
      deltaDrift: 0,
      horizonYears: yearsLeft,
    });
    return { sellAct: sell.act, sellTarget: sell.target, buyAct: buy.act, buyTarget: buy.target };
  };

describe('the least cost of hedging', () => {
  it('is nothing where trading and risk cost nothing to speak of', () => {
    const free = { feeRate: 0, impactQuotePerBase2: 0 };
    const cost = leastHedgingCost(atTheMoney({ gasQuote: 0, sell: free, buy: free }), small);
    // What is left comes from the deltas that lie between two hedges of the grid.
    expect(cost).toBeGreaterThanOrEqual(0);
    expect(cost).toBeLessThan(0.01 * leastHedgingCost(atTheMoney(), small));
  });

  it('rises with fee, gas, impact and risk aversion', () => {
    const base = leastHedgingCost(atTheMoney(), small);
    const fee = { feeRate: 0.001, impactQuotePerBase2: 0 };
    const impact = { feeRate: 0.0005, impactQuotePerBase2: 0.05 };
    for (const changed of [
      { sell: fee, buy: fee },
      { gasQuote: 30 },
      { sell: impact, buy: impact },
      { riskAversion: 3e-6 },
    ]) {
      expect(leastHedgingCost(atTheMoney(changed), small)).toBeGreaterThan(base);
    }
  });

  it('scales: twice the book at half the risk aversion and twice the gas costs twice', () => {
    const one = leastHedgingCost(atTheMoney(), small);
    const two = leastHedgingCost(atTheMoney({ count: 2_000, riskAversion: 5e-7, gasQuote: 18 }), small);
    expect(two / one).toBeCloseTo(2, 9);
  });

  it('is the same for a put as for a call, whose deltas differ by a constant', () => {
    const [call, put] = (['call', 'put'] as const).map((type) =>
      leastHedgingCost(atTheMoney({ type }), small),
    );
    expect(put! / call!).toBeCloseTo(1, 3);
  });

  it('finds the same by halving as by sweeping, in the limit of no impact', () => {
    const tiny = { feeRate: 0.0005, impactQuotePerBase2: 1e-12 };
    const swept = leastHedgingCost(atTheMoney(), small);
    const halved = leastHedgingCost(atTheMoney({ sell: tiny, buy: tiny }), small);
    expect(halved / swept).toBeCloseTo(1, 8);
  });

  it('is bound to the lattice by less than half a per cent: hedges twice as fine change no more', () => {
    const coarse = leastHedgingCost(atTheMoney(), { decisions: 120, hedges: 551 });
    const fine = leastHedgingCost(atTheMoney(), { decisions: 120, hedges: 1_101 });
    // Errors of a linear grid fall with the square of its step.
    expect(Math.abs(coarse - fine) / 3 / fine).toBeLessThan(0.005);
  });

  it('under exponential utility is near the quadratic one where risk is small against 1 / risk aversion', () => {
    const quadratic = leastHedgingCost(atTheMoney(), small);
    const exponential = leastHedgingCost(atTheMoney(), small, 'exponential');
    const free = { feeRate: 0, impactQuotePerBase2: 0 };
    const frictionless = atTheMoney({ gasQuote: 0, sell: free, buy: free });
    const unavoidable = leastHedgingCost(frictionless, small, 'exponential');
    expect((exponential - unavoidable) / quadratic).toBeCloseTo(1, 1);
  });

  it('refuses a problem that cannot be', () => {
    expect(() => leastHedgingCost(atTheMoney({ riskAversion: 0 }), small)).toThrow(InvalidInputError);
    expect(() => leastHedgingCost(atTheMoney({ years: -1 }), small)).toThrow('years');
    expect(() => leastHedgingCost(atTheMoney(), { decisions: 1, hedges: 221 })).toThrow('decisions');
  });
});

describe('a policy on the lattice', () => {
  it('never costs less than the least', () => {
    const least = leastHedgingCost(atTheMoney(), small);
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 400, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (act, share) => {
          const cost = policyHedgingCost(atTheMoney(), small, () => band(act, share * act));
          // A target between two hedges of the grid is read between two of its values: a hair below what can be reached.
          expect(cost / least).toBeGreaterThan(0.999);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('that never trades pays the risk alone', () => {
    const cost = policyHedgingCost(atTheMoney(), small, () => band(1e9, 0));
    const noFees = { feeRate: 0, impactQuotePerBase2: 0 };
    const free = policyHedgingCost(atTheMoney({ gasQuote: 0, sell: noFees, buy: noFees }), small, () =>
      band(1e9, 0),
    );
    expect(cost).toBe(free);
    expect(cost).toBeGreaterThan(2 * leastHedgingCost(atTheMoney(), small));
  });

  it('of the optimal band costs within 3 % of the least for a month at the money', () => {
    const size = { decisions: 240, hedges: 301 };
    const least = leastHedgingCost(atTheMoney(), size);
    const ratio = policyHedgingCost(atTheMoney(), size, optimal(atTheMoney())) / least;
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.03);
  });

  it('of the optimal band beats fixed bands of any width', () => {
    const ours = policyHedgingCost(atTheMoney(), small, optimal(atTheMoney()));
    for (const act of [20, 50, 80, 120, 180, 250]) {
      for (const share of [0, 0.5, 1]) {
        expect(policyHedgingCost(atTheMoney(), small, () => band(act, share * act))).toBeGreaterThan(ours);
      }
    }
  });
});

describe('a band that is looked at now and then', () => {
  const size = { decisions: 84, hedges: 221 };

  /** Its levels, act levels and targets, as suits whoever looks at every decision of the lattice only. */
  const drawnIn =
    (problem: HedgingProblem): LatticePolicy =>
    (node) => {
      const levels = optimal(problem)(node);
      const varianceRate = (node.bookGamma * problem.volatility * node.spot) ** 2;
      const lookYears = problem.years / size.decisions;
      const { sellAct, sellTarget, buyAct, buyTarget } = levels;
      return {
        sellAct: levelAtLooks(sellAct, varianceRate, lookYears),
        sellTarget: targetAtLooks(sellAct, sellTarget, varianceRate, lookYears),
        buyAct: -levelAtLooks(-buyAct, varianceRate, lookYears),
        buyTarget: -targetAtLooks(-buyAct, -buyTarget, varianceRate, lookYears),
      };
    };

  it.each([
    { name: 'more often than it acts', count: 20, riskAversion: 5e-4, most: 1.04 },
    { name: 'about as often', count: 1_000, riskAversion: 1e-5, most: 1.05 },
    // Two of three steps of this tree leave net delta where it is, which makes what lies further in worth more than it is.
    { name: 'so seldom that it acts at most looks', count: 1_000, riskAversion: 1e-4, most: 1.08 },
  ])('costs less where its levels are drawn in: $name', ({ count, riskAversion, most }) => {
    const problem = atTheMoney({ years: 7 / 365, count, riskAversion });
    const least = leastHedgingCost(problem, size);
    const [always, seldom] = [optimal(problem), drawnIn(problem)].map(
      (policy) => policyHedgingCost(problem, size, policy) / least,
    );
    expect(seldom).toBeLessThan(most);
    expect(seldom! - 1).toBeLessThan(0.6 * (always! - 1));
  });
});

describe('a book of two expiries', () => {
  const strike = 3_000;
  const half = { type: 'call', strike, years: 15 / 365, count: 500 } as const;
  const book = atTheMoney({ count: 500, earlier: [half] });

  it('costs what one of the same total does, where the earlier one is nearly as late', () => {
    const late = { ...half, years: (59 / 60) * (30 / 365) };
    const both = leastHedgingCost(atTheMoney({ count: 500, earlier: [late] }), small);
    expect(both / leastHedgingCost(atTheMoney(), small)).toBeCloseTo(1, 1);
  });

  it('goes on as it would without what expired: delivered base leaves net delta where it is', () => {
    const gone = atTheMoney({ count: 1_000, earlier: [{ ...half, count: 1e-9 }] });
    expect(leastHedgingCost(gone, small) / leastHedgingCost(atTheMoney(), small)).toBeCloseTo(1, 6);
  });

  it('is hedged at less by the band made of both expiries than by one at their gamma-weighted time', () => {
    const near = { ...half, years: 5 / 365, count: 980 };
    const problem = atTheMoney({ count: 20, earlier: [near] });
    const bandOf =
      (oneExpiry: (node: PolicyNode) => { gamma: number; horizonYears: number }): LatticePolicy =>
      (node) => {
        const { gamma, horizonYears } = oneExpiry(node);
        return optimal(problem)({ ...node, bookGamma: gamma, yearsLeft: horizonYears });
      };
    const weighted = bandOf(({ bookGamma, yearsLeft, expiries }) => {
      const total = expiries.reduce((sum, { gamma }) => sum + gamma, 0);
      const years = expiries.reduce((sum, part) => sum + part.gamma * part.yearsLeft, 0) / total;
      return { gamma: bookGamma, horizonYears: total === 0 ? yearsLeft : years };
    });
    const ours = bandOf(({ spot, expiries }) => {
      const deviation = problem.volatility * spot;
      return equivalentBook({
        deviation,
        riskRate: (problem.riskAversion * deviation ** 2) / 2,
        price: problem.sell.feeRate * spot,
        gas: problem.gasQuote,
        expiries: expiries.map(({ yearsLeft, gamma }) => ({ years: yearsLeft, gamma })),
      });
    });
    const size = { decisions: 90, hedges: 221 };
    const [one, other] = [weighted, ours].map((policy) => policyHedgingCost(problem, size, policy));
    expect(other! / one!).toBeLessThan(0.97);
    expect(other! / leastHedgingCost(problem, size)).toBeLessThan(1.11);
  });

  it('refuses expiries that are not at a time of decision, and exponential utility', () => {
    const between = atTheMoney({ earlier: [{ ...half, years: 0.0123 }] });
    expect(() => leastHedgingCost(between, small)).toThrow('earlier.years');
    expect(() => leastHedgingCost(book, small, 'exponential')).toThrow('objective');
  });
});
