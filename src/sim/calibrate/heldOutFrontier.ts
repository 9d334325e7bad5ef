import type { PolicyRuns, PolicySetting } from '../study/comparePolicies.ts';
import type { WeekBlock } from '../study/weekBlock.ts';
import { type Fold, type WalkForwardRules, walkForward } from './walkForward.ts';
import { figuresOfWeeks, momentsOf, type Objective, objectiveValue } from './weekMoments.ts';

/**
 * {@link foldedFrontiers} over windows that walk forward.
 *
 * @throws InvalidInputError when the weeks are too few for the windows
 */
export function heldOutFrontiers(
  policies: readonly PolicyRuns[],
  objectives: readonly Objective[],
  rules: WalkForwardRules,
): readonly PolicyRuns[] {
  const weekCount = policies
    .flatMap(({ settings }) => settings[0]?.blocks ?? [])
    .reduce((most, { week }) => Math.max(most, week + 1), 0);
  return foldedFrontiers(policies, objectives, walkForward(weekCount, rules));
}

/**
 * Policies as they do where it counts: for each objective every fold takes the setting that was best on its training weeks, and
 * what is compared is what these settings did on the test weeks, all folds together.
 *
 * @param policies every setting over all weeks, the same weeks for all
 * @param objectives from minding risk little to minding it much: one point of the frontier each
 */
export function foldedFrontiers(
  policies: readonly PolicyRuns[],
  objectives: readonly Objective[],
  folds: readonly Fold[],
): readonly PolicyRuns[] {
  return policies.map(({ policy, settings }): PolicyRuns => {
    const known = settings.map((setting) => ({ setting, moments: setting.blocks.map(momentsOf) }));
    const valueIn = ({ moments }: (typeof known)[number], from: number, to: number, objective: Objective) => {
      const figures = figuresOfWeeks(moments.filter(({ week }) => week >= from && week < to));
      return figures === null ? Number.POSITIVE_INFINITY : objectiveValue(objective, figures);
    };
    const chosen = objectives.map((objective): PolicySetting => {
      const picks = folds.map(({ train, test }) => {
        const values = known.map((one) => valueIn(one, train.from, train.to, objective));
        const best = known[values.indexOf(Math.min(...values))]!.setting;
        return { label: best.label, blocks: weeksIn(best.blocks, test.from, test.to) };
      });
      return {
        label: [...new Set(picks.map(({ label }) => label))].join(', '),
        blocks: picks.flatMap(({ blocks }) => blocks),
      };
    });
    return { policy, settings: chosen };
  });
}

function weeksIn(blocks: readonly WeekBlock[], from: number, to: number): readonly WeekBlock[] {
  return blocks.filter(({ week }) => week >= from && week < to);
}
