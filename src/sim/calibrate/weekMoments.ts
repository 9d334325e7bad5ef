import { requireAboveZero } from '../../core/statistics/require.ts';
import { SECONDS_PER_YEAR } from '../../core/units.ts';
import type { WeekBlock } from '../study/weekBlock.ts';

/** What a week of a run comes to, in the few numbers that a choice of settings needs: small enough to be kept for every trial. */
export interface WeekMoments {
  /** Name of the path. */
  readonly path: string;
  /** Whole weeks since the path's start. */
  readonly week: number;
  /** Fee, impact and gas, quote. */
  readonly cost: number;
  /** Hours that are scored, the sum of their errors and of the squares, quote and quote^2; of steps where those are longer. */
  readonly hours: number;
  readonly sum: number;
  readonly squares: number;
}

/** What a setting costs and leaves open. */
export interface SettingFigures {
  readonly costPerYear: number;
  /** Standard deviation of hourly sums of net delta x price change, quote: an hour's share where steps are longer. */
  readonly hedgingError: number;
}

const HOURS_PER_YEAR = SECONDS_PER_YEAR / 3_600;

/** A week of a run as its moments. Steps longer than an hour count with their length, so that a year stays a year. */
export function momentsOf({ path, week, cost, hours, hourlyError }: WeekBlock): WeekMoments {
  let [sum, squares] = [0, 0];
  for (const error of hourlyError) {
    sum += error;
    squares += error * error;
  }
  return { path, week, cost, hours, sum, squares };
}

/**
 * Weeks added up.
 *
 * @param weights how often each counts; once where left out
 * @returns null where no hour counts
 */
export function figuresOfWeeks(
  weeks: readonly WeekMoments[],
  weights?: ArrayLike<number>,
): SettingFigures | null {
  let [cost, hours, sum, squares] = [0, 0, 0, 0];
  weeks.forEach((week, index) => {
    const weight = weights?.[index] ?? 1;
    cost += weight * week.cost;
    hours += weight * week.hours;
    sum += weight * week.sum;
    squares += weight * week.squares;
  });
  if (hours < 2) return null;
  const variance = Math.max(0, squares - (sum * sum) / hours) / (hours - 1);
  return { costPerYear: cost * (HOURS_PER_YEAR / hours), hedgingError: Math.sqrt(variance) };
}

/** What is to be least. */
export type Objective =
  | {
      /** Cost a year and lambda/2 times the variance a year. */
      readonly kind: 'riskAversion';
      /** lambda, 1/quote. */
      readonly riskAversion: number;
    }
  | {
      /** Cost a year at a hedging error; more error than that counts as cost. */
      readonly kind: 'hedgingError';
      /** Quote an hour. */
      readonly hedgingError: number;
      /** What hedging that closely costs about, quote a year: the measure of what too much error counts. */
      readonly costPerYear: number;
    };

/**
 * Above the level that is asked for, the share of its square in excess counts so many times the usual cost: more than any
 * setting saves by leaving more error, one that never trades included.
 */
const PENALTY = 8;

/** An objective's value, quote a year. */
export function objectiveValue(objective: Objective, { costPerYear, hedgingError }: SettingFigures): number {
  if (objective.kind === 'riskAversion') {
    return costPerYear + (objective.riskAversion / 2) * hedgingError ** 2 * HOURS_PER_YEAR;
  }
  const excess = Math.max(0, (hedgingError / objective.hedgingError) ** 2 - 1);
  return costPerYear + PENALTY * objective.costPerYear * excess;
}

/**
 * The objective of somebody who minds risk so many times as much.
 *
 * @throws InvalidInputError when the factor is not above 0
 */
export function scaledObjective(objective: Objective, factor: number): Objective {
  requireAboveZero('factor', factor);
  return objective.kind === 'riskAversion'
    ? { ...objective, riskAversion: objective.riskAversion * factor }
    : {
        ...objective,
        hedgingError: objective.hedgingError / Math.sqrt(factor),
        costPerYear: objective.costPerYear * factor,
      };
}
