import type { CalibrationResult } from '../sim/calibrate/result.ts';
import { trialKey } from '../sim/calibrate/trial.ts';
import type { TriedSetting } from '../sim/calibrate/triedSettings.ts';
import { objectiveValue } from '../sim/calibrate/weekMoments.ts';
import type { PolicyChoice } from '../sim/fast/candidate.ts';
import type { Known, SearchedNumber, SearchReport, TriedRow } from './document.ts';

/** What a number is called where people read it; any other goes by its own name. */
const TITLES: Readonly<Record<string, string>> = {
  halfWidth: 'half width',
  tradeTo: 'trade to, 0 centre, 1 edge',
  seconds: 'between hedges',
  riskAversion: 'risk aversion',
  relativeRiskAversion: 'relative risk aversion',
};
const LOOKS: SearchedNumber = { name: 'checkEvery', title: 'steps between looks', isLog: true };

/**
 * The settings that a search tried, policy by policy, with what is least on the latest training weeks and on all held-out ones.
 * Where several times between looks were tried, that is one more number of each setting.
 *
 * @param label a setting's parameters as people read them
 */
export function searchReports(
  { tried, objective, verdict }: CalibrationResult,
  label: (choice: PolicyChoice) => string,
): readonly SearchReport[] {
  const chosen = trialKey(verdict.choice);
  const policies = [...new Set(tried.map(({ choice }) => choice.kind))];
  return policies.map((policy): SearchReport => {
    const own = tried.filter(({ choice }) => choice.kind === policy);
    const hasLooks = new Set(own.map(looksOf)).size > 1;
    const rows = own.flatMap((setting): readonly TriedRow[] => {
      const { choice, numbers, training, heldOut } = setting;
      if (training === null) return [];
      const values = numbers.map(({ value }) => value);
      return [
        {
          label: label(choice),
          values: hasLooks ? [...values, looksOf(setting)] : values,
          ...training,
          training: objectiveValue(objective, training),
          heldOut: heldOut === null ? null : objectiveValue(objective, heldOut),
          isCoarse: numbers.every(({ place }) => Number.isInteger(place)),
          isChosen: trialKey(choice) === chosen,
        },
      ];
    });
    const numbers = (own[0]?.numbers ?? []).map(({ name, unit, scale }): SearchedNumber => {
      const title = TITLES[name] ?? name;
      return { name, title: unit === undefined ? title : `${title}, ${unit}`, isLog: scale === 'log' };
    });
    const all = hasLooks ? [...numbers, LOOKS] : numbers;
    return { policy, numbers: all, settings: rows, importance: importanceOf(rows, all.length) };
  });
}

const looksOf = ({ choice }: TriedSetting): number => choice.checkEvery?.steps ?? 1;

/**
 * How much of the differences each number alone explains: the variance between the means of its values over the variance of all,
 * of the logarithm of what is least, on the coarse grid, where every value meets every other (Sobol' 1993, first order).
 */
function importanceOf(rows: readonly TriedRow[], numbers: number): Known<readonly number[]> {
  if (numbers < 2) return { missing: 'one number alone was searched' };
  const grid = rows.filter(({ isCoarse }) => isCoarse);
  if (grid.length < 2 || grid.some(({ training }) => !(training > 0)))
    return { missing: 'what is least is not above nought everywhere' };
  const values = grid.map(({ training }) => Math.log(training));
  const all = meanOf(values);
  const total = values.reduce((sum, value) => sum + (value - all) ** 2, 0);
  if (!(total > 0)) return { missing: 'every setting came to the same' };
  const shares = Array.from({ length: numbers }, (_, number) => {
    const groups = new Map<number, number[]>();
    for (const [index, { values: at }] of grid.entries()) {
      const group = groups.get(at[number]!) ?? [];
      groups.set(at[number]!, [...group, values[index]!]);
    }
    const between = [...groups.values()].map((group) => group.length * (meanOf(group) - all) ** 2);
    return between.reduce((sum, value) => sum + value, 0) / total;
  });
  return { value: shares };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
