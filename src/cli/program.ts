import { Command, Option } from 'commander';
import { packageVersion } from '../runtime/build.ts';
import type { LogLevel } from '../runtime/log/log.ts';
import { labelled } from './output/table.ts';

const ERROR_LABEL_WIDTH = 13;

/** Every command, in the order of the help, and what loads it. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand(),
  devnet: async () => (await import('./commands/devnet.ts')).devnetCommand(),
  init: async () => (await import('./commands/init.ts')).initCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  stress: async () => (await import('./commands/stress.ts')).stressCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  arm: async () => (await import('./commands/arm.ts')).armCommand(),
  disarm: async () => (await import('./commands/disarm.ts')).disarmCommand(),
  resume: async () => (await import('./commands/resume.ts')).resumeCommand(),
  fork: async () => (await import('./commands/fork.ts')).forkCommand(),
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearseCommand(),
  mandate: async () => (await import('./commands/mandate.ts')).mandateCommand(),
  keys: async () => (await import('./commands/keys.ts')).keysCommand(),
  list: async () => (await import('./commands/list.ts')).listCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  dashboard: async () => (await import('./commands/dashboard.ts')).dashboardCommand(),
  journal: async () => (await import('./commands/journal.ts')).journalCommand(),
  replay: async () => (await import('./commands/replay.ts')).replayCommand(),
  backtest: async () => (await import('./commands/backtest.ts')).backtestCommand(),
  greeks: async () => (await import('./commands/greeks.ts')).greeksCommand(),
  vol: async () => (await import('./commands/vol.ts')).volCommand(),
  depth: async () => (await import('./commands/depth.ts')).depthCommand(),
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand(),
  'record-pools': async () => (await import('./commands/recordPools.ts')).recordPoolsCommand(),
};

const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong use or config, 3 halted by a limit.
Start with: ballast demo`;

/**
 * The command line. Of the commands only those are loaded that the words could mean, since loading all takes longer than
 * most of them do; all are where the words name none. Parsing throws CommanderError instead of ending the process.
 *
 * @param words what stands after `ballast`; every command without
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
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
    .configureOutput({ outputError: (text, write) => write(usageError(text, 'ballast help')) })
    .exitOverride();
  const meant = words.includes('help') ? [] : Object.keys(commands).filter((name) => words.includes(name));
  for (const name of meant.length === 0 ? Object.keys(commands) : meant) {
    const command = await commands[name]!();
    inherit(command, program, `ballast ${name} --help`);
    for (const sub of command.commands) inherit(sub, program, `ballast ${name} ${sub.name()} --help`);
    program.addCommand(command);
  }
  program.configureHelp({ helpWidth: 80, showGlobalOptions: false });
  return program;
}

/** A command as all others, but that its faults point at its own help. */
function inherit(command: Command, program: Command, help: string): void {
  command
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'print help')
    .configureOutput({ outputError: (text, write) => write(usageError(text, help)) });
}

/** A fault in the use of a command, in the shape of every other error. */
function usageError(text: string, help: string): string {
  const [what = '', ...rest] = text.trim().split('\n');
  const meant = /\(Did you mean (.+)\?\)/.exec(rest.join(' '))?.[1];
  const action = meant === undefined ? `${help} shows what there is` : `did you mean ${meant}?`;
  return [
    'error USAGE',
    ...labelled('  what', what.replace(/^error: /, ''), ERROR_LABEL_WIDTH),
    ...labelled('  do', action, ERROR_LABEL_WIDTH),
    '',
  ].join('\n');
}
