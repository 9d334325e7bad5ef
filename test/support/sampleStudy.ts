import { type BoundPolicy, bindPolicy } from '../../src/core/policy.ts';
import { defaultLimits } from '../../src/core/risk/limits.ts';
import { SECONDS_PER_DAY } from '../../src/core/units.ts';
import { fixedBand } from '../../src/policies/fixedBand.ts';
import { interval } from '../../src/policies/interval.ts';
import { optimalBand } from '../../src/policies/optimalBand.ts';
import { whalleyWilmott } from '../../src/policies/whalleyWilmott.ts';
import type { Study } from '../../src/report/study.ts';
import { typicalPools } from '../../src/sim/backtest/poolPlan.ts';
import { fastBacktestMany } from '../../src/sim/fast/fastBacktest.ts';
import { buildMarket, typicalMarket } from '../../src/sim/market/buildMarket.ts';
import { hestonPath } from '../../src/sim/paths/heston.ts';
import { randomStream } from '../../src/sim/random.ts';
import { comparePolicies } from '../../src/sim/study/comparePolicies.ts';
import { weekBlocks } from '../../src/sim/study/weekBlock.ts';
import type { VaultPlan } from '../../src/sim/vaultPlan.ts';

const seed = 7;
const SECONDS_A_WEEK = 7 * SECONDS_PER_DAY;

const plan: VaultPlan = {
  name: 'covered-calls',
  base: 40,
  quote: 400_000,
  options: [
    { type: 'call', strikeOverSpot: 1.02, days: 7, everyDays: 7, sizeBase: -50, settlement: 'quote' },
    { type: 'call', strikeOverSpot: 1.08, days: 14, everyDays: 14, sizeBase: -50, settlement: 'quote' },
  ],
  liquidity: [],
  targetDelta: 0,
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

/** How long a sample is, and how finely it is stepped. */
interface SampleSize {
  readonly weeks: number;
  readonly stepSeconds: number;
}

/** A study of simulated covered calls under four policies, three settings each, run as production decides. */
export function sampleStudy({ weeks, stepSeconds }: SampleSize): Study {
  const { path } = hestonPath(
    { startSeconds: 1_735_689_600, stepSeconds, steps: (weeks * SECONDS_A_WEEK) / stepSeconds },
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
  const limits = { ...defaultLimits, maxGasQuote: 10_000 };
  const prepared = { market, plan, pools: typicalPools, limits, guard: { maxSlippageBps: 100 } };
  const candidates = tried.map(({ label, bound }) => ({ key: label, policy: bound }));
  const found = fastBacktestMany(prepared, candidates);
  const results = new Map(tried.map((one, index) => [one, found[index]!]));
  const names = [...new Set(tried.map(({ policy }) => policy))];
  const settings = names.map((policy) => ({
    policy,
    settings: tried
      .filter((one) => one.policy === policy)
      .map((one) => ({ label: one.label, blocks: weekBlocks(results.get(one)!, market) })),
  }));
  return {
    title: 'Covered calls under four policies',
    units: { base: 'WETH', quote: 'USDC' },
    market,
    runs: tried
      .filter(({ isShown }) => isShown)
      .map((one) => ({ name: one.policy, parameters: one.label, result: results.get(one)! })),
    settings,
    scores: comparePolicies(settings, { seed, resamples: 200 }),
    assumptions: [
      { name: 'prices', text: 'simulated: Heston, mean volatility 70 %' },
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
