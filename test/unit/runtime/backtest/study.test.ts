import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backtestRun, resultsJson, writeResults } from '../../../../src/runtime/backtest/backtestRun.ts';
import { loadStudy, studyOf } from '../../../../src/runtime/backtest/loadStudy.ts';
import { runStudy } from '../../../../src/runtime/backtest/runStudy.ts';
import { studyReport } from '../../../../src/runtime/backtest/studyReport.ts';
import type { ConfigError } from '../../../../src/runtime/errors.ts';
import { registry } from '../../../../src/runtime/registry.ts';
import type { WorldTools } from '../../../../src/runtime/worlds/tools.ts';
import { hasSharedData, sharedFolder } from '../../../support/sharedData.ts';

const tools = { registry, environment: () => undefined } as unknown as WorldTools;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-study-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const vault = `
vault:
  quote: 1000000
  options:
    - { type: call, strikeOverSpot: 1, days: 3, everyDays: 2, sizeBase: -50 }
`;
const bands = `
policies:
  - { kind: fixedBand, halfWidth: { base: 2 }, tradeTo: edge, scales: [0.5, 1, 2] }
  - { kind: interval, seconds: 14400, name: everyFourHours }
`;
const small = `prices: { kind: gbm, days: 4, stepSeconds: 3600 }${vault}${bands}`;
const start = 1_704_067_200;
const csv = (rows: readonly (readonly (string | number)[])[]) =>
  `time,price\n${rows.map((row) => row.join(',')).join('\n')}\n`;

const issuesOf = async (text: string) =>
  studyOf('study.yaml', text, tools).then(
    () => [],
    (error: ConfigError) => error.issues,
  );

