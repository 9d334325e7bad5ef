import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudyReport } from '../../../../src/report/document.ts';
import { studyOf } from '../../../../src/runtime/backtest/loadStudy.ts';
import { dataHash } from '../../../../src/runtime/backtest/marketHash.ts';
import type { Study } from '../../../../src/runtime/backtest/study.ts';
import { calibrateStudy, type StudyCalibration, trialsOn } from '../../../../src/runtime/calibrate/index.ts';
import { createLog } from '../../../../src/runtime/log/log.ts';
import { createRedactor } from '../../../../src/runtime/log/redact.ts';
import { calibrationReport, writeCalibrationPage } from '../../../../src/runtime/report/calibrationPage.ts';
import { WorkerPool } from '../../../../src/runtime/workers/workerPool.ts';
import { systemTools } from '../../../../src/runtime/worlds/tools.ts';
import { objectiveValue } from '../../../../src/sim/calibrate/weekMoments.ts';

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

const load = (seed: number): Promise<Study> => {
  const redactor = createRedactor();
  return studyOf('small', text, systemTools(createLog(redactor, 'silent'), redactor, null), { seed });
};

describe('the report of a calibration', () => {
  let folder: string;
  let study: Study;
  let calibration: StudyCalibration;
  let pool: WorkerPool;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-calibration-page-'));
    study = await load(3);
    pool = new WorkerPool(1);
    calibration = await calibrateStudy(study, {
      windows: { tests: 2, trainWindows: 1 },
      checkEvery: [1],
      refinements: 0,
      batch: 30,
      run: trialsOn(pool),
    });
  });

  afterAll(async () => {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('has every window and every point of the frontier with the objective on training and held-out weeks', () => {
    const { result } = calibration;
    const { points, windows, trials, searches } = calibrationReport(calibration, study.markets[0]!);
    const start = study.markets[0]!.timestampSeconds[0]!;
    const value = (figures: (typeof result.folds)[number]['training']) =>
      objectiveValue(result.objective, figures);
    expect(trials).toBe(result.trials);
    expect(windows.map(({ testFromSeconds }) => (testFromSeconds - start) / 604_800)).toEqual([4, 8]);
    expect(windows.map(({ training }) => training)).toEqual(
      result.folds.map(({ training }) => value(training)),
    );
    expect(points).toHaveLength(result.frontier.length + 1);
    expect(points.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    const tried = searches.flatMap(({ settings }) => settings);
    expect(tried).toHaveLength(trials - 1);
    expect(tried.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    const best = Math.min(...tried.map(({ training }) => training));
    expect(best).toBeLessThanOrEqual(value(result.folds.at(-1)!.training));
    expect(points.at(-1)).toMatchObject({ policy: 'fixedBand', label: '±0.500 to centre' });
  });

  it('is written as a page and as JSON: both settings, the verdict on top, hashes of what it was made of', async () => {
    const file = join(folder, 'calibration.html');
    const written = await writeCalibrationPage(
      file,
      { study, calibration, pool },
      { command: 'ballast calibrate --html calibration.html', version: '1.0.0' },
    );
    const page = await readFile(written.html, 'utf8');
    const report = JSON.parse(await readFile(written.json, 'utf8')) as StudyReport;
    expect(page).toContain('<section id="calibration">');
    expect(page).toContain('each setting as a line');
    expect(report.policies.map(({ name }) => name)).toEqual(['present', 'proposed']);
    expect(report.verdict.sentence).toContain(calibration.result.verdict.why);
    expect(report.calibration!.windows).toHaveLength(2);
    expect(report.reproduce).toMatchObject({ seed: 3, configHash: null, dataHash: dataHash(study.markets) });
  });

  it('hashes data that is the same to the same, and other data to another', async () => {
    const [again, other] = [await load(3), await load(4)];
    expect(dataHash(again.markets)).toBe(dataHash(study.markets));
    expect(dataHash(other.markets)).not.toBe(dataHash(study.markets));
  });
});
