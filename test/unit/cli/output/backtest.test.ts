import { describe, expect, it } from 'vitest';
import { backtestLines } from '../../../../src/cli/output/backtest.ts';
import { plainStyle } from '../../../../src/cli/output/style.ts';
import type { PolicyReport, StudyReport } from '../../../../src/runtime/backtest/studyReport.ts';

const zero = { theta: 0, gamma: 0, vega: 0, hedge: 0, swapFee: 0, impact: 0, gas: 0, timing: 0 };
const policy = (name: string, changed: Partial<PolicyReport> = {}): PolicyReport => ({
  name,
  kind: name,
  shown: 'riskAversion 0.001',
  settings: [],
  hedges: 212,
  hedgesPerDay: 1.17,
  turnoverQuote: 4_650_000,
  cost: { fee: 496, impact: 112, gas: 405, total: 1_013 },
  profit: { ...zero, unexplained: 0, total: 0 },
  hedgingError: 1_940,
  expectedShortfall99: 6_120,
  valueAtRisk99: 5_000,
  maxDrawdown: 9_000,
  notTraded: { spacing: 118, insideBand: 3_990, oracleStale: 24 },
  rounds: {
    count: 26,
    premiumQuote: 20_000,
    hedgingCostQuote: 1_013,
    overBudget: 0,
    breakEvenVolatility: 0.661,
    realizedVolatility: 0.6,
  },
  refusals: [
    { maxSlippageBps: 10, refused: 53, of: 212 },
    { maxSlippageBps: 25, refused: 0, of: 212 },
    { maxSlippageBps: 50, refused: 0, of: 212 },
  ],
  score: 1,
  levels: [1, 2, 3],
  bars: null,
  ...changed,
});
const bars = { low: 1.15, high: 1.27, standardError: 0.03, used: 1_000, resamples: 1_000 };
const report: StudyReport = {
  name: 'strangle',
  seed: 7,
  engine: 'fast',
  paths: [{ name: 'recorded', fromSeconds: 1_735_689_600, toSeconds: 1_751_328_000, steps: 4_344, holes: 1 }],
  assumptions: [
    { part: 'gas', source: 'model', text: 'median 20 gwei', parameters: {} },
    { part: 'liquidity', source: 'fitted', text: '5,760 minutes of a pool', parameters: {} },
  ],
  findings: Array.from({ length: 11 }, (_, index) => ({
    file: 'prices.csv',
    kind: 'gap',
    atSeconds: 1_735_689_600 + index * 86_400,
    text: '5 rows are missing: a hole, nothing is scored across it',
  })),
  policies: [
    policy('optimalBand'),
    policy('whalleyWilmott', { score: 1.21, bars, rounds: { ...policy('').rounds, overBudget: 3 } }),
  ],
};

describe('a backtest on a terminal', () => {
  const lines = backtestLines(report, plainStyle);
  const text = lines.join('\n');

  it('sets the policies beside each other, with error bars', () => {
    expect(lines).toContain('strangle    2025-01-01…2025-07-01  4,344 h  seed 7  fast path');
    expect(lines).toContain('optimalBand        212      1,013      49/11/40 %    1,940    6,120  1.00');
    expect(lines).toContain(
      'whalleyWilmott     212      1,013      49/11/40 %    1,940    6,120  1.21 ± 0.06',
    );
  });

  it('says why nothing was traded, what rounds came to, and what the oracle bound would refuse', () => {
    expect(text).toContain('not traded  4,132: inside band 3,990, too soon after last 118');
    expect(text).toContain('26, premium 20,000, hedging 1,013 USDC (5 %)');
    expect(lines).toContain('refused at  10 bps 25 %, 25 bps 0 %');
  });

  it('warns where hedging eats the premium, and names what is wrong with the data', () => {
    expect(lines).toContain('budget      whalleyWilmott: hedging ate the premium in 3 of 26 rounds');
    expect(text).toContain('data        gap: 2025-01-01T00:00Z 5 rows are missing');
    expect(text).toContain('and 9 more');
  });

  it('tells what was only assumed from what was fitted', () => {
    expect(lines).toContain('gas         median 20 gwei (assumed)');
    expect(lines).toContain('liquidity   5,760 minutes of a pool');
  });

  it('says why there is no score', () => {
    const without = {
      ...report,
      policies: report.policies.map((one) => ({ ...one, score: null, bars: null })),
    };
    expect(backtestLines(without, plainStyle).join('\n')).toContain('give policies scales that overlap');
  });

  it('fits into eighty columns', () => {
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
