import { type BoundPolicy, bindPolicy } from '../../src/core/policy.ts';
import { defaultLimits } from '../../src/core/risk/limits.ts';
import { fixedBand } from '../../src/policies/fixedBand.ts';
import { interval } from '../../src/policies/interval.ts';
import { optimalBand } from '../../src/policies/optimalBand.ts';
import { whalleyWilmott } from '../../src/policies/whalleyWilmott.ts';
import type { Study } from '../../src/report/study.ts';
import { backtest } from '../../src/sim/backtest/backtest.ts';
import { typicalPools } from '../../src/sim/backtest/poolPlan.ts';
import type { BacktestResult } from '../../src/sim/backtest/result.ts';
import { buildMarket, typicalMarket } from '../../src/sim/market/buildMarket.ts';
import { hestonPath } from '../../src/sim/paths/heston.ts';
import { randomStream } from '../../src/sim/random.ts';
import { comparePolicies } from '../../src/sim/study/comparePolicies.ts';
import { weekBlocks } from '../../src/sim/study/weekBlock.ts';
import type { VaultPlan } from '../../src/sim/vaultPlan.ts';

const HOURS_A_WEEK = 168;

const plan: VaultPlan = {
  name: 'strangles',
  base: 100,
  quote: 500_000,
  options: [
    { type: 'call', strikeOverSpot: 1.05, days: 7, everyDays: 7, sizeBase: -60, settlement: 'quote' },
    { type: 'put', strikeOverSpot: 0.95, days: 7, everyDays: 7, sizeBase: -60, settlement: 'base' },
  ],
  liquidity: [],
  targetDelta: 100,
  rate: 0,
};

interface Tried {
  readonly policy: string;
  readonly label: string;
  readonly bound: BoundPolicy;
  /** Shown in the charts. */
  readonly isShown: boolean;
}

const optimal = (riskAversion: number) =>
  bindPolicy('optimalBand', optimalBand, optimalBand.parameters.parse({ riskAversion }));
const classic = (riskAversion: number) =>
  bindPolicy('whalleyWilmott', whalleyWilmott, whalleyWilmott.parameters.parse({ riskAversion }));
const fixed = (base: number) =>
  bindPolicy('fixedBand', fixedBand, { halfWidth: { base }, tradeTo: 'centre' });
const every = (hours: number) =>
  bindPolicy('interval', interval, interval.parameters.parse({ seconds: hours * 3_600 }));

const tried: readonly Tried[] = [
  ...[2e-4, 1e-3, 5e-3].map((aversion) => ({
    policy: 'optimalBand',
    label: `riskAversion ${aversion}`,
    bound: optimal(aversion),
    isShown: aversion === 1e-3,
  })),
  ...[2e-4, 1e-3, 5e-3].map((aversion) => ({
    policy: 'whalleyWilmott',
    label: `riskAversion ${aversion}`,
    bound: classic(aversion),
    isShown: aversion === 1e-3,
  })),
  ...[1, 3, 8].map((base) => ({
    policy: 'fixedBand',
    label: `halfWidth ${base} WETH`,
    bound: fixed(base),
    isShown: base === 3,
  })),
  ...[2, 8, 24].map((hours) => ({
    policy: 'interval',
    label: `every ${hours} h`,
    bound: every(hours),
    isShown: hours === 8,
  })),
];

/** A study of simulated weekly strangles under four policies, three settings each: real runs of the real tick. */
export async function sampleStudy(weeks: number, seed = 7): Promise<Study> {
  const { path } = hestonPath(
    { startSeconds: 1_735_689_600, stepSeconds: 3_600, steps: weeks * HOURS_A_WEEK },
    {
      startPrice: 3_000,
      drift: 0,
      startVariance: 0.49,
      longVariance: 0.49,
      reversion: 4,
      volatilityOfVariance: 0.9,
      correlation: -0.4,
    },
    randomStream(seed, 'price'),
  );
  const market = buildMarket(`Heston, seed ${seed}`, path, typicalMarket, seed);
  const results = new Map<Tried, BacktestResult>();
  for (const one of tried) {
    const limits = { ...defaultLimits, maxGasQuote: 10_000 };
    results.set(
      one,
      await backtest({
        market,
        plan,
        pools: typicalPools,
        policy: one.bound,
        limits,
        guard: { maxSlippageBps: 100 },
      }),
    );
  }
  const names = [...new Set(tried.map(({ policy }) => policy))];
  const settings = names.map((policy) => ({
    policy,
    settings: tried
      .filter((one) => one.policy === policy)
      .map((one) => ({ label: one.label, blocks: weekBlocks(results.get(one)!, market) })),
  }));
  return {
    title: 'Weekly strangles under four policies',
    units: { base: 'WETH', quote: 'USDC' },
    market,
    runs: tried
      .filter(({ isShown }) => isShown)
      .map((one) => ({ name: one.policy, parameters: one.label, result: results.get(one)! })),
    settings,
    scores: comparePolicies(settings, { seed, resamples: 200 }),
    assumptions: [
      { name: 'prices', text: 'simulated: Heston, mean volatility 70 %, hourly' },
      { name: 'pools', text: 'mainnet’s two large WETH/USDC pools; depth falls and refills with volatility' },
      {
        name: 'fills',
        text: 'at the pools’ own arithmetic, after the inclusion delay; some orders are never included',
      },
      { name: 'gas', text: 'base fee that rises with moves, tip 0.1 gwei' },
    ],
    findings: [],
    reproduce: {
      command: `ballast backtest --seed ${seed} --html report.html`,
      seed,
      version: '0.1.0',
      configHash: null,
      dataHash: null,
    },
    seed,
  };
}
