import type { BacktestResult, OptionRound, ProfitParts, TradingCost } from '../../sim/backtest/result.ts';
import { comparePolicies, type PolicyScore } from '../../sim/study/comparePolicies.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';
import type { StudyEngine, StudyResults } from './runStudy.ts';
import type { Study, StudyAssumption, StudyFinding, StudyPolicy } from './study.ts';

/** Option rounds of a policy over all paths. */
export interface RoundsReport {
  readonly count: number;
  readonly premiumQuote: number;
  readonly hedgingCostQuote: number;
  /** Rounds whose hedging took more than their premium. */
  readonly overBudget: number;
  /** Means over the rounds that have one, per year; null where none has. */
  readonly breakEvenVolatility: number | null;
  readonly realizedVolatility: number | null;
}

/** One setting of a policy over all paths. */
export interface SettingReport {
  readonly label: string;
  readonly scale: number;
  readonly hedges: number;
  readonly cost: number;
  readonly hedgingError: number;
  readonly expectedShortfall99: number;
}

/** One policy over all paths; everything but `settings` and the score is of the setting that is shown. */
export interface PolicyReport {
  readonly name: string;
  readonly kind: string;
  readonly shown: string;
  readonly settings: readonly SettingReport[];
  readonly hedges: number;
  readonly hedgesPerDay: number;
  readonly turnoverQuote: number;
  readonly cost: TradingCost;
  readonly profit: ProfitParts;
  readonly hedgingError: number;
  readonly expectedShortfall99: number;
  readonly valueAtRisk99: number;
  /** The deepest of all paths. */
  readonly maxDrawdown: number;
  readonly notTraded: Readonly<Record<string, number>>;
  readonly rounds: RoundsReport;
  readonly refusals: BacktestResult['refusals'];
  /** Cost over the first policy's at equal hedging error; null where their settings reach no common one. */
  readonly score: number | null;
  readonly levels: readonly number[];
  /** Of the score, 95 %; null where weeks are too few. */
  readonly bars: PolicyScore['bars'];
}

/** A path as it was run. */
export interface PathReport {
  readonly name: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly steps: number;
  /** Holes in it, across which nothing is scored. */
  readonly holes: number;
}

/** What a backtest found out. */
export interface StudyReport {
  readonly name: string;
  readonly seed: number;
  readonly engine: StudyEngine;
  readonly paths: readonly PathReport[];
  readonly assumptions: readonly StudyAssumption[];
  readonly findings: readonly StudyFinding[];
  readonly policies: readonly PolicyReport[];
}

/** Sums up what a study ran, and compares its policies with the first at equal hedging error. */
export function studyReport(study: Study, results: StudyResults, engine: StudyEngine): StudyReport {
  const runs = study.policies.map(({ name, settings }, policy) => ({
    policy: name,
    settings: settings.map(({ label }, setting) => ({
      label,
      blocks: study.markets.flatMap((market, path) => weekBlocks(results[policy]![setting]![path]!, market)),
    })),
  }));
  const scores = comparePolicies(runs, { seed: study.seed });
  return {
    name: study.name,
    seed: study.seed,
    engine,
    paths: study.markets.map(({ name, timestampSeconds, afterGap }) => ({
      name,
      fromSeconds: timestampSeconds[0]!,
      toSeconds: timestampSeconds.at(-1)!,
      steps: timestampSeconds.length - 1,
      holes: afterGap.reduce((sum, mark) => sum + mark, 0),
    })),
    assumptions: study.assumptions,
    findings: study.findings,
    policies: study.policies.map((policy, index) => policyReport(policy, results[index]!, scores[index]!)),
  };
}

/** The setting that a table shows of a policy: the one nearest to its parameters as written. */
export function shownSetting({ settings }: StudyPolicy): number {
  const distance = (index: number) => Math.abs(Math.log(settings[index]!.scale));
  return settings.reduce((best, _, index) => (distance(index) < distance(best) ? index : best), 0);
}

function policyReport(
  policy: StudyPolicy,
  results: StudyResults[number],
  { figures, score, levels, bars }: PolicyScore,
): PolicyReport {
  const at = shownSetting(policy);
  const runs = results[at]!;
  const hedgesOf = (setting: number) => results[setting]!.reduce((sum, run) => sum + run.hedges.length, 0);
  const years = runs.reduce((sum, run) => sum + run.years, 0);
  return {
    name: policy.name,
    kind: policy.kind,
    shown: policy.settings[at]!.label,
    settings: policy.settings.map(({ label, scale }, index) => ({
      label,
      scale,
      hedges: hedgesOf(index),
      ...figures[index]!,
    })),
    hedges: hedgesOf(at),
    hedgesPerDay: years > 0 ? hedgesOf(at) / (365 * years) : 0,
    turnoverQuote: runs.reduce((sum, run) => sum + run.turnoverQuote, 0),
    cost: added(runs.map(({ cost }) => cost)),
    profit: added(runs.map(({ profit }) => profit)),
    hedgingError: figures[at]!.hedgingError,
    expectedShortfall99: figures[at]!.expectedShortfall99,
    valueAtRisk99: Math.max(...runs.map(({ risk }) => risk.valueAtRisk99)),
    maxDrawdown: Math.max(...runs.map(({ risk }) => risk.maxDrawdown)),
    notTraded: countsOf(runs.map(({ notTraded }) => notTraded)),
    rounds: roundsReport(runs.flatMap(({ rounds }) => rounds)),
    refusals: refusalsOf(runs),
    score,
    levels,
    bars,
  };
}

/** Records of numbers, field by field. */
function added<R extends object>(records: readonly R[]): R {
  const [first, ...rest] = records;
  return rest.reduce<R>((sum, record) => {
    const fields = Object.entries(sum).map(([name, value]) => [
      name,
      (value as number) + (record[name as keyof R] as number),
    ]);
    return Object.fromEntries(fields) as R;
  }, first!);
}

function countsOf(counts: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const count of counts) {
    for (const [code, steps] of Object.entries(count)) all[code] = (all[code] ?? 0) + steps;
  }
  return all;
}

function refusalsOf(runs: readonly BacktestResult[]): BacktestResult['refusals'] {
  return runs[0]!.refusals.map(({ maxSlippageBps }, index) => ({
    maxSlippageBps,
    refused: runs.reduce((sum, { refusals }) => sum + refusals[index]!.refused, 0),
    of: runs.reduce((sum, { refusals }) => sum + refusals[index]!.of, 0),
  }));
}

function roundsReport(rounds: readonly OptionRound[]): RoundsReport {
  const sum = (of: (round: OptionRound) => number) => rounds.reduce((all, round) => all + of(round), 0);
  const mean = (of: (round: OptionRound) => number | null) => {
    const known = rounds.map(of).filter((value): value is number => value !== null);
    return known.length === 0 ? null : known.reduce((all, value) => all + value, 0) / known.length;
  };
  return {
    count: rounds.length,
    premiumQuote: sum(({ premiumQuote }) => premiumQuote),
    hedgingCostQuote: sum(({ hedgingCostQuote }) => hedgingCostQuote),
    overBudget: rounds.filter(({ overBudget }) => overBudget).length,
    breakEvenVolatility: mean(({ breakEvenVolatility }) => breakEvenVolatility),
    realizedVolatility: mean(({ realizedVolatility }) => realizedVolatility),
  };
}
