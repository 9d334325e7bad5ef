import { fixed } from '../../core/report/format.ts';
import type { PolicyChoice } from '../fast/candidate.ts';
import { randomStream } from '../random.ts';
import { type ErrorBars, pairedBlockBootstrap } from '../study/blockBootstrap.ts';
import { endWords, type FoldChoice } from './choose.ts';
import { trialKey } from './trial.ts';
import { figuresOfWeeks, type Objective, objectiveValue, type WeekMoments } from './weekMoments.ts';

/** Whether a setting is to be adopted, and why. */
export interface CalibrationVerdict {
  readonly adopt: boolean;
  readonly code: 'better' | 'notBetter' | 'withinChance' | 'tooFewWeeks' | 'same';
  /** One sentence with the numbers. */
  readonly why: string;
  /** What is proposed: the choice of the latest training weeks. */
  readonly choice: PolicyChoice;
  /** Objective on the held-out weeks, quote a year: of the present setting, and of what each window chose. */
  readonly presentValue: number | null;
  readonly chosenValue: number | null;
  /** Present less chosen, quote a year: above 0 = the chosen is better. */
  readonly gain: number | null;
  /** Of the gain, 95 %; null where weeks are too few. */
  readonly bars: ErrorBars | null;
  /** Objective on the training weeks, added over the windows, chosen setting: what looks too good. */
  readonly trainingValue: number | null;
}

/** What is judged. */
export interface VerdictInput {
  readonly objective: Objective;
  readonly chosen: readonly FoldChoice[];
  /** The present setting on the same test weeks, window by window. */
  readonly presentWeeks: readonly (readonly WeekMoments[])[];
  readonly present: PolicyChoice;
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Judges what training chose on the weeks it was not chosen on. The weeks of both are drawn together, so that a wild week
 * counts for both or for neither.
 */
export function judge(input: VerdictInput): CalibrationVerdict {
  const { objective, chosen, presentWeeks, present, seed, resamples } = input;
  const proposed = chosen.at(-1)!;
  const ours = chosen.flatMap(({ testWeeks }) => testWeeks);
  const theirs = presentWeeks.flat();
  const valueFrom = (weeks: readonly WeekMoments[], weights?: ArrayLike<number>) => {
    const figures = figuresOfWeeks(weeks, weights);
    return figures === null ? null : objectiveValue(objective, figures);
  };
  const gainOf = (weights?: ArrayLike<number>) => {
    const [mine, other] = [valueFrom(ours, weights), valueFrom(theirs, weights)];
    return mine === null || other === null ? null : other - mine;
  };
  const bars = pairedBlockBootstrap({
    blocks: ours.length,
    statistic: gainOf,
    resamples,
    random: randomStream(seed, 'calibration weeks'),
  });
  const gain = gainOf();
  const training = chosen.map(({ training }) => objectiveValue(objective, training));
  const base = {
    choice: proposed.choice,
    presentValue: valueFrom(theirs),
    chosenValue: valueFrom(ours),
    gain,
    bars,
    trainingValue: training.reduce((sum, value) => sum + value, 0) / training.length,
  };
  const said = (code: CalibrationVerdict['code'], why: string): CalibrationVerdict => ({
    ...base,
    adopt: code === 'better',
    code,
    why: [why, ...doubts(proposed)].join('; '),
  });
  const numbers = `${words(base.chosenValue)} against ${words(base.presentValue)} quote a year on ${ours.length} held-out weeks`;
  if (trialKey(proposed.choice) === trialKey(present)) {
    return said('same', `the present setting is the best on the latest training weeks; ${numbers}`);
  }
  if (gain === null || bars === null) {
    return said('tooFewWeeks', `${ours.length} held-out weeks are too few to tell; ${numbers}`);
  }
  const range = `${fixed(bars.low, 2)} to ${fixed(bars.high, 2)}`;
  if (!(gain > 0)) {
    return said('notBetter', `not better than the present setting: ${numbers}, gain ${range} at 95 %`);
  }
  if (!(bars.low > 0)) {
    return said('withinChance', `better by no more than chance: ${numbers}, gain ${range} at 95 %`);
  }
  return said('better', `better than the present setting: ${numbers}, gain ${range} at 95 %`);
}

/** What makes a choice doubtful whatever it gained: it lies at an end of the search, or it never traded. */
function doubts({ atEnds, heldOut }: FoldChoice): readonly string[] {
  const ends = atEnds.map(endWords);
  return heldOut?.costPerYear === 0 ? [...ends, 'on its held-out weeks it never traded'] : ends;
}

function words(value: number | null): string {
  return value === null ? '–' : fixed(value, 2);
}
