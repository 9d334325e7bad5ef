import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { CalibrationReport, HeldOutPoint } from '../../report/document.ts';
import { searchReports } from '../../report/searches.ts';
import type { BacktestResult } from '../../sim/backtest/result.ts';
import { trialKey } from '../../sim/calibrate/trial.ts';
import { objectiveValue, type SettingFigures } from '../../sim/calibrate/weekMoments.ts';
import type { PolicyChoice } from '../../sim/fast/candidate.ts';
import type { MarketPath } from '../../sim/market/marketPath.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';
import type { Study } from '../backtest/study.ts';
import type { StudyCalibration } from '../calibrate/calibrateStudy.ts';
import { parametersText, settingText } from '../calibrate/settingText.ts';
import { runMany } from '../workers/runMany.ts';
import type { WorkerPool } from '../workers/workerPool.ts';
import { type RunFacts, studyFacts, writePage } from './studyFacts.ts';
import type { WrittenReport } from './writeReport.ts';

const WEEK = 7 * SECONDS_PER_DAY;

/**
 * Writes a calibration as a page, and the same as JSON beside it: the present setting and what the search proposes over the
 * first path, and what every window chose.
 *
 * @param pool whose threads run the two settings again, for the charts
 * @throws UsageError where a file cannot be written
 */
export async function writeCalibrationPage(
  file: string,
  {
    study,
    calibration,
    pool,
  }: {
    readonly study: Study;
    readonly calibration: StudyCalibration;
    readonly pool: WorkerPool;
  },
  facts: RunFacts,
): Promise<WrittenReport> {
  const { present, verdict } = calibration.result;
  const shown = [{ name: 'present', choice: present.choice }];
  if (trialKey(present.choice) !== trialKey(verdict.choice)) {
    shown.push({ name: 'proposed', choice: verdict.choice });
  }
  const results = await resultsOf(study, shown, pool);
  const settings = shown.map(({ name, choice }, index) => ({
    policy: name,
    settings: [
      {
        label: settingText(choice),
        blocks: study.markets.flatMap((market, path) => weekBlocks(results[path]![index]!, market)),
      },
    ],
  }));
  return writePage(file, {
    ...(await studyFacts(study, facts)),
    runs: shown.map(({ name, choice }, index) => ({
      name,
      parameters: settingText(choice),
      result: results[0]![index]!,
    })),
    settings,
    scores: [],
    notModelled: [
      'charts and tables of both settings are of all weeks, those that one was chosen on included',
    ],
    calibration: calibrationReport(calibration, study.markets[0]!),
  });
}

/** Results by path, then by setting. */
async function resultsOf(
  { markets, plan, pools, limits, guard }: Study,
  shown: readonly { readonly name: string; readonly choice: PolicyChoice }[],
  pool: WorkerPool,
): Promise<readonly (readonly BacktestResult[])[]> {
  const candidates = shown.map(({ name, choice }) => ({ key: name, policy: choice }));
  const byPath: (readonly BacktestResult[])[] = [];
  for (const market of markets) {
    byPath.push(await runMany(pool, { market, plan, pools, limits, guard }, candidates));
  }
  return byPath;
}

/** What a search came to, as a report shows it: the frontier's settings and the present one, and every window and trial. */
export function calibrationReport(
  { result }: StudyCalibration,
  { timestampSeconds }: Pick<MarketPath, 'timestampSeconds'>,
): CalibrationReport {
  const { objective, present, frontier, folds, verdict, trials } = result;
  const value = (figures: SettingFigures) => objectiveValue(objective, figures);
  const at = (week: number) => Math.min(timestampSeconds[0]! + week * WEEK, timestampSeconds.at(-1)!);
  const word = verdict.adopt ? 'Proposed' : verdict.code === 'same' ? 'Kept' : 'Refused';
  const rows = [...frontier, { ...present, isChosen: false }];
  return {
    trials,
    verdict: `${word} ${settingText(verdict.choice)}: ${verdict.why}.`,
    points: rows.flatMap(({ choice, training, heldOut, isChosen }): readonly HeldOutPoint[] => {
      if (training === null || heldOut === null) return [];
      const { kind: policy } = choice;
      const label = parametersText(choice);
      return [{ policy, label, training: value(training), heldOut: value(heldOut), isChosen }];
    }),
    searches: searchReports(result, parametersText),
    windows: folds.flatMap(({ range, choice, training, heldOut }) =>
      heldOut === null
        ? []
        : [
            {
              trainFromSeconds: at(range.train.from),
              testFromSeconds: at(range.test.from),
              testToSeconds: at(range.test.to),
              policy: choice.kind,
              chosen: parametersText(choice),
              training: value(training),
              heldOut: value(heldOut),
            },
          ],
    ),
  };
}
