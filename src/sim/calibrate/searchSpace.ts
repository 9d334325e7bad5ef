import { InvalidInputError } from '../../core/errors.ts';
import type { PolicyChoice } from '../fast/candidate.ts';

/** One number that is searched for, on a grid that can be made finer between its points. */
export interface SearchDimension {
  readonly name: string;
  /** What a value is counted in, in words; left out for a plain number. */
  readonly unit?: string;
  /** `log`: each point so many times the one before; `linear`: so much more. */
  readonly scale: 'log' | 'linear';
  readonly low: number;
  readonly high: number;
  /** Points of the coarse grid. */
  readonly points: number;
  /** Whole multiples of this only; any value where left out. */
  readonly multipleOf?: number;
}

/** The settings of one policy that are looked at. */
export interface SearchSpace {
  readonly policy: string;
  readonly dimensions: readonly SearchDimension[];
  /** The policy with these values of its dimensions, in their order. */
  choiceOf(values: readonly number[]): PolicyChoice;
}

/** A setting in place: where it lies on the grid of its space, in steps of the coarse grid from its low end. */
export interface GridPoint {
  readonly space: SearchSpace;
  readonly coordinates: readonly number[];
}

/** The value at a place on a dimension's grid. */
export function valueAt({ scale, low, high, points, multipleOf }: SearchDimension, place: number): number {
  const share = points > 1 ? place / (points - 1) : 0;
  const value = scale === 'log' ? low * (high / low) ** share : low + (high - low) * share;
  if (multipleOf !== undefined) return Math.max(1, Math.round(value / multipleOf)) * multipleOf;
  // Twelve digits: the same place is the same setting on every machine.
  return Number(value.toPrecision(12));
}

/** The policy at a place. */
export function choiceAt({ space, coordinates }: GridPoint): PolicyChoice {
  return space.choiceOf(space.dimensions.map((dimension, index) => valueAt(dimension, coordinates[index]!)));
}

/**
 * Every point of the coarse grid.
 *
 * @throws InvalidInputError where a dimension cannot be
 */
export function coarseGrid(space: SearchSpace): readonly GridPoint[] {
  let places: readonly (readonly number[])[] = [[]];
  for (const dimension of space.dimensions) {
    const { name, points, low, high, scale } = dimension;
    const isRange = high >= low && (scale === 'linear' || low > 0) && Number.isFinite(high);
    if (!(isRange && Number.isInteger(points) && points >= 1)) {
      throw new InvalidInputError(name, `${points} points from ${low} to ${high}`, 'a range to search');
    }
    places = places.flatMap((place) => Array.from({ length: points }, (_, next) => [...place, next]));
  }
  return places.map((coordinates) => ({ space, coordinates }));
}

/** The places half, a quarter… of a coarse step away from one, on each dimension by itself. */
export function neighbours({ space, coordinates }: GridPoint, step: number): readonly GridPoint[] {
  return space.dimensions.flatMap(({ points }, index) =>
    [-step, step].flatMap((move) => {
      const place = coordinates[index]! + move;
      if (place < 0 || place > points - 1) return [];
      return [{ space, coordinates: coordinates.with(index, place) }];
    }),
  );
}
