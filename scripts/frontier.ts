/**
 * The frontier study, by hand: all policies over recorded hourly prices, each with its parameters chosen on training windows and
 * compared on the windows after, at equal hedging error. See docs/calibration.md.
 *
 *   npx tsx scripts/frontier.ts --size 40 --from 2021-06-01 --to 2022-12-01 --tests 5 --workers 2
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { defaultLimits } from '../src/core/risk/limits.ts';
import { runMany } from '../src/runtime/workers/runMany.ts';
import { WorkerPool } from '../src/runtime/workers/workerPool.ts';
import { typicalPools } from '../src/sim/backtest/poolPlan.ts';
import type { BacktestResult } from '../src/sim/backtest/result.ts';
import { heldOutFrontiers } from '../src/sim/calibrate/heldOutFrontier.ts';
import { coarseGrid, type SearchSpace } from '../src/sim/calibrate/searchSpace.ts';
import { bookScale, searchSpaces } from '../src/sim/calibrate/spaces.ts';
import { type Trial, trialAt } from '../src/sim/calibrate/trial.ts';
import { fitBaseFee } from '../src/sim/market/baseFee.ts';
import { buildMarket, typicalMarket } from '../src/sim/market/buildMarket.ts';
import type { MarketPath } from '../src/sim/market.ts';
import { cleanPrices } from '../src/sim/paths/cleanPrices.ts';
import { comparePolicies, type PolicyRuns } from '../src/sim/study/comparePolicies.ts';
import { weekBlocks } from '../src/sim/study/weekBlock.ts';
import type { VaultPlan } from '../src/sim/vaultPlan.ts';

const { values: asked } = parseArgs({
  options: {
    size: { type: 'string', default: '40' },
    from: { type: 'string', default: '2020-01-01' },
    to: { type: 'string', default: '2025-01-01' },
    tests: { type: 'string', default: '9' },
    workers: { type: 'string', default: '2' },
    points: { type: 'string', default: '9' },
    policies: { type: 'string', default: 'all' },
  },
});
const folder = process.env.BALLAST_DATA ?? '../shared';
const size = Number(asked.size);

function market(): MarketPath {
  const [from, to] = [asked.from, asked.to].map((day) => Date.parse(day) / 1_000) as [number, number];
  const text = gunzipSync(readFileSync(join(folder, 'data/prices/eth_usd_hourly_close.csv.gz'))).toString();
  const rows = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [time, price] = line.split(',');
      return { timestampSeconds: Number(time), price: Number(price) };
    });
  const { path } = cleanPrices(
    rows.filter(({ timestampSeconds }) => timestampSeconds >= from && timestampSeconds < to),
  );
  const headers = readFileSync(join(folder, 'data/gas/ethereum_block_headers.csv'), 'utf8')
    .trim()
    .split('\n');
  const fees = headers
    .slice(1)
    .map((line) => line.split(',').slice(1, 3).map(Number) as [number, number])
    .filter(([time, fee]) => fee > 0 && time > 1_600_000_000 && time < 1_740_000_000)
    .sort(([a], [b]) => a - b);
  const baseFee = fitBaseFee(
    fees.map(([time]) => time),
    fees.map(([, fee]) => fee / 1e9),
  );
  return buildMarket('ETH', path, { ...typicalMarket, baseFee }, 7);
}

/** Written strangles, a week each; enough base and quote that the vault never runs out of either. */
const plan: VaultPlan = {
  name: `strangles of ${size}`,
  base: 3 * size,
  quote: 20_000 * size,
  options: (['call', 'put'] as const).map((type) => ({
    type,
    strikeOverSpot: type === 'call' ? 1.05 : 0.95,
    days: 7,
    everyDays: 7,
    sizeBase: -size,
    settlement: 'quote',
  })),
  liquidity: [],
  targetDelta: 3 * size,
  rate: 0,
};
const limits = { ...defaultLimits, maxGasQuote: 1e6, maxTradeQuote: 1e9, maxSlippageBps: 200 };
const guard = { maxSlippageBps: 200 };

