import type { Trial, TrialResult } from '../../sim/calibrate/trial.ts';
import { momentsOf } from '../../sim/calibrate/weekMoments.ts';
import { fastBacktestMany, type PreparedMarket } from '../../sim/fast/fastBacktest.ts';
import { weekBlocks } from '../../sim/study/weekBlock.ts';

/** Runs a few trials side by side over every market, in the order given. */
export type TrialRunner = (
  inputs: readonly PreparedMarket[],
  trials: readonly Trial[],
) => Promise<readonly TrialResult[]>;

/** Runs trials in this very process, side by side over each market. */
export const runTrialsHere: TrialRunner = async (inputs, trials) => {
  const candidates = trials.map(({ key, choice }) => ({ key, policy: choice }));
  const byMarket = inputs.map((input) => {
    const results = fastBacktestMany(input, candidates);
    return results.map((result) => weekBlocks(result, input.market).map(momentsOf));
  });
  return trials.map(({ key }, index) => ({ key, weeks: byMarket.flatMap((weeks) => weeks[index]!) }));
};