describe('a study file', () => {
  it('fills in everything that a mainnet market is made of', async () => {
    const study = await studyOf('study.yaml', small, tools);
    expect(study.markets).toHaveLength(1);
    expect(study.markets[0]!.spot).toHaveLength(97);
    expect(study.pools.map(({ name }) => name)).toEqual(['usdcWeth500', 'usdcWeth3000']);
    expect(study.limits.maxSlippageBps).toBe(100);
    expect(study.assumptions.map(({ part }) => part)).toEqual([
      'prices',
      'gas',
      'liquidity',
      'inclusion',
      'volatility',
    ]);
  });

  it('tries each policy at its scales, under names of their own', async () => {
    const { policies } = await studyOf('study.yaml', small, tools);
    expect(policies.map(({ name }) => name)).toEqual(['fixedBand', 'everyFourHours']);
    expect(policies[0]!.settings.map(({ label }) => label)).toEqual(['base 1', 'base 2', 'base 4']);
    expect(policies[0]!.settings[0]!.parameters).toEqual({ halfWidth: { base: 1 }, tradeTo: 'edge' });
  });

  it('is the same for the same seed, path by path', async () => {
    const text = small.replace('gbm,', 'gbm, paths: 2,');
    const [a, b, c] = await Promise.all(
      [{}, {}, { seed: 9 }].map((changes) => studyOf('study.yaml', text, tools, changes)),
    );
    expect(a!.markets).toEqual(b!.markets);
    expect(a!.markets[0]!.spot).not.toEqual(a!.markets[1]!.spot);
    expect(a!.markets[0]!.inclusionBlocks).not.toEqual(a!.markets[1]!.inclusionBlocks);
    expect(c!.markets[0]!.spot).not.toEqual(a!.markets[0]!.spot);
  });

  it('is refused with the path of what is wrong, what was found and what was expected', async () => {
    const text = small.replace('days: 4', 'days: soon').replace('fixedBand', 'fixedBrand');
    const issues = await issuesOf(text);
    expect(issues).toContainEqual(
      expect.objectContaining({ path: 'prices.days', found: '"soon"  (text)', expected: 'a number' }),
    );
    expect(issues).toContainEqual(
      expect.objectContaining({
        path: 'policies[0].kind',
        action: 'write fixedBand instead of fixedBrand',
      }),
    );
  });

  it.each([
    ['an unknown key', small.replace('quote: 1000000', 'qoute: 1000000'), 'vault.qoute'],
    ['no policy', `prices: { kind: gbm }${vault}policies: []\n`, 'policies'],
    [
      'a range that is upside down',
      small.replace(
        'quote: 1000000',
        'quote: 1\n  liquidity: [{ lowerOverSpot: 2, upperOverSpot: 1, valueQuote: 5 }]',
      ),
      'vault.liquidity[0]',
    ],
  ])('is refused for %s', async (_, text, path) => {
    expect((await issuesOf(text)).map((issue) => issue.path)).toContain(path);
  });

  it('is refused where it is not there', async () => {
    await expect(loadStudy(join(folder, 'none.yaml'), tools)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});

describe('recorded data of a study', () => {
  const hours = (count: number) =>
    Array.from({ length: count }, (_, hour) => [start + hour * 3_600, 2_000 + 5 * Math.sin(hour)] as const);

  it('is found beside the study file, cleaned, and everything wrong with it is named', async () => {
    const rows: (readonly (string | number)[])[] = [...hours(100)];
    rows[10] = [rows[10]![0]!, 0];
    rows[20] = [rows[20]![0]!, 'n/a'];
    rows[30] = [rows[30]![0]!, 9_000];
    rows.splice(50, 12);
    rows.push(rows[5]!);
    await writeFile(join(folder, 'prices.csv'), csv(rows));
    await writeFile(
      join(folder, 'study.yaml'),
      `prices: { kind: recorded, files: [prices.csv] }${vault}${bands}`,
    );
    const { markets, findings } = await loadStudy(join(folder, 'study.yaml'), tools);
    const kinds = findings.map(({ kind }) => kind);
    expect(kinds).toEqual(
      expect.arrayContaining(['badPrice', 'badPrint', 'gap', 'shortGap', 'duplicate', 'unsorted']),
    );
    expect(findings.every(({ file }) => file.endsWith('prices.csv'))).toBe(true);
    const lineOf = (kind: string) => findings.find((finding) => finding.kind === kind)?.line;
    expect([lineOf('badPrice'), lineOf('badPrint'), lineOf('gap'), lineOf('duplicate')]).toEqual([
      12, 32, 52, 90,
    ]);
    expect(Math.max(...markets[0]!.spot)).toBeLessThan(2_010);
    expect(markets[0]!.afterGap.reduce((sum, mark) => sum + mark, 0)).toBe(1);
  });

  it('is cut to the days that are asked for, after the market was built', async () => {
    await writeFile(join(folder, 'days.csv'), csv(hours(24 * 10)));
    const text = `prices: { kind: recorded, files: [${join(folder, 'days.csv')}] }${vault}${bands}`;
    const whole = await studyOf('study.yaml', text, tools);
    const window = await studyOf('study.yaml', text, tools, {
      fromSeconds: start + 2 * 86_400,
      toSeconds: start + 5 * 86_400,
    });
    expect(window.markets[0]!.spot).toEqual(whole.markets[0]!.spot.slice(48, 120));
    expect(window.markets[0]!.baseFeeGwei).toEqual(whole.markets[0]!.baseFeeGwei.slice(48, 120));
  });

  it('takes fees in wei or gwei and volatility in per cent, and models what is missing', async () => {
    await writeFile(join(folder, 'prices.csv'), csv(hours(100)));
    const fees = Array.from(
      { length: 60 },
      (_, hour) => `${hour},${start + hour * 3_600},${(30 + (hour % 3)) * 1e9}`,
    );
    await writeFile(join(folder, 'fees.csv'), `block,timestamp,baseFeePerGas\n${fees.join('\n')}\n`);
    await writeFile(join(folder, 'iv.csv'), `timestamp,iv_dvol\n${start},65\n`);
    const text = `prices: { kind: recorded, files: [${folder}/prices.csv] }
gas: { kind: recorded, file: ${folder}/fees.csv }
volatility: { implied: { file: ${folder}/iv.csv, staleAfterSeconds: 36000 } }${vault}${bands}`;
    const { markets, findings, assumptions } = await studyOf('study.yaml', text, tools);
    expect([...markets[0]!.baseFeeGwei.slice(0, 3)]).toEqual([30, 31, 32]);
    expect(markets[0]!.impliedVolatility[10]).toBe(0.65);
    expect(markets[0]!.impliedVolatility[11]).not.toBe(0.65);
    expect(findings.map(({ text }) => text)).toEqual([
      'no recorded base fee for 38 steps: modelled there',
      'no recorded implied volatility for 89 steps: modelled there',
    ]);
    expect(assumptions.find(({ part }) => part === 'gas')).toMatchObject({
      source: 'recorded',
      parameters: { medianGwei: expect.closeTo(31, 9) },
    });
  });
});

describe.skipIf(!hasSharedData)('a pool by the minute', () => {
  const minutes = (day: number) =>
    resolve(sharedFolder, `data/swaps/polygon-usdc-weth-500-2023-08-${day}.minute.csv.gz`);

  it('says how liquidity thins, and how one-sided its swaps were', async () => {
    const text = `prices: { kind: gbm, days: 2, start: 2023-08-14 }
liquidity: { kind: fitted, files: [${[13, 14, 15, 16].map(minutes).join(', ')}] }
toxicity: { files: [${[13, 14, 15, 16].map(minutes).join(', ')}], bucketBase: 20 }${vault}${bands}`;
    const { markets, assumptions } = await studyOf('study.yaml', text, tools);
    const { toxicity } = markets[0]!;
    expect(toxicity!.every((value) => value > 0 && value < 1)).toBe(true);
    const liquidity = assumptions.find(({ part }) => part === 'liquidity');
    expect(liquidity).toMatchObject({ source: 'fitted' });
    expect(liquidity!.text).toMatch(/57\d\d minutes of a pool: [\d.]+ % leave for each sd/);
  });
});

describe('running a study', () => {
  it('comes to the same by the tick of production and by the fast path', async () => {
    const study = await studyOf('study.yaml', small.replace('days: 4', 'days: 2'), tools);
    const [tick, fast] = [
      await runStudy(study, { engine: 'tick' }),
      await runStudy(study, { engine: 'fast' }),
    ];
    expect(fast).toEqual(tick);
    const { engine: _, ...report } = studyReport(study, tick, 'tick');
    expect(studyReport(study, fast, 'fast')).toMatchObject(report);
  });

  it('reports what every policy did, and its frontier', async () => {
    const shares: number[] = [];
    const run = await backtestRun({ engine: 'fast', onProgress: (share) => shares.push(share) }, tools);
    const { policies } = run.report;
    expect(shares.at(-1)).toBe(1);
    for (const { cost, settings, rounds, notTraded, hedges, score } of policies) {
      expect(cost.fee + cost.impact + cost.gas).toBeCloseTo(cost.total, 6);
      expect(settings).toHaveLength(3);
      expect(settings[1]!.hedges).toBe(hedges);
      expect(rounds.count).toBeGreaterThan(10);
      expect(hedges + Object.values(notTraded).reduce((sum, steps) => sum + steps, 0)).toBe(420);
      expect(score).not.toBeNull();
    }
    expect(policies[0]!.score).toBe(1);
    const file = join(folder, 'report.json');
    await writeResults(file, run);
    const [first] = resultsJson(run);
    expect((first!.result.series as { spot: number[] }).spot).toHaveLength(421);
    await expect(writeResults(join(folder, 'none', 'report.json'), run)).rejects.toMatchObject({
      code: 'FILE_UNUSABLE',
    });
  });
});

describe('the example', () => {
  it('is a study', async () => {
    const { policies, markets } = await loadStudy('examples/backtest.yaml', tools);
    expect(policies.map(({ name }) => name)).toEqual(['optimalBand', 'zakamouline', 'fixedBand']);
    expect(markets).toHaveLength(2);
  });
});