const KINDS = [
  { kind: 'optimalBand', parameters: { riskAversion: 1, lookSeconds: 3_600 } },
  { kind: 'whalleyWilmott', parameters: { riskAversion: 1 } },
  { kind: 'zakamouline', parameters: { riskAversion: 1 } },
  { kind: 'fixedBand', parameters: { halfWidth: { base: 1 } } },
  { kind: 'interval', parameters: { seconds: 3_600 } },
  { kind: 'leland', parameters: { seconds: 3_600 } },
];

const path = market();
const scale = bookScale(plan, path);
const prepared = { market: path, plan, pools: typicalPools, limits, guard };
const points = Number(asked.points);
const kinds = KINDS.filter(
  ({ kind }) => asked.policies === 'all' || asked.policies.split(',').includes(kind),
);
const spaces = kinds
  .flatMap((choice) => searchSpaces(choice, scale))
  .map((space): SearchSpace => {
    const [first, ...rest] = space.dimensions;
    return { ...space, dimensions: [{ ...first!, points }, ...rest] };
  });
const trials = spaces.map((space) => coarseGrid(space).map(trialAt));
const pool = new WorkerPool(Number(asked.workers));
let told = 0;
const onProgress = (share: number) => {
  if (share < told + 0.05) return;
  told = share;
  process.stderr.write(`${Math.round(100 * share)} % `);
};
const results = await runMany(
  pool,
  prepared,
  trials.flat().map(({ key, choice }: Trial) => ({ key, policy: choice })),
  { onProgress },
).finally(() => pool.close());

let taken = 0;
const gasShares: string[] = [];
const runs = spaces.map(({ policy }, index): PolicyRuns => {
  const settings = trials[index]!.map(({ choice }) => {
    const result: BacktestResult = results[taken++]!;
    if (policy === 'optimalBand') {
      gasShares.push(`${((100 * result.cost.gas) / Math.max(result.cost.total, 1e-9)).toFixed(1)} %`);
    }
    const { halfWidth, tradeTo, seconds, riskAversion } = choice.parameters as Record<string, never>;
    return {
      label:
        JSON.stringify(halfWidth ?? seconds ?? riskAversion) +
        (tradeTo === undefined ? '' : ` to ${tradeTo}`),
      blocks: weekBlocks(result, path).filter(({ hourlyError }) => hourlyError.length > 0),
    };
  });
  return { policy, settings };
});
const aversion = spaces[0]!.dimensions[0]!;
const objectives = Array.from({ length: 9 }, (_, index) => ({
  kind: 'riskAversion' as const,
  riskAversion: aversion.low * (aversion.high / aversion.low) ** (index / 8),
}));
const held = heldOutFrontiers(runs, objectives, {
  tests: Number(asked.tests),
  trainWindows: 1,
  purgeDays: 7,
});
console.log(
  `\nstrangles of ${size}, ${path.spot.length} hours from ${asked.from} to ${asked.to}, ${asked.tests} tests`,
);
console.log(`gas share of optimalBand's cost, from wide to narrow: ${gasShares.join(', ')}`);
for (const { policy, score, bars, levels, costs, figures } of comparePolicies(held, {
  seed: 1,
  resamples: 500,
})) {
  const range = bars === null ? '' : ` (${bars.low.toFixed(2)} to ${bars.high.toFixed(2)})`;
  const at = levels.map((level, index) => `${level.toFixed(1)}: ${costs.costs[index]?.toFixed(0) ?? '–'}`);
  console.log(`${policy.padEnd(15)} ${score?.toFixed(3) ?? '–'}${range}  ${at.join('  ')}`);
  console.log(
    `  ${figures.map(({ hedgingError, cost }) => `${hedgingError.toFixed(1)}/${cost.toFixed(0)}`).join('  ')}`,
  );
}
