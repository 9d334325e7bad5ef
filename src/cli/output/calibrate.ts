import { fixed, significant } from '../../core/report/format.ts';
import { type SettingFigures, type StudyCalibration, settingText } from '../../runtime/calibrate/index.ts';
import type { Terminal } from '../terminal.ts';
import { UNKNOWN } from './numbers.ts';
import { type Column, labelled, pad, table } from './table.ts';

const LABEL_WIDTH = 12;
const BAR_WIDTH = 20;

/** The one line that is shown while it runs. */
export function progressText(
  { done, planned, best }: { readonly done: number; readonly planned: number; readonly best: number | null },
  secondsLeft: number | null,
): string {
  const share = planned > 0 ? done / planned : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
  const found = best === null ? UNKNOWN : fixed(best, 0);
  const left = secondsLeft === null ? UNKNOWN : `${Math.ceil(secondsLeft)} s`;
  return `${bar} ${done} of ${planned} trials   best ${found} quote a year   ETA ${left}`;
}

/** What came out, as people read it. */
export function calibrationLines(
  { result, windows, resumed }: StudyCalibration,
  facts: { readonly study: string; readonly seed: number },
  { style }: Pick<Terminal, 'style'>,
): readonly string[] {
  const { verdict, objective, frontier, present, folds } = result;
  const heldOutWeeks = folds.reduce((sum, { testWeeks }) => sum + testWeeks.length, 0);
  const { train } = folds.at(-1)!.range;
  const least =
    objective.kind === 'riskAversion'
      ? `cost + λ/2 × variance, quote a year, λ ${significant(objective.riskAversion, 3)}`
      : `cost, quote a year, at an error of ${fixed(objective.hedgingError, 2)} quote an hour`;
  const columns: readonly Column[] = [
    { title: '', align: 'left' },
    { title: 'setting', align: 'left' },
    { title: 'cost/y', align: 'right' },
    { title: 'error/h', align: 'right' },
    { title: 'cost/y', align: 'right' },
    { title: 'error/h', align: 'right' },
  ];
  const rows = [
    ...frontier.map((row) => [
      row.isChosen ? '*' : ' ',
      settingText(row.choice),
      ...figures(row.training),
      ...figures(row.heldOut),
    ]),
    ['now', settingText(present.choice), ...figures(present.training), ...figures(present.heldOut)],
  ];
  const lines = table(columns, rows);
  const heading = lines[0]!;
  const from = heading.indexOf('cost/y') - 2;
  const word = verdict.adopt ? style.green('better') : style.yellow('refused');
  return [
    `${style.bold(facts.study)}   seed ${facts.seed}   ${result.trials} settings${resumed > 0 ? `, ${resumed} from the log` : ''}`,
    ...labelled('least', least, LABEL_WIDTH),
    ...labelled(
      'windows',
      `${windows.tests} tests of ${folds[0]!.range.test.to - folds[0]!.range.test.from} weeks, each after ${train.to - train.from} weeks of training, ${windows.purgeDays} days purged between`,
      LABEL_WIDTH,
    ),
    '',
    style.dim(pad('', from, 'left') + groupHeads(heading, heldOutWeeks)),
    ...lines,
    '',
    ...labelled(word, verdict.why, LABEL_WIDTH),
  ];
}

/** The words over the two pairs of columns. */
function groupHeads(heading: string, heldOutWeeks: number): string {
  const first = heading.indexOf('cost/y');
  const second = heading.lastIndexOf('cost/y');
  return `  ${pad('training', second - first, 'left')}held out, ${heldOutWeeks} w`;
}

function figures(value: SettingFigures | null): readonly string[] {
  return value === null ? [UNKNOWN, UNKNOWN] : [fixed(value.costPerYear, 0), fixed(value.hedgingError, 1)];
}

/** The JSON document: what was found, with the types' own keys. */
export function calibrationJson(
  { result, windows, inputHash, resumed }: StudyCalibration,
  facts: {
    readonly study: string;
    readonly seed: number;
    readonly wrote: string | null;
    readonly html: string | null;
  },
): Readonly<Record<string, unknown>> {
  const { folds, ...rest } = result;
  return {
    ...facts,
    inputHash,
    resumed,
    windows,
    ...rest,
    folds: folds.map(({ testWeeks: _, ...fold }) => fold),
  };
}
