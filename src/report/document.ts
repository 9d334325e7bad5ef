import type {
  OptionRound,
  ProfitParts,
  RefusalRate,
  RiskFigures,
  TradingCost,
} from '../sim/backtest/result.ts';
import type { ErrorBars } from '../sim/study/blockBootstrap.ts';
import type { Distribution } from './histogram.ts';

/** A value that may not be known, and then why. */
export type Known<T> = { readonly value: T } | { readonly missing: string };

/** Something that was taken for granted. */
export interface Assumption {
  readonly name: string;
  readonly text: string;
}

/** Something that was wrong with the data, and what was done about it. */
export interface ReportFinding {
  readonly kind: string;
  /** Unix seconds; null or not a number where it has no moment. */
  readonly timestampSeconds: number | null;
  readonly text: string;
}

/** How to get the same report again. */
export interface Reproduction {
  /** As it was typed. */
  readonly command: string;
  readonly seed: number | null;
  readonly version: string;
  readonly configHash: string | null;
  readonly dataHash: string | null;
}

/** A run in columns, thinned for drawing; null = no value. */
export interface ReportSeries {
  /** Steps there were. */
  readonly of: number;
  readonly timestampSeconds: readonly number[];
  readonly spot: readonly (number | null)[];
  readonly netDelta: readonly (number | null)[];
  readonly sellAct: readonly (number | null)[];
  readonly buyAct: readonly (number | null)[];
}

/** A hedge, for drawing. */
export interface HedgeMark {
  readonly timestampSeconds: number;
  readonly side: 'sell' | 'buy';
  /** Whole base, above 0. */
  readonly base: number;
  readonly fairPrice: number;
  /** Fee, impact and gas, quote. */
  readonly cost: number;
}

/** Cost so far, by part, at moments that all policies share; quote. */
export interface CostSeries {
  readonly fee: readonly number[];
  readonly impact: readonly number[];
  readonly gas: readonly number[];
  readonly total: readonly number[];
}

/** An hour in which a vault lost much. */
export interface WorstHour {
  readonly timestampSeconds: number;
  /** Sum of net delta x price change, quote. */
  readonly error: number;
  readonly fromSpot: number;
  readonly toSpot: number;
  /** At the hour's beginning, base. */
  readonly netDelta: number;
  /** Why it was what it was, one sentence. */
  readonly explanation: string;
}

/** How a policy compares with the baseline at equal hedging error. */
export interface ReportScore {
  /** Cost over the baseline's, 1.2 = a fifth dearer. */
  readonly ratio: number;
  readonly bars: Known<ErrorBars>;
  /** Hedging errors it was compared at, quote. */
  readonly levels: readonly number[];
}

/** Options that were open when the run ended. */
export interface OpenPosition {
  readonly text: string;
}

/** A part of a year, for those who cannot see the charts. */
export interface PeriodRow {
  readonly fromSeconds: number;
  readonly endSpot: number;
  readonly lowestNetDelta: number;
  readonly highestNetDelta: number;
  readonly hedges: number;
  /** Quote. */
  readonly cost: number;
}

/** One policy on the path that the charts show. */
export interface PolicyReport {
  /** What it is called in this report; no two are alike. */
  readonly name: string;
  /** Its parameters, for people. */
  readonly parameters: string;
  readonly hedges: number;
  readonly hedgesPerDay: number;
  readonly turnoverQuote: number;
  readonly cost: TradingCost;
  readonly costBars: Known<ErrorBars>;
  readonly risk: RiskFigures;
  readonly errorBars: Known<ErrorBars>;
  readonly score: Known<ReportScore>;
  readonly profit: ProfitParts;
  readonly notTraded: readonly { readonly code: string; readonly steps: number }[];
  readonly rounds: readonly OptionRound[];
  readonly refusals: readonly RefusalRate[];
  readonly openAtEnd: Known<readonly OpenPosition[]>;
  readonly series: ReportSeries;
  readonly costs: CostSeries;
  /** The largest where they would lie on top of each other. */
  readonly marks: readonly HedgeMark[];
  readonly periods: readonly PeriodRow[];
  readonly distribution: Distribution;
  readonly worstHours: readonly WorstHour[];
}

