import { Command } from 'commander';
import { loadConfig } from '../../runtime/config/load.ts';
import { type Config, OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { allFaults } from '../../runtime/rehearse/faults/index.ts';
import { rehearse, USUAL_FAULTS } from '../../runtime/rehearse/rehearse.ts';
import { faultsNamed } from '../../runtime/rehearse/select.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import {
  faultList,
  hasViolations,
  rehearsalHeader,
  rehearsalReady,
  rehearsalRow,
  rehearsalSummary,
} from '../output/rehearse.ts';
import { withVault } from '../select.ts';

interface RehearseOptions {
  readonly faults?: string;
  readonly seeds: number;
  readonly seed?: number;
  readonly block?: number;
  readonly vault?: string;
  readonly list?: boolean;
}

/** `ballast rehearse`: what goes wrong one day, on a copy of the chain, before going live. */
export function rehearseCommand(): Command {
  return new Command('rehearse')
    .description('let everything go wrong on a fork of the configured chain, and see how the keeper takes it')
    .option('--faults <list>', 'these only: names or kinds of faults, or all')
    .option('--seeds <number>', 'so many market paths for each fault', wholeNumber, 1)
    .option('--seed <number>', 'this path only, to see a run once more', wholeNumber)
    .option('--block <number>', 'fork at this block; the newest unless given', wholeNumber)
    .option('--vault <name>', 'this vault only')
    .option('--list', 'print the faults and end')
    .addHelpText(
      'after',
      `
The keeper runs as a process of its own, is killed, lied to and left alone, and
has to end each time with every order executed once or never, a journal that
agrees with the chain, and nothing open. The signer, identity, relays and alerts
of the config are not looked at: key, relay and journal are throw-away ones on
this machine.

blocks: from the end of the fault until nothing is open and nothing to do
(median–most)

Examples:
  ballast rehearse                              the usual faults, some minutes
  ballast rehearse --faults relay,nonce-stuck   all of one kind, and one more
  ballast rehearse --faults reorg-3 --seed 17   one run once more

Exit codes: 0 all of it handled, 1 something was not, 2 wrong use or config.`,
    )
    .action((options: RehearseOptions, command: Command) =>
      execute(command, (context) => (options.list ? list(context) : run(context, options))),
    );
}

async function list({ terminal }: CommandContext): Promise<ExitCode> {
  terminal.line(...faultList(allFaults, USUAL_FAULTS, terminal.style));
  terminal.document({ faults: allFaults.map(({ name, family, words }) => ({ name, family, words })) });
  return 0;
}

async function run(context: CommandContext, options: RehearseOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const faults = faultsNamed(allFaults, options.faults?.split(',') ?? USUAL_FAULTS);
  const interrupt = interruptible(() => terminal.progress('stopping after the run under way'));
  try {
    const tools = systemTools(log, redactor, interrupt.signal);
    const loaded = await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS });
    const config: Config = withVault(loaded, options.vault);
    terminal.progress('forking, and a calm run first');
    const rows = await rehearse({
      config,
      tools,
      faults,
      seeds: seedsOf(options),
      blockNumber: options.block === undefined ? null : BigInt(options.block),
      nodeArguments: process.execArgv,
      onReady: (facts) =>
        terminal.line(
          ...rehearsalReady(facts, config.chain.id, terminal.style),
          rehearsalHeader(terminal.style),
        ),
      onRun: ({ fault }, done, of) => terminal.progress(`${done} of ${of}  ${fault}`),
      onRow: (row) => terminal.line(...rehearsalRow(row, terminal.style)),
    });
    terminal.line(...rehearsalSummary(rows, terminal.style));
    terminal.document({ faults: rows });
    return hasViolations(rows) || rows.length < faults.length ? 1 : 0;
  } finally {
    interrupt.dispose();
  }
}

function seedsOf({ seed, seeds }: RehearseOptions): readonly number[] {
  if (seed !== undefined) return [seed];
  return Array.from({ length: Math.max(1, seeds) }, (_, index) => index + 1);
}
