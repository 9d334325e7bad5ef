import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { standardDeviation } from '../../../../src/core/report/performance.ts';
import { studyOf } from '../../../../src/runtime/backtest/loadStudy.ts';
import type { Study } from '../../../../src/runtime/backtest/study.ts';
import {
  type CalibrationOptions,
  calibrateStudy,
  configFragment,
  defaultCalibrationText,
  type TrialRunner,
  trialsOn,
} from '../../../../src/runtime/calibrate/index.ts';
import { createLog } from '../../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { WorkerPool } from '../../../../src/runtime/workers/workerPool.ts';
import { systemTools } from '../../../../src/runtime/worlds/tools.ts';
import { figuresOfWeeks, momentsOf } from '../../../../src/sim/calibrate/weekMoments.ts';
import { fastBacktest } from '../../../../src/sim/fast/fastBacktest.ts';
import { weekBlocks } from '../../../../src/sim/study/weekBlock.ts';

const text = `name: small
seed: 3
prices: { kind: gbm, days: 84, stepSeconds: 86400, startPrice: 3000, volatility: 0.7 }
vault:
  base: 100
  quote: 500000
  targetDelta: 100
  options: [{ type: call, strikeOverSpot: 1.02, days: 7, everyDays: 7, sizeBase: -50 }]
policies:
  - { kind: fixedBand, halfWidth: { base: 0.5 }, tradeTo: centre }
`;

let folder: string;
let study: Study;
let pool: WorkerPool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-calibrate-'));
  const redactor = createRedactor();
  study = await studyOf('small', text, systemTools(createLog(redactor, 'silent'), redactor, null));
  pool = new WorkerPool(2);
});

afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

const options = (changed: Partial<CalibrationOptions> = {}): CalibrationOptions => ({
  windows: { tests: 2, trainWindows: 1 },
  checkEvery: [1],
  refinements: 1,
  batch: 8,
  run: trialsOn(pool),
  ...changed,
});

describe('the study that is calibrated where none is named', () => {
  it('is one, with a policy to beat', async () => {
    const redactor = createRedactor();
    const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
    const { policies } = await studyOf('calibration', defaultCalibrationText, tools);
    expect(policies.map(({ kind }) => kind)).toEqual(['fixedBand', 'optimalBand']);
  });
});

