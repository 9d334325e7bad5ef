import { writeFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { BacktestResult } from '../../sim/backtest/result.ts';
import { UsageError } from '../errors.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { defaultStudyText } from './defaultStudy.ts';
import { loadStudy, type StudyChanges, studyOf } from './loadStudy.ts';
import { runStudy, type StudyOptions, type StudyResults } from './runStudy.ts';
import type { Study } from './study.ts';
import { type StudyReport, shownSetting, studyReport } from './studyReport.ts';

/** What `ballast backtest` is asked for. */
export interface BacktestRequest extends StudyChanges, StudyOptions {
  /** A study file; a small simulated study where left out. */
  readonly file?: string;
}

/** A study that was run. */
export interface BacktestRun {
  readonly study: Study;
  readonly results: StudyResults;
  readonly report: StudyReport;
}

/**
 * Loads a study, runs it and sums it up.
 *
 * @throws ConfigError, UsageError, InvalidInputError for a study that cannot be run
 */
export async function backtestRun(request: BacktestRequest, tools: WorldTools): Promise<BacktestRun> {
  const study =
    request.file === undefined
      ? await studyOf('the built-in study', defaultStudyText, tools, request)
      : await loadStudy(request.file, tools, request);
  const results = await runStudy(study, request);
  return { study, results, report: studyReport(study, results, request.engine) };
}

/** One policy on one path as data, its columns included: what charts are made of. */
export interface ResultJson {
  readonly policy: string;
  readonly setting: string;
  readonly path: string;
  readonly result: Readonly<Record<string, unknown>>;
}

/** Of every policy the setting that tables show, on every path. */
export function resultsJson({ study, results }: BacktestRun): readonly ResultJson[] {
  return study.policies.flatMap((policy, index) => {
    const at = shownSetting(policy);
    return results[index]![at]!.map((result) => ({
      policy: policy.name,
      setting: policy.settings[at]!.label,
      path: result.path,
      result: resultJson(result),
    }));
  });
}

/** A result as plain data: columns become lists, and what has no value there null. */
function resultJson(result: BacktestResult): Readonly<Record<string, unknown>> {
  const list = (column: Float64Array) =>
    Array.from(column, (value) => (Number.isFinite(value) ? value : null));
  const series = Object.entries(result.series).map(([name, column]) => [name, list(column)]);
  return { ...result, series: Object.fromEntries(series), hourlyError: list(result.hourlyError) };
}

/**
 * Writes a report with every step of it as JSON.
 *
 * @throws UsageError where the file cannot be written
 */
export async function writeResults(file: string, run: BacktestRun): Promise<void> {
  const document = { schema: 1, report: run.report, results: resultsJson(run) };
  try {
    await writeFile(file, `${JSON.stringify(document)}\n`);
  } catch (error) {
    throw new UsageError('FILE_UNUSABLE', `${file} cannot be written: ${messageOf(error)}`, {
      action: 'name another file with --out',
      cause: error,
    });
  }
}
