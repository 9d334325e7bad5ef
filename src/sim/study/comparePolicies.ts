import { InvalidInputError } from '../../core/errors.ts';
import { randomStream } from '../random.ts';
import { type ErrorBars, pairedBlockBootstrap } from './blockBootstrap.ts';
import {
  type CostAtLevels,
  commonLevels,
  compareAtEqualError,
  frontierOf,
  type PolicyFrontier,
  relativeCost,
} from './frontier.ts';
import { type FiguresOf, figuresOf, type RunFigures } from './runFigures.ts';
import type { WeekBlock } from './weekBlock.ts';

/** One setting of a policy over all paths, week by week. */
export interface PolicySetting {
  /** The parameters, for people. */
  readonly label: string;
  /** The same weeks of the same paths, in the same order, for everything that is compared. */
  readonly blocks: readonly WeekBlock[];
}

/** A policy over its settings. */
export interface PolicyRuns {
  readonly policy: string;
  readonly settings: readonly PolicySetting[];
}

/** How a policy compares with the baseline. */
export interface PolicyScore {
  readonly policy: string;
  readonly frontier: PolicyFrontier;
  /** By setting, in the order given. */
  readonly figures: readonly RunFigures[];
  /** Hedging errors that it was compared with the baseline at, quote; none where their settings do not overlap. */
  readonly levels: readonly number[];
  readonly costs: CostAtLevels;
  /** Cost over the baseline's at equal hedging error, 1.2 = a fifth dearer; null where there is no level. */
  readonly score: number | null;
  /** Of the score, 95 %; null where weeks are too few. */
  readonly bars: ErrorBars | null;
}

/** How policies are compared. */
export interface ComparisonOptions {
  /** Of the bootstrap. */
  readonly seed: number;
  /** 1,000 where left out. */
  readonly resamples?: number;
  /** See {@link commonLevels}; settings of any distance are compared where left out. */
  readonly widestGap?: number;
}

/**
 * Compares each policy with the first at equal hedging error, with error bars by a weekly block bootstrap that draws the same
 * weeks for both. Each is compared with the first alone, at levels that both reach: a score does not depend on which other
 * policies are shown.
 *
 * @param policies the baseline first
 * @param options `resamples` of the bootstrap (1,000 where left out) and its `seed`; `widestGap` as {@link commonLevels} has it
 * @throws InvalidInputError when there is no policy, or their weeks are not the same
 */
export function comparePolicies(
  policies: readonly PolicyRuns[],
  options: ComparisonOptions,
): readonly PolicyScore[] {
  const { resamples = 1_000, seed, widestGap } = options;
  const [baseline] = policies;
  const blocks = baseline?.settings[0]?.blocks;
  if (baseline === undefined || blocks === undefined) {
    throw new InvalidInputError('policies', policies.length, 'at least one policy with a setting');
  }
  for (const { policy, settings } of policies) {
    for (const setting of settings) requireSameWeeks(`${policy} ${setting.label}`, setting.blocks, blocks);
  }
  const first = prepared(baseline);
  return policies.map((runs): PolicyScore => {
    const own = runs === baseline ? first : prepared(runs);
    const { frontier, levels, costs, score } = compared(own, first, widestGap);
    const bars =
      runs === baseline || score === null
        ? null
        : pairedBlockBootstrap({
            blocks: blocks.length,
            statistic: (weights) => compared(own, first, widestGap, weights).score,
            resamples,
            random: randomStream(seed, 'weeks'),
          });
    const figures = own.settings.map(({ figures }) => figures());
    return { policy: runs.policy, frontier, figures, levels, costs, score, bars };
  });
}

interface Prepared {
  readonly policy: string;
  readonly settings: readonly { readonly label: string; readonly figures: FiguresOf }[];
}

function prepared({ policy, settings }: PolicyRuns): Prepared {
  return { policy, settings: settings.map(({ label, blocks }) => ({ label, figures: figuresOf(blocks) })) };
}

function frontierWith({ policy, settings }: Prepared, weights?: ArrayLike<number>): PolicyFrontier {
  return frontierOf(
    policy,
    settings.map(({ label, figures }) => ({ label, ...figures(weights) })),
  );
}

/** The levels are chosen anew for every draw: a draw with the worst weeks twice moves both policies' errors alike. */
function compared(own: Prepared, baseline: Prepared, widestGap?: number, weights?: ArrayLike<number>) {
  const frontiers = [frontierWith(own, weights), frontierWith(baseline, weights)] as const;
  const levels = commonLevels(frontiers, widestGap);
  const [costs, others] = compareAtEqualError(frontiers, levels);
  return { frontier: frontiers[0], levels, costs: costs!, score: relativeCost(costs!, others!) };
}

function requireSameWeeks(name: string, blocks: readonly WeekBlock[], others: readonly WeekBlock[]): void {
  const isSame =
    blocks.length === others.length &&
    blocks.every(({ path, week, hourlyError }, index) => {
      const other = others[index]!;
      return path === other.path && week === other.week && hourlyError.length === other.hourlyError.length;
    });
  if (!isSame)
    throw new InvalidInputError(name, `${blocks.length} weeks`, 'the same weeks of the same paths');
}