describe('a calibration of a study', () => {
  it('goes on from its log: the same answer, and nothing run twice', async () => {
    const logFile = join(folder, 'trials.jsonl');
    const whole = await calibrateStudy(study, options({ logFile }));
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(whole.result.trials + 1);
    // As if the process had ended in the middle of a line.
    await writeFile(logFile, `${lines.slice(0, 9).join('\n')}\n${lines[9]!.slice(0, 30)}`);
    const asked: string[] = [];
    const run: TrialRunner = (inputs, trials) => {
      asked.push(...trials.map(({ key }) => key));
      return trialsOn(pool)(inputs, trials);
    };
    const again = await calibrateStudy(study, options({ logFile, run }));
    expect(again.resumed).toBe(8);
    expect(asked).toHaveLength(whole.result.trials - 8);
    expect(again.result).toEqual(whole.result);
    expect((await readFile(logFile, 'utf8')).trimEnd().split('\n').sort()).toEqual([...lines].sort());
  });

  it('never mixes trials of another study in, nor takes just any file for a log', async () => {
    const logFile = join(folder, 'other.jsonl');
    await writeFile(logFile, '{"schema":2,"input":"00"}\n');
    await expect(calibrateStudy(study, options({ logFile }))).rejects.toMatchObject({
      code: 'TRIALS_OF_ANOTHER_STUDY',
    });
    const notes = join(folder, 'notes.txt');
    await writeFile(notes, 'buy milk\n');
    await expect(calibrateStudy(study, options({ logFile: notes }))).rejects.toMatchObject({
      code: 'NOT_A_TRIAL_LOG',
    });
    expect(await readFile(notes, 'utf8')).toBe('buy milk\n');
    await appendFile(notes, 'eggs');
    await expect(calibrateStudy(study, options({ logFile: notes }))).rejects.toMatchObject({
      code: 'NOT_A_TRIAL_LOG',
    });
  });

  it('searches entries of one policy that differ in more than what is searched, each once', async () => {
    const entries = [0, 0, 2].map(
      (ignored) => `  - { kind: interval, seconds: 86400, ignoreBelowBase: ${ignored} }`,
    );
    const redactor = createRedactor();
    const tools = systemTools(createLog(redactor, 'silent'), redactor, null);
    const both = await studyOf('both', text.replace(/ {2}- .*\n$/u, `${entries.join('\n')}\n`), tools);
    const asked: string[] = [];
    const run: TrialRunner = (inputs, trials) => {
      asked.push(...trials.map(({ choice }) => JSON.stringify(choice.parameters)));
      return trialsOn(pool)(inputs, trials);
    };
    await calibrateStudy(both, options({ run, riskAversion: 1e-5, refinements: 0 }));
    expect(new Set(asked).size).toBe(asked.length);
    const ignoring = (base: number) =>
      asked.filter((one) => one.includes(`"ignoreBelowBase":${base}`)).length;
    expect(ignoring(2)).toBeGreaterThan(2);
    expect(ignoring(0)).toBe(ignoring(2));
  });

  it('tries looking less often where asked, and writes that as a schedule', async () => {
    const { result, ...rest } = await calibrateStudy(study, options({ checkEvery: [1, 2], refinements: 0 }));
    expect(result.trials).toBe(1 + 2 * 21);
    const choice = { ...result.verdict.choice, checkEvery: { steps: 2, stepSeconds: 86_400 } };
    const written = configFragment(
      { ...rest, result: { ...result, verdict: { ...result.verdict, choice } } },
      { vault: 'small', study: 'small', seed: 3 },
    );
    expect(parse(written)).toEqual({
      policy: { kind: choice.kind, ...(choice.parameters as object) },
      schedule: { seconds: 172_800 },
    });
    expect(written).toContain('# On weeks it was not chosen on');
  });

  it('stops where it is told to, and keeps what is done', async () => {
    const logFile = join(folder, 'stopped.jsonl');
    const stop = new AbortController();
    const run: TrialRunner = async (inputs, trials) => {
      const results = await trialsOn(pool)(inputs, trials);
      if (trials.length > 1) stop.abort();
      return results;
    };
    await expect(calibrateStudy(study, options({ logFile, run, signal: stop.signal }))).rejects.toThrow();
    expect((await readFile(logFile, 'utf8')).trimEnd().split('\n').length).toBeGreaterThan(8);
  });

  it('reads what risk costs from weeks before the first test alone, none that settings are judged on', async () => {
    const run = (wild: number): TrialRunner => {
      return async (inputs, trials) => {
        const results = await trialsOn(pool)(inputs, trials);
        return results.map(({ key, weeks }) => ({
          key,
          weeks: weeks.map((one) => (one.week < 4 ? one : { ...one, squares: wild * one.squares })),
        }));
      };
    };
    const calm = await calibrateStudy(study, options({ refinements: 0, run: run(1) }));
    const stormy = await calibrateStudy(study, options({ refinements: 0, run: run(100) }));
    expect(stormy.result.objective).toEqual(calm.result.objective);
  });

  it('counts a year as a year, however long its steps are', () => {
    const { plan, pools, limits, guard } = study;
    const [market, { policy }] = [study.markets[0]!, study.policies[0]!.settings[0]!];
    const ran = fastBacktest({ market, plan, pools, limits, guard, policy });
    const { cost, years, hourlyError } = ran;
    const figures = figuresOfWeeks(weekBlocks(ran, market).map(momentsOf))!;
    expect(figures.costPerYear).toBeCloseTo(cost.total / years, 6);
    // Steps of a day: an hour has a 24th of their variance.
    expect(figures.hedgingError).toBeCloseTo(standardDeviation([...hourlyError]) / Math.sqrt(24), -1);
  });

  it('refuses to look at every one and a half steps', async () => {
    await expect(calibrateStudy(study, options({ checkEvery: [1.5] }))).rejects.toThrow(/checkEvery is 1.5/);
  });
});
