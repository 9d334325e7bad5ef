import type { PolicyRuns, PolicySetting } from '../study/comparePolicies.ts';
import type { WeekBlock } from '../study/weekBlock.ts';
import type { Fold } from './walkForward.ts';
import { figuresOfWeeks, momentsOf, type Objective, objectiveValue } from './weekMoments.ts';

/**
 * Policies as they do where it counts: for each objective every fold takes the setting that was best on its training weeks, and
 * what is compared is what these settings did on the test weeks, all folds together. Objectives that ask for the same settings
 * give one point; with too few of them, settings that one in between would ask for are passed over.
 *
 * @param policies every setting over all weeks, the same weeks for all
 * @param objectives from minding risk little to minding it much
 */
export function foldedFrontiers(
  policies: readonly PolicyRuns[],
  objectives: readonly Objective[],
  folds: readonly Fold[],
): readonly PolicyRuns[] {
  return policies.map(({ policy, settings }): PolicyRuns => {
    const known = settings.map((setting) => ({ setting, moments: setting.blocks.map(momentsOf) }));
    const trained = folds.map(({ train: { from, to } }) =>
      known.map(({ setting, moments }) => ({
        setting,
        figures: figuresOfWeeks(moments.filter(({ week }) => week >= from && week < to)),
      })),
    );
    const chosen = new Map<string, PolicySetting>();
    for (const objective of objectives) {
      const picks = trained.map((settings) => {
        const values = settings.map(({ figures }) =>
          figures === null ? Number.POSITIVE_INFINITY : objectiveValue(objective, figures),
        );
        return settings[values.indexOf(Math.min(...values))]!.setting;
      });
      const key = picks.map(({ label }) => label).join(', ');
      if (chosen.has(key)) continue;
      chosen.set(key, {
        label: [...new Set(picks.map(({ label }) => label))].join(', '),
        blocks: picks.flatMap(({ blocks }, fold) => weeksIn(blocks, folds[fold]!.test)),
      });
    }
    return { policy, settings: [...chosen.values()] };
  });
}

function weeksIn(blocks: readonly WeekBlock[], { from, to }: Fold['test']): readonly WeekBlock[] {
  return blocks.filter(({ week }) => week >= from && week < to);
}
