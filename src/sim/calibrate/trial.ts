import type { PolicyChoice } from '../fast/candidate.ts';
import { choiceAt, type GridPoint } from './searchSpace.ts';
import type { WeekMoments } from './weekMoments.ts';

/** A setting to be run. */
export interface Trial {
  /** The setting as text: the same setting always has the same. */
  readonly key: string;
  readonly choice: PolicyChoice;
}

/** What a trial came to. */
export interface TrialResult {
  readonly key: string;
  /** The weeks of all paths, in their order: the same for every trial. */
  readonly weeks: readonly WeekMoments[];
}

/** A setting as text, whatever order its parameters were written in. */
export function trialKey(choice: PolicyChoice): string {
  return canonical(choice);
}

/** The setting as a trial. */
export function trialOf(choice: PolicyChoice): Trial {
  return { key: trialKey(choice), choice };
}

/** The setting at a place of a grid. */
export function trialAt(point: GridPoint): Trial {
  return trialOf(choiceAt(point));
}

/** Plain data as JSON with its keys in order; what is undefined is left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
