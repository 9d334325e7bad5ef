import type { PolicyChoice } from '../fast/candidate.ts';
import type { PlacedFold, TrialPool } from './choose.ts';
import { type SearchDimension, valueAt } from './searchSpace.ts';
import { figuresOfWeeks, type SettingFigures } from './weekMoments.ts';

/** A number of a setting that was searched for. */
export interface TriedNumber extends Pick<SearchDimension, 'name' | 'unit' | 'scale'> {
  readonly value: number;
  /** In steps of the coarse grid from its low end: a whole number where the coarse grid has it. */
  readonly place: number;
}

/** A setting that was run, with where it lies and what it came to. */
export interface TriedSetting {
  readonly choice: PolicyChoice;
  readonly numbers: readonly TriedNumber[];
  /** On the latest training weeks; null where no hour of them counts. */
  readonly training: SettingFigures | null;
  /** On all held-out weeks: to be looked at, never chosen by. */
  readonly heldOut: SettingFigures | null;
}

/** The settings that a search looked for, in the order in which they were run. */
export function triedSettings(pool: TrialPool, folds: readonly PlacedFold[]): readonly TriedSetting[] {
  const training = folds.at(-1)?.train ?? [];
  const heldOut = folds.flatMap(({ test }) => test);
  return pool.flatMap(({ trial, weeks, space, coordinates }) => {
    if (space === null) return [];
    const figures = (places: readonly number[]) => figuresOfWeeks(places.map((place) => weeks[place]!));
    const numbers = space.dimensions.map((dimension, index): TriedNumber => {
      const { name, unit, scale } = dimension;
      const place = coordinates[index]!;
      return {
        name,
        scale,
        ...(unit === undefined ? {} : { unit }),
        value: valueAt(dimension, place),
        place,
      };
    });
    return [{ choice: trial.choice, numbers, training: figures(training), heldOut: figures(heldOut) }];
  });
}
