import { InvalidInputError } from '../../errors.ts';
import { requireAtLeastZero } from '../../statistics/require.ts';

/** How much trouble a vault is in, the least first. */
export const stressLevels = ['normal', 'cautious', 'reduce', 'halt'] as const;

/** One of {@link stressLevels}. */
export type StressLevel = (typeof stressLevels)[number];

/** Where a level is entered, and where it is left again; both in the unit of the figure that is watched. */
export interface Threshold {
  readonly enter: number;
  /** Below `enter`: the figure has to fall under it before the level is left. */
  readonly exit: number;
}

/** Thresholds of the levels above `normal`, on a figure that is worse the higher it is. */
export interface LevelThresholds {
  readonly cautious: Threshold;
  readonly reduce: Threshold;
  readonly halt: Threshold;
}

/**
 * The level after a figure was seen: upwards as soon as a level is entered, downwards only as far as each level passed on
 * the way has been left by its own exit. A figure that swings between the two thresholds of a level changes nothing.
 *
 * @param figure of the same unit as the thresholds, at or above 0; infinite where nothing helps
 * @throws InvalidInputError when the figure is negative or not a number, or thresholds are out of order
 *
 * @example
 * nextLevel('normal', 0.85, thresholds)   // 'cautious' where that is entered at 0.8
 * nextLevel('cautious', 0.75, thresholds) // still 'cautious' where that is left at 0.7
 */
export function nextLevel(previous: StressLevel, figure: number, thresholds: LevelThresholds): StressLevel {
  if (figure !== Number.POSITIVE_INFINITY) requireAtLeastZero('figure', figure);
  requireThresholds(thresholds);
  const entered = highest((level) => figure >= thresholds[level].enter);
  const kept = highest((level) => rank(level) <= rank(previous) && figure >= thresholds[level].exit);
  return rank(entered) >= rank(kept) ? entered : kept;
}

/** The more severe of some levels; `normal` for none. */
export function worstLevel(levels: readonly StressLevel[]): StressLevel {
  return levels.reduce<StressLevel>((worst, level) => (rank(level) > rank(worst) ? level : worst), 'normal');
}

function rank(level: StressLevel): number {
  return stressLevels.indexOf(level);
}

function highest(holds: (level: Exclude<StressLevel, 'normal'>) => boolean): StressLevel {
  if (holds('halt')) return 'halt';
  if (holds('reduce')) return 'reduce';
  return holds('cautious') ? 'cautious' : 'normal';
}

/** @throws InvalidInputError where a level is left above where it is entered, or a worse one is entered before a better one */
function requireThresholds({ cautious, reduce, halt }: LevelThresholds): void {
  const named = { cautious, reduce, halt };
  for (const [level, { enter, exit }] of Object.entries(named)) {
    if (!(exit >= 0 && exit <= enter)) {
      throw new InvalidInputError(`${level}.exit`, exit, `a number from 0 to its enter, ${enter}`);
    }
  }
  if (!(cautious.enter <= reduce.enter && reduce.enter <= halt.enter)) {
    const found = `${cautious.enter}, ${reduce.enter}, ${halt.enter}`;
    throw new InvalidInputError('enter', found, 'levels entered in the order cautious, reduce, halt');
  }
}
