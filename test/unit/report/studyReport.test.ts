import { beforeAll, describe, expect, it } from 'vitest';
import { bindPolicy } from '../../../src/core/policy.ts';
import { defaultLimits } from '../../../src/core/risk/limits.ts';
import { fixedBand } from '../../../src/policies/fixedBand.ts';
import type { StudyReport } from '../../../src/report/document.ts';
import { reportPage } from '../../../src/report/html/page.ts';
import type { Study } from '../../../src/report/study.ts';
import { studyReport } from '../../../src/report/studyReport.ts';
import { limitsOf } from '../../../src/report/verdict.ts';
import { backtest } from '../../../src/sim/backtest/backtest.ts';
import { typicalPools } from '../../../src/sim/backtest/poolPlan.ts';
import type { BacktestResult, BacktestSeries } from '../../../src/sim/backtest/result.ts';
import { buildMarket, typicalMarket } from '../../../src/sim/market/buildMarket.ts';
import type { MarketPath } from '../../../src/sim/market/marketPath.ts';
import { gbmPath } from '../../../src/sim/paths/gbm.ts';
import { randomStream } from '../../../src/sim/random.ts';
import { comparePolicies } from '../../../src/sim/study/comparePolicies.ts';
import { weekBlocks } from '../../../src/sim/study/weekBlock.ts';

const STEP_SECONDS = 6 * 3_600;
const market = buildMarket(
  'gbm',
  gbmPath(
    { startSeconds: 1_704_067_200, stepSeconds: STEP_SECONDS, steps: 28 * 9 },
    { startPrice: 2_000, drift: 0, volatility: 0.8 },
    randomStream(1, 'price'),
  ),
  typicalMarket,
  1,
);

const run = (halfWidth: number) =>
  backtest({
    market,
    plan: {
      name: 'calls',
      base: 40,
      quote: 300_000,
      options: [
        { type: 'call', strikeOverSpot: 1.02, days: 7, everyDays: 7, sizeBase: -50, settlement: 'quote' },
      ],
      liquidity: [],
      targetDelta: 0,
      rate: 0,
    },
    pools: typicalPools,
    policy: bindPolicy('fixedBand', fixedBand, { halfWidth: { base: halfWidth }, tradeTo: 'centre' }),
    limits: { ...defaultLimits, maxGasQuote: 10_000 },
    guard: { maxSlippageBps: 200 },
  });

const plainPage = (report: StudyReport) =>
  reportPage(report, { styles: [], scripts: [], licences: '' }, () => 'sha256-none');