/** One setting of a policy among cost and risk. */
export interface ReportPoint {
  readonly label: string;
  /** Quote. */
  readonly hedgingError: number;
  /** Quote. */
  readonly cost: number;
  readonly errorBars: ErrorBars | null;
  readonly costBars: ErrorBars | null;
  /** No other setting of the same policy beats it in both. */
  readonly isOnFrontier: boolean;
  /** The setting that the rest of the report shows. */
  readonly isShown: boolean;
}

/** All settings of a policy. */
export interface ReportFrontier {
  readonly policy: string;
  readonly points: readonly ReportPoint[];
}

/** A setting on what it was chosen on and on what it was not. */
export interface HeldOutPoint {
  readonly policy: string;
  readonly label: string;
  /** The calibration's objective, quote per year, low = good. */
  readonly training: number;
  readonly heldOut: number;
  readonly isChosen: boolean;
}

/** One window of a walk-forward search. */
export interface WindowRow {
  readonly trainFromSeconds: number;
  readonly testFromSeconds: number;
  readonly testToSeconds: number;
  readonly policy: string;
  readonly chosen: string;
  /** Quote per year. */
  readonly training: number;
  /** Quote per year. */
  readonly heldOut: number;
}

/** A number that was searched for. */
export interface SearchedNumber {
  readonly name: string;
  /** As people read it, with its unit. */
  readonly title: string;
  /** Its values lie so many times apart rather than so much. */
  readonly isLog: boolean;
}

/** A setting that was tried. */
export interface TriedRow {
  readonly label: string;
  /** Of the searched numbers, in their order. */
  readonly values: readonly number[];
  /** On the latest training weeks, quote a year and quote an hour. */
  readonly costPerYear: number;
  readonly hedgingError: number;
  /** What is to be least, quote a year: on the latest training weeks, and on all held-out ones. */
  readonly training: number;
  readonly heldOut: number | null;
  /** On the grid that the search began with, rather than between its points. */
  readonly isCoarse: boolean;
  readonly isChosen: boolean;
}

/** All settings of a policy that were tried. */
export interface SearchReport {
  readonly policy: string;
  readonly numbers: readonly SearchedNumber[];
  readonly settings: readonly TriedRow[];
  /** Share of the differences that each number alone explains, in their order. */
  readonly importance: Known<readonly number[]>;
}

/** What a search for parameters came to. */
export interface CalibrationReport {
  readonly trials: number;
  /** What was chosen and whether it is better than the present setting out of sample, one sentence. */
  readonly verdict: string;
  readonly points: readonly HeldOutPoint[];
  readonly windows: readonly WindowRow[];
  readonly searches: readonly SearchReport[];
}

/** The whole report as data: the JSON file is this, the page shows nothing else. */
export interface StudyReport {
  readonly schema: 1;
  readonly title: string;
  readonly vault: string;
  /** Of the path that the charts show. */
  readonly path: string;
  readonly units: { readonly base: string; readonly quote: string };
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly steps: number;
  readonly years: number;
  /** Paths that scores were made of. */
  readonly paths: number;
  /** Name of the policy that scores are relative to. */
  readonly baseline: string;
  readonly verdict: { readonly sentence: string; readonly limits: readonly string[] };
  readonly assumptions: readonly Assumption[];
  readonly notModelled: readonly string[];
  readonly policies: readonly PolicyReport[];
  /** Moments of the policies' costs, unix seconds. */
  readonly costTimestampSeconds: readonly number[];
  readonly frontiers: readonly ReportFrontier[];
  readonly calibration: CalibrationReport | null;
  readonly findings: readonly ReportFinding[];
  readonly reproduce: Reproduction;
}
