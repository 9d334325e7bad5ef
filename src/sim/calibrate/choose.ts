import { InvalidInputError } from '../../core/errors.ts';
import { significant } from '../../core/report/format.ts';
import type { PolicyChoice } from '../fast/candidate.ts';
import { type GridPoint, type SearchDimension, type SearchSpace, valueAt } from './searchSpace.ts';
import type { Trial } from './trial.ts';
import type { Fold } from './walkForward.ts';
import {
  figuresOfWeeks,
  type Objective,
  objectiveValue,
  type SettingFigures,
  type WeekMoments,
} from './weekMoments.ts';

/** A trial with what it came to and where it lies. */
export interface PooledTrial {
  readonly trial: Trial;
  readonly weeks: readonly WeekMoments[];
  /** Null for a setting that was given rather than looked for. */
  readonly space: SearchSpace | null;
  readonly coordinates: readonly number[];
  /** The first fold whose training weeks asked for it: no earlier fold may know of it. */
  readonly since: number;
}

/** All trials so far, in the order that they were asked for. */
export type TrialPool = PooledTrial[];

/** A fold as places in the list of weeks. */
export interface PlacedFold {
  readonly range: Fold;
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** A number of a setting that lies at an end of what was searched: what is best may lie beyond. */
export interface AtEnd extends Pick<SearchDimension, 'name'> {
  readonly end: 'low' | 'high';
  readonly value: number;
}

/** In words, for those who are to adopt it. */
export function endWords({ name, end, value }: AtEnd): string {
  const most = end === 'low' ? 'lowest' : 'highest';
  return `${name} is ${significant(value, 3)}, the ${most} that was tried: what is best may lie beyond`;
}

/** What a fold's training chose, and what that came to. */
export interface FoldChoice {
  readonly range: Fold;
  readonly choice: PolicyChoice;
  /** Empty where it lies within what was searched, and for a setting that was given. */
  readonly atEnds: readonly AtEnd[];
  readonly training: SettingFigures;
  /** Null where nothing was scored in those weeks. */
  readonly heldOut: SettingFigures | null;
  readonly testWeeks: readonly WeekMoments[];
}

function trainingValue({ weeks }: PooledTrial, { train }: PlacedFold, objective: Objective): number {
  const figures = figuresOfWeeks(train.map((week) => weeks[week]!));
  if (figures === null)
    throw new InvalidInputError('weeks', 'no hour that counts', 'training weeks with prices');
  return objectiveValue(objective, figures);
}

/** The trial with the lowest objective on a fold's training weeks; of equal ones the first. */
function bestOf(trials: TrialPool, fold: PlacedFold, objective: Objective): PooledTrial {
  let [best, least] = [trials[0]!, Number.POSITIVE_INFINITY];
  for (const trial of trials) {
    const value = trainingValue(trial, fold, objective);
    if (value < least) [best, least] = [trial, value];
  }
  return best;
}

/** Of the settings that were looked for, the place of the best on a fold's training weeks. */
export function bestPlace(
  pool: TrialPool,
  fold: PlacedFold,
  objective: Objective,
  foldIndex: number,
): GridPoint {
  const placed = pool.filter(({ space, since }) => space !== null && since <= foldIndex);
  const { space, coordinates } = bestOf(placed, fold, objective);
  return { space: space!, coordinates };
}

/** What each fold's training chooses, of what it may know. */
export function foldChoices(
  pool: TrialPool,
  folds: readonly PlacedFold[],
  objective: Objective,
): readonly FoldChoice[] {
  return folds.map((fold, index) => {
    const known = pool.filter(({ since }) => since <= index);
    const best = bestOf(known, fold, objective);
    const { trial, weeks } = best;
    const testWeeks = fold.test.map((week) => weeks[week]!);
    return {
      range: fold.range,
      choice: trial.choice,
      atEnds: endsOf(best),
      training: figuresOfWeeks(fold.train.map((week) => weeks[week]!))!,
      heldOut: figuresOfWeeks(testWeeks),
      testWeeks,
    };
  });
}

/** A share between centre and edge has nothing beyond its ends; everything else is searched on a logarithmic scale. */
function endsOf({ space, coordinates }: PooledTrial): readonly AtEnd[] {
  return (space?.dimensions ?? []).flatMap((dimension, index): readonly AtEnd[] => {
    const place = coordinates[index]!;
    const { name, points, scale } = dimension;
    if (scale === 'linear' || points < 2 || (place > 0 && place < points - 1)) return [];
    return [{ name, end: place > 0 ? 'high' : 'low', value: valueAt(dimension, place) }];
  });
}

/** The lowest objective of all trials on a fold's training weeks, quote a year. */
export function lowestValue(pool: TrialPool, fold: PlacedFold, objective: Objective): number {
  return trainingValue(bestOf(pool, fold, objective), fold, objective);
}
