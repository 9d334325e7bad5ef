import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadStudy, studyOf } from '../../runtime/backtest/loadStudy.ts';
import type { Study } from '../../runtime/backtest/study.ts';
import { packageVersion } from '../../runtime/build.ts';
import {
  type CalibrationProgress,
  calibrateStudy,
  configFragment,
  defaultCalibrationText,
  type PolicyChoice,
  type StudyCalibration,
  trialsOn,
} from '../../runtime/calibrate/index.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { writeCalibrationPage } from '../../runtime/report/calibrationPage.ts';
import { WorkerPool } from '../../runtime/workers/workerPool.ts';
import { systemTools, type WorldTools } from '../../runtime/worlds/tools.ts';
import { positiveNumber, positiveNumbers, wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { calibrationJson, calibrationLines, progressText } from '../output/calibrate.ts';
import { onlyVault } from '../select.ts';

interface CalibrateOptions {
  readonly vault?: string;
  readonly riskAversion?: number;
  readonly hedgingError?: number;
  readonly seed?: number;
  readonly workers?: number;
  readonly tests: number;
  readonly train: number;
  readonly checkEvery: readonly number[];
  readonly refinements: number;
  readonly resume?: string;
  readonly write?: string | true;
  readonly html?: string;
}

/** Trials that a thread runs side by side: they share what the market shows. */
const PER_WORKER = 4;
const DEFAULT_FRAGMENT = 'calibrated-policy.yaml';

/** `ballast calibrate`: settings searched on past weeks, judged on the weeks after. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('search the policy settings that cost least for their risk, judge them on weeks unseen')
    .argument('[study]', 'a study file; a small simulated one unless given')
    .option('--vault <name>', "beat this vault's policy of the config; the study's first unless given")
    .option(
      '--risk-aversion <lambda>',
      'what risk costs, 1/quote; the policy’s own unless given',
      positiveNumber,
    )
    .addOption(
      new Option('--hedging-error <quote>', 'the cheapest setting at this hedging error an hour instead')
        .argParser(positiveNumber)
        .conflicts('riskAversion'),
    )
    .option('--seed <number>', 'another seed than the study says', wholeNumber)
    .option('--workers <count>', 'threads; as many as the machine runs at once unless given', wholeNumber)
    .option('--tests <count>', 'test windows', wholeNumber, 3)
    .option('--train <count>', 'windows of training before each test', wholeNumber, 2)
    .addOption(
      new Option('--check-every <steps>', 'steps between two looks that are tried: 1,2,4')
        .argParser(positiveNumbers)
        .default([1], '1'),
    )
    .option('--refinements <count>', 'times the grid is halved around the best', wholeNumber, 2)
    .option('--resume <file>', 'keep trials in this file, and go on from what is in it')
    .option('--write [file]', `write the policy section where it is better (${DEFAULT_FRAGMENT})`)
    .option('--html <file>', 'write a report to look at, and the same as JSON beside it')
    .addHelpText(
      'after',
      `
The setting is refused where it is not better than the present one on weeks that
it was not chosen on: nothing is written then.
Exit codes: 0 done, 1 --write was refused or it failed, 2 wrong use or config.`,
    )
    .action((study: string | undefined, options: CalibrateOptions, command: Command) => {
      const isConfigNamed = command.getOptionValueSourceWithGlobals('config') === 'cli';
      return execute(command, (context) => calibrate(context, study, options, isConfigNamed));
    });
}

async function calibrate(
  context: CommandContext,
  studyFile: string | undefined,
  options: CalibrateOptions,
  isConfigNamed: boolean,
): Promise<ExitCode> {
  const { terminal, log, redactor } = context;
  const tools = systemTools(log, redactor, null);
  const changes = options.seed === undefined ? {} : { seed: options.seed };
  const study =
    studyFile === undefined
      ? await studyOf('calibration', defaultCalibrationText, tools, changes)
      : await loadStudy(studyFile, tools, changes);
  const isVaultNamed = options.vault !== undefined || isConfigNamed;
  const vault = isVaultNamed ? await configured(context, options.vault, tools) : null;
  const interrupt = interruptible(() => terminal.progress('ending: trials that are done are kept'));
  const line = statusLine(context);
  const pool = new WorkerPool(options.workers);
  try {
    const calibration = await calibrateStudy(study, {
      ...(vault === null ? {} : { present: vault.policy }),
      ...(options.riskAversion === undefined ? {} : { riskAversion: options.riskAversion }),
      ...(options.hedgingError === undefined ? {} : { hedgingError: options.hedgingError }),
      windows: { tests: options.tests, trainWindows: options.train },
      checkEvery: options.checkEvery,
      refinements: options.refinements,
      ...(options.resume === undefined ? {} : { logFile: options.resume }),
      batch: PER_WORKER * pool.size,
      run: trialsOn(pool),
      onProgress: line.show,
      signal: interrupt.signal,
    });
    line.clear();
    const page =
      options.html === undefined
        ? null
        : await writeCalibrationPage(
            options.html,
            { study, calibration, pool },
            {
              command: ['ballast', ...process.argv.slice(2)].join(' '),
              version: packageVersion(),
              ...(studyFile === undefined ? {} : { file: studyFile }),
            },
          );
    const vaultName = vault?.name ?? study.plan.name;
    return await conclude(context, study, calibration, options, {
      vault: vaultName,
      html: page?.html ?? null,
    });
  } finally {
    line.clear();
    interrupt.dispose();
    await pool.close();
  }
}

async function conclude(
  { terminal }: CommandContext,
  study: Study,
  calibration: StudyCalibration,
  { write }: CalibrateOptions,
  { vault, html }: { readonly vault: string; readonly html: string | null },
): Promise<ExitCode> {
  const { adopt } = calibration.result.verdict;
  const facts = { study: study.name, seed: study.seed };
  const file = write === undefined ? null : write === true ? DEFAULT_FRAGMENT : write;
  const isWritten = file !== null && adopt;
  if (isWritten) await writeFile(file, configFragment(calibration, { ...facts, vault }));
  terminal.line(...calibrationLines(calibration, facts, terminal));
  if (html !== null) terminal.line(`report      ${html}`);
  if (isWritten) terminal.line(`wrote       ${file}`);
  else if (file !== null) terminal.line(`wrote       nothing: the present setting stays`);
  if (adopt && file === null) terminal.line(`next        ballast calibrate --write`);
  terminal.document(calibrationJson(calibration, { ...facts, wrote: isWritten ? file : null, html }));
  return file !== null && !adopt ? 1 : 0;
}

/** The policy of the vault that is meant, as its config has it. */
async function configured(
  { configFile }: CommandContext,
  name: string | undefined,
  tools: WorldTools,
): Promise<{ readonly name: string; readonly policy: PolicyChoice }> {
  const config = await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS });
  const vault = onlyVault(config, name);
  const { kind, config: parameters } = vault.policy;
  return { name: vault.name, policy: { kind, parameters } };
}

/** One line on stderr that is written over as it goes, where somebody watches. */
function statusLine({ terminal }: CommandContext) {
  const isShown = !terminal.isJson && process.stderr.isTTY === true;
  const began = performance.now();
  let firstDone: number | null = null;
  let isOpen = false;
  return {
    show: (progress: CalibrationProgress) => {
      if (!isShown) return;
      firstDone ??= progress.done;
      const ran = progress.done - firstDone;
      const seconds = (performance.now() - began) / 1_000;
      const left = ran > 0 ? (seconds / ran) * (progress.planned - progress.done) : null;
      process.stderr.write(`\r\u001b[2K${progressText(progress, left)}`);
      isOpen = true;
    },
    clear: () => {
      if (isOpen) process.stderr.write('\r\u001b[2K');
      isOpen = false;
    },
  };
}
