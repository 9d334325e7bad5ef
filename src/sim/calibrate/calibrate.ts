import { InvalidInputError } from '../../core/errors.ts';
import type { PolicyChoice } from '../fast/candidate.ts';
import {
  bestPlace,
  type FoldChoice,
  foldChoices,
  lowestValue,
  type PlacedFold,
  type TrialPool,
} from './choose.ts';
import type { CalibrationResult, FrontierRow } from './result.ts';
import { coarseGrid, neighbours, type SearchSpace } from './searchSpace.ts';
import { type Trial, type TrialResult, trialAt, trialOf } from './trial.ts';
import { triedSettings } from './triedSettings.ts';
import { judge } from './verdict.ts';
import { type WalkForwardRules, walkForward } from './walkForward.ts';
import { figuresOfWeeks, type Objective, scaledObjective } from './weekMoments.ts';

/** What a calibration is made of. */
export interface CalibrationInput {
  /** The policy as it is configured now: what a better setting has to beat. */
  readonly present: PolicyChoice;
  /** Where settings are looked for, one or more policies. */
  readonly spaces: readonly SearchSpace[];
  readonly objective: Objective;
  readonly windows: WalkForwardRules;
  /** Times that the grid is halved around the best; 2 where left out. */
  readonly refinements?: number;
  /** Of the bootstrap. */
  readonly seed: number;
  readonly resamples?: number;
  /** Results that are known already, by key: of a run that was broken off. */
  readonly known?: ReadonlyMap<string, TrialResult>;
  /**
   * Runs trials over the same paths (common random numbers), in any order and on any number of workers; the answers are in the
   * order asked.
   */
  readonly run: (trials: readonly Trial[]) => Promise<readonly TrialResult[]>;
  /** Told before each batch: how many trials are done, how many are known to come, the best value so far in quote a year. */
  readonly onBatch?: (progress: BatchProgress) => void;
}

/** How far a calibration is. */
export interface BatchProgress {
  readonly done: number;
  /** Done and about to be run; later refinements may add some. */
  readonly planned: number;
  /** Quote a year on the last training weeks; null before the first results. */
  readonly best: number | null;
}

/** Factors of the objective's aversion to risk at which the frontier is shown. */
const FRONTIER_FACTORS = [1 / 16, 1 / 4, 1, 4, 16] as const;

/**
 * Looks for the setting with the lowest objective: a coarse grid over each space, made finer around the best, chosen on training
 * weeks only and judged on the weeks that follow, window after window. A setting is proposed only where it is better than
 * the present one on the weeks it was not chosen on, by more than chance.
 *
 * Every setting is run once over everything and cut into weeks: what it did in a week does not depend on which window the
 * week is in, and no setting is chosen with a look at weeks after its training.
 *
 * @throws InvalidInputError when there is nothing to search, the weeks are too few for the windows, or a run's weeks differ
 */
export async function calibrate(input: CalibrationInput): Promise<CalibrationResult> {
  const { spaces, objective, seed, refinements = 2, resamples = 1_000 } = input;
  if (spaces.length === 0) throw new InvalidInputError('spaces', 0, 'at least one space to search');
  const present = trialOf(input.present);
  const search = new Search(input);
  await search.add([{ trial: present, space: null, coordinates: [], since: 0 }]);
  const weeks = search.weeksOf(present.key);
  const folds = weekFolds(weeks, input.windows);
  search.best = () => lowestValue(search.pool, folds.at(-1)!, objective);
  await search.add(
    spaces.flatMap(coarseGrid).map((point) => ({ trial: trialAt(point), ...point, since: 0 })),
  );
  for (let round = 1; round <= refinements; round += 1) {
    const step = 2 ** -round;
    const last = folds.length - 1;
    const wanted = folds.flatMap((fold, index) => {
      const factors = index === last ? FRONTIER_FACTORS : [1];
      return factors.flatMap((factor) => {
        const best = bestPlace(search.pool, fold, scaledObjective(objective, factor), index);
        return neighbours(best, step).map((point) => ({ trial: trialAt(point), ...point, since: index }));
      });
    });
    await search.add(wanted);
  }
  const rows = FRONTIER_FACTORS.map((factor): FrontierRow => {
    const choices = foldChoices(search.pool, folds, scaledObjective(objective, factor));
    return rowOf(factor, choices);
  });
  const chosen = foldChoices(search.pool, folds, objective);
  const presentWeeks = folds.map((fold) => fold.test.map((week) => weeks[week]!));
  const verdict = judge({ objective, chosen, presentWeeks, present: input.present, seed, resamples });
  return {
    objective,
    present: {
      choice: input.present,
      training: figuresOfWeeks(folds.at(-1)!.train.map((week) => weeks[week]!)),
      heldOut: figuresOfWeeks(presentWeeks.flat()),
    },
    folds: chosen,
    frontier: rows,
    verdict,
    trials: search.pool.length,
    tried: triedSettings(search.pool, folds),
  };
}

