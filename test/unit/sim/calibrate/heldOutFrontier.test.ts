import { describe, expect, it } from 'vitest';
import { foldedFrontiers } from '../../../../src/sim/calibrate/heldOutFrontier.ts';
import type { Fold } from '../../../../src/sim/calibrate/walkForward.ts';
import type { Objective } from '../../../../src/sim/calibrate/weekMoments.ts';
import { frontierOf } from '../../../../src/sim/study/frontier.ts';
import { figuresOf } from '../../../../src/sim/study/runFigures.ts';
import type { WeekBlock } from '../../../../src/sim/study/weekBlock.ts';

const HOURS = 20;
const WIDTHS = Array.from({ length: 13 }, (_, index) => 1.3 ** index);

/** A band so wide: its error grows with it, its cost falls, and both are twice as large in every week from the sixth on. */
function weeksOf(width: number): readonly WeekBlock[] {
  return Array.from({ length: 12 }, (_, week) => {
    const scale = week < 6 ? 1 : 2;
    return {
      path: 'path',
      week,
      cost: (100 * scale) / width,
      hours: HOURS,
      hourlyError: Float64Array.from(
        { length: HOURS },
        (_, hour) => scale * width * (hour % 2 === 0 ? 1 : -1),
      ),
    };
  });
}

const policy = {
  policy: 'band',
  settings: WIDTHS.map((width) => ({ label: width.toFixed(3), blocks: weeksOf(width) })),
};
const FOLDS: readonly Fold[] = [
  { train: { from: 0, to: 3 }, test: { from: 3, to: 6 } },
  { train: { from: 6, to: 9 }, test: { from: 9, to: 12 } },
];

/** Aversions to risk over the range in which all widths are asked for. */
const objectives = (count: number): readonly Objective[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'riskAversion',
    riskAversion: 1e-4 * 1e6 ** (index / (count - 1)),
  }));

const held = (count: number, folds = FOLDS) => foldedFrontiers([policy], objectives(count), folds)[0]!;

describe('settings that were chosen on training weeks', () => {
  it('are judged on the test weeks of their folds alone', () => {
    for (const { blocks } of held(9).settings) {
      expect(blocks.map(({ week }) => week)).toEqual([3, 4, 5, 9, 10, 11]);
    }
  });

  it('may differ from fold to fold, each the best for the objective on the weeks before', () => {
    const [first, second] = FOLDS.map((fold) => held(1_000, [fold]).settings.map(({ label }) => label));
    expect(first).toEqual(second);
    // The cost doubles where the error does, and its variance is four times as large: a narrower band is asked for.
    expect(held(1_000).settings.some(({ label }) => label.includes(', '))).toBe(true);
  });

  it('are one point of the frontier however many objectives ask for them', () => {
    const { settings } = held(1_000, FOLDS.slice(0, 1));
    expect(settings.map(({ label }) => label)).toEqual(WIDTHS.map((width) => width.toFixed(3)).toReversed());
  });

  it('are passed over where objectives are few, and leave gaps where nothing of the policy is amiss', () => {
    const widest = (count: number) => {
      const { settings } = held(count, FOLDS.slice(0, 1));
      const { points } = frontierOf(
        'band',
        settings.map(({ label, blocks }) => ({ label, ...figuresOf(blocks)() })),
      );
      return Math.max(
        ...points.slice(1).map(({ hedgingError }, index) => hedgingError / points[index]!.hedgingError),
      );
    };
    expect(widest(97)).toBeCloseTo(1.3, 9);
    expect(widest(5)).toBeGreaterThan(2);
  });
});
