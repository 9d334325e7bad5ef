import { InvalidInputError } from '../../core/errors.ts';
import { requireAtLeastZero, requireInteger } from '../../core/statistics/require.ts';
import { SECONDS_PER_DAY } from '../../core/units.ts';

/** How weeks are cut into windows. */
export interface WalkForwardRules {
  /** Test windows, one after the other up to the end. */
  readonly tests: number;
  /** Windows that each test is trained on, of the same length, right before it. */
  readonly trainWindows: number;
  /** Longest life of what the vault holds, days: so much before a test is not trained on, since it ends within the test. */
  readonly purgeDays: number;
}

/** Weeks to learn from and weeks to be judged on; ends are not included. */
export interface Fold {
  readonly train: { readonly from: number; readonly to: number };
  readonly test: { readonly from: number; readonly to: number };
}

/**
 * Cuts weeks into folds that walk forward: learn on some windows, be judged on the next, move on by one. What lives across a
 * boundary is purged from the training side (M. Lopez de Prado, 2018, chapter 7).
 *
 * @throws InvalidInputError when the weeks are too few for that many windows
 */
export function walkForward(weeks: number, rules: WalkForwardRules): readonly Fold[] {
  const { tests, trainWindows, purgeDays } = rules;
  requireInteger('tests', tests, 1, 1_000);
  requireInteger('trainWindows', trainWindows, 1, 1_000);
  requireAtLeastZero('purgeDays', purgeDays);
  const purge = Math.ceil((purgeDays * SECONDS_PER_DAY) / (7 * SECONDS_PER_DAY));
  const windows = tests + trainWindows;
  const length = Math.floor(weeks / windows);
  if (length < 1 || length * trainWindows - purge < 1) {
    const least = windows * Math.max(1, Math.ceil((purge + 1) / trainWindows));
    throw new InvalidInputError(
      'weeks',
      weeks,
      `at least ${least} for ${windows} windows and what is purged`,
    );
  }
  const first = weeks - windows * length;
  return Array.from({ length: tests }, (_, index) => {
    const from = first + index * length;
    const boundary = from + trainWindows * length;
    return { train: { from, to: boundary - purge }, test: { from: boundary, to: boundary + length } };
  });
}
