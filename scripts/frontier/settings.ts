import { coarseGrid, type SearchSpace } from '../../src/sim/calibrate/searchSpace.ts';
import { bookScale, searchSpaces } from '../../src/sim/calibrate/spaces.ts';
import { type Trial, trialAt } from '../../src/sim/calibrate/trial.ts';
import type { WalkForwardRules } from '../../src/sim/calibrate/walkForward.ts';
import type { Objective } from '../../src/sim/calibrate/weekMoments.ts';
import type { PreparedMarket } from '../../src/sim/fast/fastBacktest.ts';

const KINDS = [
  { kind: 'optimalBand', parameters: { riskAversion: 1, lookSeconds: 3_600 } },
  { kind: 'whalleyWilmott', parameters: { riskAversion: 1 } },
  { kind: 'zakamouline', parameters: { riskAversion: 1 } },
  { kind: 'fixedBand', parameters: { halfWidth: { base: 1 } } },
  { kind: 'interval', parameters: { seconds: 3_600 } },
  { kind: 'leland', parameters: { seconds: 3_600 } },
];

/** Between two neighbouring settings: with fewer, settings are passed over, and what they cost is guessed across the gap. */
const OBJECTIVES_A_STEP = 8;

/** A policy with all settings of it that are tried. */
export interface PolicyTrials {
  readonly policy: string;
  readonly trials: readonly Trial[];
}

/** What a study tries, and what it looks for. */
export interface StudySettings {
  readonly policies: readonly PolicyTrials[];
  /** From minding risk little to minding it much. */
  readonly objectives: readonly Objective[];
}

/**
 * Settings around a book. The policy of {@link KINDS} that comes first is the one that others are compared with.
 *
 * @param points along each policy's main parameter
 * @param asked kinds of policies, each perhaps with points of its own (`leland:5`); `all` for all
 */
export function studySettings(
  { plan, market }: PreparedMarket,
  points: number,
  asked: readonly string[],
): StudySettings {
  const scale = bookScale(plan, market);
  const pointsOf = new Map(
    asked.map((word) => word.split(':')).map(([kind, own]) => [kind!, Number(own ?? points)]),
  );
  const spaces = KINDS.filter(({ kind }) => pointsOf.has('all') || pointsOf.has(kind))
    .flatMap((choice) => searchSpaces(choice, scale))
    .map((space): SearchSpace => {
      const [first, ...rest] = space.dimensions;
      const main = { ...first!, points: pointsOf.get(space.policy) ?? points };
      return { ...space, dimensions: [main, ...rest] };
    });
  const [aversion] = searchSpaces(KINDS[0]!, scale)[0]!.dimensions;
  const { low, high } = aversion!;
  const steps = OBJECTIVES_A_STEP * Math.max(1, ...[...pointsOf.values()].map((own) => own - 1));
  return {
    policies: spaces.map((space) => ({ policy: space.policy, trials: coarseGrid(space).map(trialAt) })),
    objectives: Array.from({ length: steps + 1 }, (_, index) => ({
      kind: 'riskAversion',
      riskAversion: low * (high / low) ** (index / steps),
    })),
  };
}

/** The rule of the study: one window to learn on before each that counts, options of a week. */
export const walkRules = (tests: number): WalkForwardRules => ({ tests, trainWindows: 1, purgeDays: 7 });