function rowOf(factor: number, choices: readonly FoldChoice[]): FrontierRow {
  const last = choices.at(-1)!;
  return {
    factor,
    choice: last.choice,
    training: last.training,
    heldOut: figuresOfWeeks(choices.flatMap(({ testWeeks }) => testWeeks)),
    isChosen: factor === 1,
  };
}

/** Folds as places in the list of weeks; every path is cut at the same weeks since its start. */
function weekFolds(weeks: TrialResult['weeks'], rules: WalkForwardRules): readonly PlacedFold[] {
  const count = weeks.reduce((most, { week }) => Math.max(most, week + 1), 0);
  const placesIn = ({ from, to }: { readonly from: number; readonly to: number }) =>
    weeks.flatMap(({ week }, place) => (week >= from && week < to ? [place] : []));
  return walkForward(count, rules).map(({ train, test }) => ({
    range: { train, test },
    train: placesIn(train),
    test: placesIn(test),
  }));
}

/** Runs what was not run yet, and keeps what it came to. */
class Search {
  readonly pool: TrialPool = [];
  /** The lowest objective so far, quote a year; null before there is any. */
  best: () => number | null = () => null;
  readonly #input: CalibrationInput;
  readonly #keys = new Set<string>();

  constructor(input: CalibrationInput) {
    this.#input = input;
  }

  weeksOf(key: string): TrialResult['weeks'] {
    return this.pool.find((entry) => entry.trial.key === key)!.weeks;
  }

  async add(wanted: readonly Omit<TrialPool[number], 'weeks'>[]): Promise<void> {
    const fresh = wanted.filter(({ trial }) => {
      if (this.#keys.has(trial.key)) return false;
      this.#keys.add(trial.key);
      return true;
    });
    const { known, run, onBatch } = this.#input;
    const open = fresh.filter(({ trial }) => known?.has(trial.key) !== true);
    const done = this.pool.length + fresh.length - open.length;
    onBatch?.({ done, planned: done + open.length, best: this.best() });
    const results = open.length === 0 ? [] : await run(open.map(({ trial }) => trial));
    const found = new Map(results.map((result) => [result.key, result]));
    for (const entry of fresh) {
      const result = known?.get(entry.trial.key) ?? found.get(entry.trial.key);
      if (result === undefined) throw new InvalidInputError('run', 'no result', `one for ${entry.trial.key}`);
      this.#requireSameWeeks(result);
      this.pool.push({ ...entry, weeks: result.weeks });
    }
  }

  #requireSameWeeks({ key, weeks }: TrialResult): void {
    const first = this.pool[0]?.weeks ?? weeks;
    const isSame =
      weeks.length === first.length &&
      weeks.every(({ path, week, hours }, index) => {
        const other = first[index]!;
        return path === other.path && week === other.week && hours === other.hours;
      });
    if (!isSame)
      throw new InvalidInputError(key, `${weeks.length} weeks`, 'the same weeks as every other trial');
  }
}