describe('the report of a study', () => {
  let [narrow, wide]: BacktestResult[] = [];
  let study: Study;

  beforeAll(async () => {
    [narrow, wide] = [await run(2), await run(8)];
    const settings = (['narrow', 'wide'] as const).map((policy, index) => ({
      policy,
      settings: [{ label: 'as is', blocks: weekBlocks([narrow!, wide!][index]!, market) }],
    }));
    study = {
      title: 'Calls',
      units: { base: 'WETH', quote: 'USDC' },
      market,
      runs: [
        { name: 'narrow', parameters: 'as is', result: narrow! },
        { name: 'wide', parameters: 'as is', result: wide! },
      ],
      settings,
      scores: comparePolicies(settings, { seed: 1, resamples: 100 }),
      assumptions: [],
      findings: [],
      reproduce: { command: 'ballast backtest', seed: 1, version: '0', configHash: null, dataHash: null },
      seed: 1,
    };
  });

  it('has the figures of the runs, and error bars around them', () => {
    const [first] = studyReport(study).policies;
    expect(first!.cost).toEqual(narrow!.cost);
    expect(first!.profit).toEqual(narrow!.profit);
    const bars = first!.costBars;
    if (!('value' in bars)) throw new Error(bars.missing);
    expect(bars.value.low).toBeLessThan(narrow!.cost.total);
    expect(bars.value.high).toBeGreaterThan(narrow!.cost.total);
  });

  it('says why two policies cannot be compared where no hedging error is reached by both', () => {
    const { policies, verdict } = studyReport(study);
    expect(policies[1]!.score).toEqual({ missing: 'no hedging error that it and narrow both reach' });
    expect(verdict.sentence).toContain('cannot be set against it');
  });

  it('says so where its hours are longer steps', () => {
    const said = 'What is said of an hour is of a step of 6 hours: about 2.45 times what it would be of one.';
    expect(studyReport(study).verdict.limits).toContain(said);
    expect(limitsOf([], { paths: 1, stepSeconds: 3_600 }).join(' ')).not.toContain('step');
  });

  it('takes cost apart so that the parts add up at every moment, and end where the run ended', () => {
    const [first] = studyReport(study).policies;
    const { fee, impact, gas, total } = first!.costs;
    total.forEach((value, row) => {
      expect(fee[row]! + impact[row]! + gas[row]!).toBeCloseTo(value, 1);
      expect(gas[row]!).toBeGreaterThanOrEqual(-1e-6);
    });
    expect(total.at(-1)).toBeCloseTo(narrow!.cost.total, 1);
  });

  it('names the hours that lost most, worst first, and what was done in them', () => {
    const { worstHours } = studyReport(study).policies[1]!;
    const losses = [...wide!.hourlyError].sort((a, b) => a - b).slice(0, 10);
    expect(worstHours.map(({ error }) => error)).toEqual(losses);
    for (const { explanation } of worstHours) expect(explanation).toMatch(/^(Held|Hedged)[:,] .*\.$/);
  });

  it('tells cost and hedges of equal stretches that add up to the run', () => {
    const { periods } = studyReport(study).policies[0]!;
    const sum = (of: (period: (typeof periods)[number]) => number) =>
      periods.reduce((all, period) => all + of(period), 0);
    expect(sum(({ cost }) => cost)).toBeCloseTo(narrow!.cost.total, 6);
    expect(sum(({ hedges }) => hedges)).toBe(narrow!.hedges.length);
  });

  it('draws a hole in a recording as a hole', () => {
    const afterGap = market.afterGap.slice();
    afterGap[100] = 1;
    const hourlyError = narrow!.hourlyError.filter((_error, index) => index !== 99);
    const holed: MarketPath = { ...market, afterGap };
    const runs = [{ name: 'narrow', parameters: 'as is', result: { ...narrow!, hourlyError } }];
    const { series } = studyReport({ ...study, market: holed, runs, settings: [], scores: [] }).policies[0]!;
    const at = series.timestampSeconds.indexOf(market.timestampSeconds[100]!);
    expect(series.spot[at]).not.toBeNull();
    expect(series.spot[at - 1]).toBeNull();
  });

  it('does not change what it says of one policy by showing another', () => {
    const alone = studyReport({ ...study, runs: study.runs.slice(0, 1) }).policies[0]!;
    const beside = studyReport(study).policies[0]!;
    expect(alone).toEqual(beside);
  });

  it('lists what is open at the end of each run, and has it on the page', () => {
    const [first] = studyReport(study).policies;
    const { openAtEnd } = first!;
    expect(openAtEnd).toHaveProperty('value');
    const texts = 'value' in openAtEnd ? openAtEnd.value.map(({ text }) => text) : [];
    expect(texts).toHaveLength(narrow!.openAtEnd!.length);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts)
      expect(text).toMatch(/^50\.0000 of a call written at .* taken in, .* owed at the last mark$/);
    expect(plainPage(studyReport(study))).toContain(texts[0]);
  });

  it('gives a reason for every value that is missing, on the page too', () => {
    const still: BacktestSeries = {
      ...narrow!.series,
      sellAct: narrow!.series.sellAct.map(() => Number.NaN),
    };
    const { openAtEnd: _, ...unlisted } = narrow!;
    const nothing: BacktestResult = {
      ...unlisted,
      hedges: [],
      cost: { fee: 0, impact: 0, gas: 0, total: 0 },
      rounds: narrow!.rounds.map((round) => ({
        ...round,
        breakEvenVolatility: null,
        realizedVolatility: null,
      })),
      series: still,
    };
    const page = plainPage(
      studyReport({
        ...study,
        runs: [{ name: 'still', parameters: '', result: nothing }],
        settings: [],
        scores: [],
      }),
    );
    for (const reason of [
      'nothing was paid',
      'not compared in this study',
      'no volatility makes this round come out even',
      'this run did not list them',
    ]) {
      expect(page).toContain(reason);
    }
    expect(page).not.toMatch(/\bNaN\b|\bInfinity\b|\bundefined\b|\[object/);
  });

  it('refuses no run, and two runs of one name', () => {
    expect(() => studyReport({ ...study, runs: [] })).toThrow('at least one');
    expect(() => studyReport({ ...study, runs: [study.runs[0]!, study.runs[0]!] })).toThrow(
      'names that differ',
    );
  });
});

describe('the report of five years of hours under six policies', () => {
  const steps = 43_800;
  const length = steps + 1;
  const random = randomStream(5, 'long');
  const noise = (scale: number) => Float64Array.from({ length }, () => scale * random.normal());
  const long: MarketPath = {
    ...buildMarket(
      'long',
      gbmPath(
        { startSeconds: 1_577_836_800, stepSeconds: 3_600, steps },
        { startPrice: 2_000, drift: 0, volatility: 0.8 },
        random,
      ),
      typicalMarket,
      5,
    ),
  };

  it('stays small, and shows a breach of one step', async () => {
    const short = await run(2);
    const netDelta = noise(1);
    netDelta[31_337] = 4_242.5;
    const result: BacktestResult = {
      ...short,
      steps,
      hedges: Array.from({ length: 9_000 }, (_, index) => ({
        step: 4 * index,
        timestampSeconds: long.timestampSeconds[4 * index + 1]!,
        side: index % 2 === 0 ? ('sell' as const) : ('buy' as const),
        base: 1 + random.uniform(),
        fairPrice: long.spot[4 * index]!,
        cost: { fee: 1, impact: 1, gas: 1, total: 3 },
      })),
      series: {
        timestampSeconds: long.timestampSeconds,
        spot: long.spot,
        netDelta,
        sellAct: noise(0.1).map((value) => 3 + value),
        buyAct: noise(0.1).map((value) => value - 3),
        value: noise(1),
        cost: Float64Array.from({ length }, (_, step) => step),
      },
      hourlyError: noise(10).subarray(1),
    };
    const runs = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, parameters: 'x', result }));
    const report = studyReport({
      title: 'Long',
      units: { base: 'WETH', quote: 'USDC' },
      market: long,
      runs,
      settings: [],
      scores: [],
      assumptions: [],
      findings: [],
      reproduce: { command: 'x', seed: 5, version: '0', configHash: null, dataHash: null },
      seed: 5,
    });
    for (const { series } of report.policies) expect(series.netDelta).toContain(4_242.5);
    expect(plainPage(report).length).toBeLessThan(1_400_000);
  });
});
