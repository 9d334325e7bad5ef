import { type Fold, walkForward } from '../../src/sim/calibrate/walkForward.ts';
import { walkRules } from './settings.ts';

const WEEK = 7 * 86_400;
/** What is learnt on before a month that is looked at by itself, weeks. */
const TRAINED_WEEKS = 26;
/** Weeks left out before it: options of a week end within it. */
const PURGED_WEEKS = 1;

/** Folds that are judged together, under a name. */
export interface Window {
  readonly name: string;
  readonly folds: readonly Fold[];
}

/** A month, like `2020-03`, and the half year before it; what of that was recorded. */
export function monthFold(startSeconds: number, weeks: number, month: string): Fold {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const at = (seconds: number) => (seconds - startSeconds) / WEEK;
  const from = Math.floor(at(Date.UTC(year, number - 1, 1) / 1_000));
  const to = Math.min(Math.ceil(at(Date.UTC(year, number, 1) / 1_000)), weeks);
  return { train: { from: Math.max(0, from - TRAINED_WEEKS), to: from - PURGED_WEEKS }, test: { from, to } };
}

/** All held-out weeks; each test window by itself; the months by themselves and together. */
export function windowsOf(
  startSeconds: number,
  weeks: number,
  tests: number,
  months: readonly string[],
): readonly Window[] {
  const folds = walkForward(weeks, walkRules(tests));
  const day = (week: number) => new Date((startSeconds + week * WEEK) * 1_000).toISOString().slice(0, 10);
  const alone = months.map((month) => ({ name: month, folds: [monthFold(startSeconds, weeks, month)] }));
  return [
    { name: 'all held-out weeks', folds },
    ...folds.map((fold) => ({ name: `from ${day(fold.test.from)}`, folds: [fold] })),
    ...alone,
    { name: 'these months together', folds: alone.flatMap((one) => one.folds) },
  ];
}
