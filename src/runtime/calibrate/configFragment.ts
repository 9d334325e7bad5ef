import { stringify } from 'yaml';
import { fixed, significant } from '../../core/report/format.ts';
import { endWords } from '../../sim/calibrate/choose.ts';
import type { StudyCalibration } from './calibrateStudy.ts';

/** What a fragment says of where it comes from. */
export interface FragmentFacts {
  readonly vault: string;
  readonly study: string;
  readonly seed: number;
}

/**
 * The policy section of a config with what a calibration chose, and comments that say what it was chosen on and what it did
 * on weeks it was not chosen on.
 */
export function configFragment({ result, inputHash }: StudyCalibration, facts: FragmentFacts): string {
  const { verdict, folds, objective } = result;
  const { checkEvery, kind, parameters } = verdict.choice;
  const training = folds.at(-1)!;
  const gain = verdict.gain ?? 0;
  const bars = verdict.bars;
  const purpose =
    objective.kind === 'riskAversion'
      ? `cost + lambda/2 x variance, lambda ${significant(objective.riskAversion, 3)} 1/quote`
      : `cost at a hedging error of ${fixed(objective.hedgingError, 2)} quote an hour`;
  const range = bars === null ? '' : `, 95 %: ${fixed(bars.low, 2)} to ${fixed(bars.high, 2)}`;
  const policy = stringify({ policy: { kind, ...(parameters as object) } }).trimEnd();
  const schedule =
    checkEvery === undefined
      ? []
      : ['', stringify({ schedule: { seconds: checkEvery.steps * checkEvery.stepSeconds } }).trimEnd()];
  return [
    `# Policy of ${facts.vault}: put it in place of the vault's \`policy\`.${checkEvery === undefined ? '' : ' `schedule` belongs to the whole config.'}`,
    `# Study ${facts.study}, seed ${facts.seed}, input ${inputHash.slice(0, 12)}, ${result.trials} settings tried.`,
    `# Least of: ${purpose}.`,
    `# Chosen on ${training.range.train.to - training.range.train.from} weeks: ${fixed(training.training.costPerYear, 2)} quote a year, error ${fixed(training.training.hedgingError, 2)} an hour.`,
    `# On weeks it was not chosen on ${fixed(gain, 2)} quote a year better than the setting before${range}.`,
    ...training.atEnds.map((end) => `# Careful: ${endWords(end)}.`),
    policy,
    ...schedule,
    '',
  ].join('\n');
}
