import { Command, Option } from 'commander';
import { packageVersion } from '../runtime/build.ts';
import type { LogLevel } from '../runtime/log/log.ts';
import { armCommand } from './commands/arm.ts';
import { backtestCommand } from './commands/backtest.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { demoCommand } from './commands/demo.ts';
import { depthCommand } from './commands/depth.ts';
import { devnetCommand } from './commands/devnet.ts';
import { disarmCommand } from './commands/disarm.ts';
import { doctorCommand } from './commands/doctor.ts';
import { explainCommand } from './commands/explain.ts';
import { forkCommand } from './commands/fork.ts';
import { greeksCommand } from './commands/greeks.ts';
import { initCommand } from './commands/init.ts';
import { journalCommand } from './commands/journal.ts';
import { keysCommand } from './commands/keys.ts';
import { listCommand } from './commands/list.ts';
import { mandateCommand } from './commands/mandate.ts';
import { planCommand } from './commands/plan.ts';
import { recordPoolsCommand } from './commands/recordPools.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { statusCommand } from './commands/status.ts';
import { stressCommand } from './commands/stress.ts';
import { volCommand } from './commands/vol.ts';
import { labelled } from './output/table.ts';

const ERROR_LABEL_WIDTH = 13;

/** Every command, in the order of the help. */
const commands: readonly (() => Command)[] = [
  demoCommand,
  devnetCommand,
  initCommand,
  doctorCommand,
  planCommand,
  stressCommand,
  runCommand,
  armCommand,
  disarmCommand,
  resumeCommand,
  forkCommand,
  rehearseCommand,
  mandateCommand,
  keysCommand,
  listCommand,
  statusCommand,
  explainCommand,
  reportCommand,
  dashboardCommand,
  journalCommand,
  replayCommand,
  backtestCommand,
  greeksCommand,
  volCommand,
  depthCommand,
  calibrateCommand,
  recordPoolsCommand,
];

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong use or config, 3 halted by a limit.
Start with: ballast demo`;

/** The whole command line. Parsing throws CommanderError instead of ending the process. */
export function createProgram(): Command {
  const logLevel = new Option('--log-level <level>', 'what is logged, to stderr')
    .choices(LOG_LEVELS)
    .default('error');
  const program = new Command('ballast')
    .description(
      'Keeps DeFi option vaults delta-neutral: decides when a hedge is worth its\ncost, and sends it exactly once, through private relays.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('-c, --config <file>', 'the config file', 'ballast.yaml')
    .option('--json', 'print one JSON document and nothing else')
    .option('--wide', 'addresses in full')
    .option('--no-color', 'no colour')
    .option('--debug', 'log everything, and show where errors come from')
    .addOption(logLevel)
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXIT_CODES)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .exitOverride();
  for (const create of commands) {
    const command = create();
    command.copyInheritedSettings(program).helpOption('-h, --help', 'print help');
    for (const sub of command.commands)
      sub.copyInheritedSettings(program).helpOption('-h, --help', 'print help');
    program.addCommand(command);
  }
  program.configureHelp({ helpWidth: 80, showGlobalOptions: false });
  return program;
}

/** A fault in the use of a command, in the shape of every other error. */
function usageError(text: string): string {
  const [what = '', ...rest] = text.trim().split('\n');
  const meant = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  const action = meant === undefined ? 'ballast help shows what there is' : `did you mean ${meant}?`;
  return [
    'error USAGE',
    ...labelled('  what', what.replace(/^error: /, ''), ERROR_LABEL_WIDTH),
    ...labelled('  do', action, ERROR_LABEL_WIDTH),
    '',
  ].join('\n');
}
