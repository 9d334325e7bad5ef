import type { BacktestResult } from '../sim/backtest/result.ts';
import type { MarketPath } from '../sim/market/marketPath.ts';
import type { PolicyRuns, PolicyScore } from '../sim/study/comparePolicies.ts';
import type { Assumption, CalibrationReport, OpenPosition, ReportFinding, Reproduction } from './document.ts';

/** One policy as it ran on the path that the charts show. */
export interface StudyRun {
  /** What it is called in the report: the same as in {@link Study.settings} and {@link Study.scores}. */
  readonly name: string;
  /** The parameters, for people: the same as the label of its setting. */
  readonly parameters: string;
  readonly result: BacktestResult;
  /** Options still open at the end; left out where nobody looked. */
  readonly openAtEnd?: readonly OpenPosition[];
}

/** What a report is made of. */
export interface Study {
  readonly title: string;
  readonly units: { readonly base: string; readonly quote: string };
  /** The path that all runs were made on, and that the charts show. */
  readonly market: MarketPath;
  /** The baseline first. */
  readonly runs: readonly StudyRun[];
  /** Every setting that was tried, week by week, over all paths; empty where each policy ran once. */
  readonly settings: readonly PolicyRuns[];
  /** What came of comparing them; empty where nothing was compared. */
  readonly scores: readonly PolicyScore[];
  readonly assumptions: readonly Assumption[];
  /** Added to what no backtest of ours models. */
  readonly notModelled?: readonly string[];
  readonly calibration?: CalibrationReport;
  readonly findings: readonly ReportFinding[];
  readonly reproduce: Reproduction;
  /** Of the error bars. */
  readonly seed: number;
}
