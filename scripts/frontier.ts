/**
 * The frontier study, by hand: all policies over recorded hourly prices, each with its parameters chosen on training windows and
 * compared on the windows after, at equal hedging error. See docs/calibration.md.
 *
 *   npx tsx scripts/frontier.ts --size 20 --from 2020-01-01 --to 2025-01-01 --tests 9 --trials trials.jsonl
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { WorkerPool } from '../src/runtime/workers/workerPool.ts';
import { foldedFrontiers } from '../src/sim/calibrate/heldOutFrontier.ts';
import type { PolicyChoice } from '../src/sim/fast/candidate.ts';
import { comparePolicies, type PolicyRuns } from '../src/sim/study/comparePolicies.ts';
import type { PolicyFrontier } from '../src/sim/study/frontier.ts';
import type { WeekBlock } from '../src/sim/study/weekBlock.ts';
import { preparedStudy } from './frontier/market.ts';
import { studySettings } from './frontier/settings.ts';
import { type TrialWeek, trialWeeks } from './frontier/weeks.ts';
import { type Window, windowsOf } from './frontier/windows.ts';

const { values: asked } = parseArgs({
  options: {
    size: { type: 'string', default: '40' },
    from: { type: 'string', default: '2020-01-01' },
    to: { type: 'string', default: '2025-01-01' },
    tests: { type: 'string', default: '9' },
    months: { type: 'string', default: '2020-03,2021-05,2022-06,2022-11' },
    workers: { type: 'string', default: '2' },
    points: { type: 'string', default: '9' },
    batch: { type: 'string', default: '18' },
    policies: { type: 'string', default: 'all' },
    resamples: { type: 'string', default: '500' },
    gap: { type: 'string', default: '2' },
    trials: { type: 'string', default: join(tmpdir(), `ballast-frontier-${process.pid}.jsonl`) },
  },
});

const prepared = preparedStudy(
  process.env.BALLAST_DATA ?? '../shared',
  [asked.from, asked.to],
  Number(asked.size),
);
const { market, plan } = prepared;
const { policies, objectives } = studySettings(prepared, Number(asked.points), asked.policies.split(','));
const pool = new WorkerPool(Number(asked.workers));
const known = await trialWeeks(
  pool,
  prepared,
  policies.flatMap(({ trials }) => trials),
  {
    file: asked.trials,
    batch: Number(asked.batch),
    say: (words) => process.stderr.write(`${words}  `),
  },
).finally(() => pool.close());

/** What a week of some setting cost beside gas, by the very block that stands for it. */
const traded = new Map<WeekBlock, number>();

function blockOf({ traded: cost, ...week }: TrialWeek): WeekBlock {
  const block = { ...week, hourlyError: Float64Array.from(week.hourlyError) };
  traded.set(block, cost);
  return block;
}

/** Whatever of a policy is in the file counts: points can be added between those of an earlier run. */
const runs = policies.map(({ policy }) => ({
  policy,
  settings: [...known]
    .filter(([key]) => (JSON.parse(key) as PolicyChoice).kind === policy)
    .map(([label, kept]) => ({ label, blocks: kept.map(blockOf) })),
}));

const weeks = 1 + Math.max(...runs[0]!.settings[0]!.blocks.map(({ week }) => week));
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Gas in what the settings that were chosen cost, from least to most. */
function gasShares({ settings }: PolicyRuns): string {
  const shares = settings.flatMap(({ blocks }) => {
    const cost = blocks.reduce((sum, block) => sum + block.cost, 0);
    const swapped = blocks.reduce((sum, block) => sum + traded.get(block)!, 0);
    return cost > 0 ? [1 - swapped / cost] : [];
  });
  return shares.length === 0 ? 'none' : `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
}

const widestGap = Number(asked.gap);

/** Where settings are too far apart for what lies between them to be told. */
function gapsOf({ points }: PolicyFrontier): string {
  const gaps = points.slice(1).flatMap(({ hedgingError, cost }, index) => {
    const before = points[index]!.hedgingError;
    return cost > 0 && hedgingError > widestGap * before
      ? [`${before.toFixed(0)} to ${hedgingError.toFixed(0)}`]
      : [];
  });
  return gaps.length === 0 ? '' : `  not told: ${gaps.join(', ')}`;
}

function show({ name, folds }: Window): void {
  const held = foldedFrontiers(runs, objectives, folds);
  console.log(`\n${name}: gas in ${held[0]!.policy}'s cost: ${gasShares(held[0]!)}`);
  const scores = comparePolicies(held, { seed: 1, resamples: Number(asked.resamples), widestGap });
  for (const { policy, score, bars, levels, costs, frontier, figures } of scores) {
    const range = bars === null ? '' : ` (${bars.low.toFixed(2)} to ${bars.high.toFixed(2)})`;
    const at = levels.map((level, index) => `${level.toFixed(1)}: ${costs.costs[index]?.toFixed(0) ?? '–'}`);
    console.log(
      `${policy.padEnd(15)} ${score?.toFixed(3) ?? '–'}${range}  ${at.join('  ')}${gapsOf(frontier)}`,
    );
    const points = figures.map(({ hedgingError, cost, expectedShortfall99 }) =>
      [hedgingError.toFixed(1), cost.toFixed(0), expectedShortfall99.toFixed(0)].join('/'),
    );
    console.log(`  error/cost/shortfall: ${points.join('  ')}`);
  }
}

console.log(
  `${plan.name}, ${market.spot.length} hours from ${asked.from} to ${asked.to}, ${asked.tests} tests, trials in ${asked.trials}`,
);
const months = asked.months.split(',').filter((month) => month >= asked.from.slice(0, 7) && month < asked.to);
for (const window of windowsOf(market.timestampSeconds[0]!, weeks, Number(asked.tests), months)) show(window);
