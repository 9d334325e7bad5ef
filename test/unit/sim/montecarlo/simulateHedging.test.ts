import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../../src/core/errors.ts';
import { blackScholes } from '../../../../src/core/options/blackScholes.ts';
import { loopKernel } from '../../../../src/sim/montecarlo/hedgingLoop.ts';
import { type HedgingSimulation, hedgingTerms } from '../../../../src/sim/montecarlo/hedgingTerms.ts';
import { vectorKernel } from '../../../../src/sim/montecarlo/hedgingVector.ts';
import { batchesOf, runBatches, simulateHedging } from '../../../../src/sim/montecarlo/simulateHedging.ts';
import { fractions, streamWords } from '../../../../src/sim/montecarlo/streamWords.ts';
import { replicate } from '../../../../src/sim/replication.ts';

const vectors = vectorKernel()!;

const atTheMoney: HedgingSimulation = {
  option: { type: 'call', spot: 100, strike: 100, rate: 0.05 },
  years: 1 / 12,
  steps: 84,
  paths: 20_480,
  drift: 0.05,
  volatility: 0.2,
  bands: [{ act: 0, target: 0 }],
  feeRate: 0,
  gasQuote: 0,
  seed: 1,
};

/** Bands that act, since at a width of nothing a trade of the last bit of a delta may or may not be one. */
const simulations = fc
  .record({
    spot: fc.double({ min: 10, max: 5_000, noNaN: true }),
    moneyness: fc.double({ min: 0.7, max: 1.4, noNaN: true }),
    rate: fc.double({ min: -0.05, max: 0.1, noNaN: true }),
    years: fc.double({ min: 0.002, max: 1, noNaN: true }),
    steps: fc.integer({ min: 2, max: 400 }),
    pairs: fc.integer({ min: 1, max: 8 }),
    drift: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    volatility: fc.double({ min: 0.05, max: 1.5, noNaN: true }),
    hedged: fc.option(fc.double({ min: 0.05, max: 1.5, noNaN: true }), { nil: undefined }),
    bands: fc.array(
      fc
        .tuple(fc.double({ min: 1e-3, max: 0.4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
        .map(([act, share]) => ({ act, target: act * share })),
      { minLength: 1, maxLength: 18 },
    ),
    feeRate: fc.double({ min: 0, max: 0.01, noNaN: true }),
    gasQuote: fc.double({ min: 0, max: 5, noNaN: true }),
    seed: fc.integer(),
  })
  .map(
    ({ spot, moneyness, rate, pairs, hedged, ...rest }): HedgingSimulation => ({
      ...rest,
      option: {
        type: 'call',
        spot,
        strike: spot * moneyness,
        rate,
        ...(hedged === undefined ? {} : { volatility: hedged }),
      },
      paths: 2 * pairs,
    }),
  );

/** Largest distance between two rows, for the size of what is in them. */
function distance(a: readonly Float64Array[], b: readonly Float64Array[], scale: number): number {
  return (
    Math.max(...a.map((row, band) => Math.max(...row.map((x, path) => Math.abs(x - b[band]![path]!))))) /
    scale
  );
}

describe('hedging by bands along simulated prices', () => {
  it('is the same in vectors and in the plain loop, path by path and band by band, within 1e-9 of the spot', () => {
    fc.assert(
      fc.property(simulations, (simulation) => {
        const terms = hedgingTerms(simulation);
        const [fast, plain] = [vectors, loopKernel()].map((kernel) =>
          runBatches(terms, simulation.paths, 0, batchesOf(simulation), kernel),
        );
        const { spot } = simulation.option;
        expect(distance(fast!.outcomes, plain!.outcomes, spot)).toBeLessThan(1e-9);
        expect(distance(fast!.costs, plain!.costs, spot)).toBeLessThan(1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same in vectors and in the plain loop where every step trades', () => {
    const everyStep = { ...atTheMoney, paths: 1_024, feeRate: 0.01 };
    const terms = hedgingTerms(everyStep);
    const [fast, plain] = [vectors, loopKernel()].map((kernel) => runBatches(terms, 1_024, 0, 2, kernel));
    expect(distance(fast!.outcomes, plain!.outcomes, 100)).toBeLessThan(1e-9);
    expect(distance(fast!.costs, plain!.costs, 100)).toBeLessThan(1e-9);
  });

  it('is off by nothing on average where trading is free, whatever the price drifts by', () => {
    for (const drift of [-0.3, 0.05, 0.3]) {
      const [figures] = simulateHedging({ ...atTheMoney, drift });
      expect(Math.abs(figures!.mean.value)).toBeLessThan(4 * figures!.mean.stdError);
    }
  });

  it.each([21, 84, 336])('has the hedging error of Derman and Kamal at %i hedges', (steps) => {
    const [figures] = simulateHedging({ ...atTheMoney, steps });
    const { option, years, volatility } = atTheMoney;
    const { vega } = blackScholes({ ...option, years, volatility, dividendYield: 0 });
    const law = (Math.sqrt(Math.PI / 4) * vega * volatility) / Math.sqrt(steps);
    expect(figures!.standardDeviation.value / law).toBeGreaterThan(0.93);
    expect(figures!.standardDeviation.value / law).toBeLessThan(1.07);
  });

  it('hedges a path as replication does, at every price', () => {
    const simulation = { ...atTheMoney, steps: 12, paths: 2 };
    const terms = hedgingTerms(simulation);
    const { outcomes } = runBatches(terms, 2, 0, 1, vectors);
    const words = streamWords(simulation.seed, 0);
    const next = fractions(words[0]!, words[2]!);
    const normals: number[] = [];
    while (normals.length < simulation.steps) {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      const angle = 2 * Math.PI * next();
      normals.push(radius * Math.cos(angle), radius * Math.sin(angle));
    }
    const { option, years, drift, volatility, steps } = simulation;
    const stepYears = years / steps;
    const prices = [option.spot];
    for (let k = 0; k < steps; k += 1) {
      const grown =
        (drift - volatility ** 2 / 2) * stepYears + volatility * Math.sqrt(stepYears) * normals[k]!;
      prices.push(prices[k]! * Math.exp(grown));
    }
    const { cost } = replicate({ ...option, years, volatility, dividendYield: 0, count: 1 }, prices);
    expect(outcomes[0]![0]!).toBeCloseTo(-cost * Math.exp(-option.rate * years), 8);
  });

  it('costs less and risks more the wider the band, and counts gas once a trade', () => {
    const bands = [0.01, 0.05, 0.15].map((act) => ({ act, target: act / 2 }));
    const costly = { ...atTheMoney, bands, feeRate: 0.001 };
    const [narrow, middle, wide] = simulateHedging(costly);
    expect(narrow!.cost.value).toBeGreaterThan(middle!.cost.value);
    expect(middle!.cost.value).toBeGreaterThan(wide!.cost.value);
    expect(narrow!.standardDeviation.value).toBeLessThan(middle!.standardDeviation.value);
    expect(middle!.standardDeviation.value).toBeLessThan(wide!.standardDeviation.value);
    const rebalanced = {
      ...atTheMoney,
      option: { ...atTheMoney.option, rate: 0 },
      gasQuote: 0.5,
      paths: 512,
      years: 1,
      steps: 10,
    };
    expect(simulateHedging(rebalanced)[0]!.cost.value).toBeCloseTo(0.5 * (rebalanced.steps - 1), 9);
  });

  it('hedges a put exactly as the call on the same paths', () => {
    const [call] = simulateHedging({ ...atTheMoney, feeRate: 0.001 });
    const [put] = simulateHedging({
      ...atTheMoney,
      feeRate: 0.001,
      option: { ...atTheMoney.option, type: 'put' },
    });
    expect(put!.mean.value).toBeCloseTo(call!.mean.value, 9);
    expect(put!.expectedShortfall99.value).toBeCloseTo(call!.expectedShortfall99.value, 9);
  });

  it('states error bars that hold: another seed lands within four of them', () => {
    const bands = [{ act: 0.05, target: 0.02 }];
    const [one, other] = [1, 2].map(
      (seed) => simulateHedging({ ...atTheMoney, bands, feeRate: 0.001, seed })[0]!,
    );
    for (const figure of ['mean', 'standardDeviation', 'cost', 'expectedShortfall99'] as const) {
      const apart = Math.abs(one![figure].value - other![figure].value);
      expect(apart).toBeGreaterThan(0);
      expect(apart).toBeLessThan(4 * Math.hypot(one![figure].stdError, other![figure].stdError));
    }
  });

  it('refuses what cannot be simulated', () => {
    const refused = [
      { paths: 3 },
      { steps: 1 },
      { steps: 5_000 },
      { volatility: 0 },
      { bands: [] },
      { bands: [{ act: 0.1, target: 0.2 }] },
      { feeRate: Number.NaN },
    ];
    for (const wrong of refused)
      expect(() => simulateHedging({ ...atTheMoney, ...wrong })).toThrow(InvalidInputError);
  });
});
