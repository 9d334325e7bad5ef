import { type CalibrationInput, calibrate } from '../../sim/calibrate/calibrate.ts';
import type { CalibrationResult } from '../../sim/calibrate/result.ts';
import { coarseGrid, type SearchSpace } from '../../sim/calibrate/searchSpace.ts';
import { bookScale, searchSpaces } from '../../sim/calibrate/spaces.ts';
import { type Trial, type TrialResult, trialAt, trialOf } from '../../sim/calibrate/trial.ts';
import { type WalkForwardRules, walkForward } from '../../sim/calibrate/walkForward.ts';
import { figuresOfWeeks, type Objective, type WeekMoments } from '../../sim/calibrate/weekMoments.ts';
import type { PolicyChoice } from '../../sim/fast/candidate.ts';
import type { PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import type { Study } from '../backtest/study.ts';
import { UsageError } from '../errors.ts';
import type { TrialRunner } from './runTrials.ts';
import { inputHash, openTrialLog, type TrialLog } from './trialLog.ts';

/** How far a calibration is. */
export interface CalibrationProgress {
  readonly done: number;
  readonly planned: number;
  /** Lowest objective so far on the latest training weeks, quote a year; null before there is any. */
  readonly best: number | null;
}

/** How a study is calibrated. */
export interface CalibrationOptions {
  /** What a better setting has to beat; the study's first policy where left out. */
  readonly present?: PolicyChoice;
  /** lambda, 1/quote; without it the present policy's own, or where it has none the one that its setting implies. */
  readonly riskAversion?: number;
  /** The cheapest setting at this hedging error instead, quote an hour. */
  readonly hedgingError?: number;
  readonly windows: Omit<WalkForwardRules, 'purgeDays'>;
  /** Steps between two looks at the vault that are tried. */
  readonly checkEvery: readonly number[];
  readonly refinements: number;
  /** Where trials are kept and found again; nowhere where left out. */
  readonly logFile?: string;
  /** Trials that are run at once. */
  readonly batch: number;
  readonly run: TrialRunner;
  readonly onProgress?: (progress: CalibrationProgress) => void;
  readonly signal?: AbortSignal;
}

/** A calibration and what it was made for. */
export interface StudyCalibration {
  readonly result: CalibrationResult;
  readonly windows: WalkForwardRules;
  /** Of everything that trials depend on. */
  readonly inputHash: string;
  /** Trials that were taken from the log instead of being run. */
  readonly resumed: number;
}

/**
 * Searches the main parameters of a study's policies over its markets.
 *
 * @throws UsageError where a log is of another study, InvalidInputError where the weeks do not suffice
 */
export async function calibrateStudy(study: Study, options: CalibrationOptions): Promise<StudyCalibration> {
  const { markets, plan, pools, limits, guard } = study;
  const inputs = markets.map((market): PreparedMarket => ({ market, plan, pools, limits, guard }));
  const hash = inputHash(inputs);
  const log = options.logFile === undefined ? emptyLog : await openTrialLog(options.logFile, hash);
  const present = options.present ?? presentOf(study);
  const scale = bookScale(plan, markets[0]!);
  const windows = { ...options.windows, purgeDays: Math.max(0, ...plan.options.map(({ days }) => days)) };
  const run = batched(inputs, log, options);
  const asked = await objectiveOf(present, { ...options, windows }, log, run);
  const input: CalibrationInput = {
    present,
    spaces: distinctSpaces(
      [present, ...study.policies.map(choiceOf)].flatMap((policy) =>
        searchSpaces(policy, scale, { checkEvery: options.checkEvery }),
      ),
    ),
    objective: asked.objective,
    windows,
    refinements: options.refinements,
    seed: study.seed,
    known: new Map([...log.known, ...asked.known]),
    run: run.trials,
    onBatch: run.plan,
  };
  const result = await calibrate(input);
  return { result, windows, inputHash: hash, resumed: result.trials - run.count() };
}

/** Spaces that differ in something that is not searched; of those that hold the same settings the first. */
function distinctSpaces(spaces: readonly SearchSpace[]): readonly SearchSpace[] {
  const firstOf = (space: SearchSpace) => trialAt(coarseGrid(space)[0]!).key;
  const byFirst = new Map(spaces.toReversed().map((space) => [firstOf(space), space]));
  return spaces.filter((space) => byFirst.get(firstOf(space)) === space);
}

const emptyLog: TrialLog = { known: new Map(), append: async () => {} };

function choiceOf({ kind, settings }: Study['policies'][number]): PolicyChoice {
  const asWritten = settings.find(({ scale }) => scale === 1) ?? settings[0]!;
  return { kind, parameters: asWritten.parameters };
}

/** A study's first policy, as it is written. */
function presentOf(study: Study): PolicyChoice {
  const [first] = study.policies;
  if (first !== undefined) return choiceOf(first);
  throw new UsageError('NO_POLICY', 'the study names no policy', { action: 'add one to policies' });
}

/** Runs trials some at a time, keeps each in the log as soon as it is there, and tells how far it is. */
function batched(inputs: readonly PreparedMarket[], log: TrialLog, options: CalibrationOptions) {
  const { batch, run, onProgress, signal } = options;
  let plan: CalibrationProgress = { done: 0, planned: 0, best: null };
  let ran = 0;
  return {
    count: () => ran,
    plan: (next: CalibrationProgress) => {
      plan = next;
      onProgress?.(plan);
    },
    trials: async (trials: readonly Trial[]): Promise<readonly TrialResult[]> => {
      const results: TrialResult[] = [];
      for (let from = 0; from < trials.length; from += batch) {
        signal?.throwIfAborted();
        const some = await run(inputs, trials.slice(from, from + batch), signal);
        await log.append(some);
        ran += some.length;
        results.push(...some);
        onProgress?.({ ...plan, done: plan.done + results.length });
      }
      return results;
    },
  };
}

/**
 * Cost falls with hedging error by a power between 1 (fees) and 2 (gas); where it is this much, a setting that is best at its
 * risk aversion has lambda times the variance of a year equal to so many times its cost.
 */
const TYPICAL_POWER = 1.5;
const HOURS_PER_YEAR = 8_760;

/** The weeks before the first test: what is to be least may not know of weeks that settings are judged on. */
function firstTraining(weeks: readonly WeekMoments[], rules: WalkForwardRules): readonly WeekMoments[] {
  const count = weeks.reduce((most, { week }) => Math.max(most, week + 1), 0);
  const { from, to } = walkForward(count, rules)[0]!.train;
  return weeks.filter(({ week }) => week >= from && week < to);
}

/** What is to be least; where nothing says how much risk costs, what the present setting must think that it does. */
async function objectiveOf(
  present: PolicyChoice,
  {
    riskAversion,
    hedgingError,
    windows,
  }: Pick<CalibrationOptions, 'riskAversion' | 'hedgingError'> & {
    readonly windows: WalkForwardRules;
  },
  log: TrialLog,
  run: ReturnType<typeof batched>,
): Promise<{ readonly objective: Objective; readonly known: ReadonlyMap<string, TrialResult> }> {
  const own = (present.parameters as { readonly riskAversion?: unknown } | null)?.riskAversion;
  const aversion = riskAversion ?? (typeof own === 'number' ? own : null);
  if (aversion !== null && hedgingError === undefined)
    return { objective: { kind: 'riskAversion', riskAversion: aversion }, known: new Map() };
  const trial = trialOf(present);
  const result = log.known.get(trial.key) ?? (await run.trials([trial]))[0]!;
  const known = new Map([[trial.key, result]]);
  const left = figuresOfWeeks(firstTraining(result.weeks, windows));
  if (left === null || !(left.hedgingError > 0 && left.costPerYear > 0)) {
    throw new UsageError('NO_HEDGING_ERROR', 'the present setting costs nothing, or leaves no error', {
      action: 'say what risk costs: --risk-aversion 0.001',
    });
  }
  const { costPerYear } = left;
  if (hedgingError !== undefined) {
    // What hedging as closely as asked for would cost, by the same power.
    const scale = (left.hedgingError / hedgingError) ** TYPICAL_POWER;
    return { objective: { kind: 'hedgingError', hedgingError, costPerYear: costPerYear * scale }, known };
  }
  const implied = (TYPICAL_POWER * costPerYear) / (left.hedgingError ** 2 * HOURS_PER_YEAR);
  return { objective: { kind: 'riskAversion', riskAversion: implied }, known };
}
