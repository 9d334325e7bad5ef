import { Command } from 'commander';
import type { TickResult } from '../../engine/tick.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { readPricePath } from '../../runtime/fork/pricePath.ts';
import { runFork } from '../../runtime/fork/runFork.ts';
import { type ForkWorld, openFork } from '../../runtime/worlds/fork.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { portNumber, positiveNumber, wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { openKeeperPage } from '../keeperPage.ts';
import { count } from '../output/numbers.ts';
import { keeperReporter } from '../output/reporter.ts';
import { resultJson } from '../output/tickJson.ts';
import { onlyVault, withVault } from '../select.ts';

interface ForkCommandOptions {
  readonly block?: number;
  readonly path?: string;
  readonly blocks?: number;
  readonly every?: number;
  readonly vault?: string;
  readonly journal?: string;
  /** False with `--no-dashboard`. */
  readonly dashboard: boolean;
  readonly dashboardPort?: number;
}

/** `ballast fork`: the same config, on a copy of the chain where nothing is at risk. */
export function forkCommand(): Command {
  return new Command('fork')
    .description('the configured chain forked on this machine, the keeper on it, a relay beside it')
    .option('--block <number>', 'fork at this block; the newest unless given', wholeNumber)
    .option('--path <file>', 'move the market along these prices, one for each block')
    .option('--blocks <number>', "end after so many blocks; at the path's end unless given", wholeNumber)
    .option('--every <seconds>', 'a block every so many seconds; at once with --path', positiveNumber)
    .option('--vault <name>', 'this vault only')
    .option('--journal <file>', 'keep the journal here; it is thrown away unless given')
    .option('--no-dashboard', 'serve no page')
    .option('--dashboard-port <port>', 'where the page is served; any free one where taken', portNumber)
    .addHelpText(
      'after',
      `
The signer, identity, relays, alerts and dashboard of the config are not looked
at, nor are the variables that only they need: a throw-away key is made keeper
by impersonating the account, and sends through a relay on this machine.`,
    )
    .action((options: ForkCommandOptions, command: Command) =>
      execute(command, (context) => fork(context, options)),
    );
}

async function fork(context: CommandContext, options: ForkCommandOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const interrupt = interruptible(() => terminal.progress('stopping'));
  try {
    const path = options.path === undefined ? null : await readPricePath(options.path);
    const tools = systemTools(log, redactor, interrupt.signal);
    const config = withVault(
      await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS }),
      options.vault,
    );
    const vault = path === null ? config.vaults[0] : onlyVault(config, options.vault);
    if (vault === undefined) return 1;
    terminal.progress('forking');
    const world = await openFork(config, tools, {
      journalPath: options.journal ?? null,
      ...(options.block === undefined ? {} : { blockNumber: BigInt(options.block) }),
    });
    const beside = await openKeeperPage(
      { config: world.config, configFile, tools, redactor },
      { mode: 'fork', store: world.world.store },
      options.dashboard ? (options.dashboardPort ?? null) : 'none',
    );
    try {
      terminal.line(banner(world, config.chain.id, context));
      if (beside.url !== null) terminal.line(`dashboard  ${beside.url}   read-only`);
      const report = keeperReporter(world, terminal, stamp);
      const last = await runFork({
        fork: world,
        chainId: config.chain.id,
        vault,
        path,
        blocks: options.blocks ?? null,
        everySeconds: options.every ?? (path === null ? config.submission.blockSeconds : 0),
        onResults: report.results,
        stop: interrupt.signal,
      });
      await report.flushed();
      terminal.document({ forkedAt: world.blockNumber, keeper: world.keeper, vaults: last.map(resultJson) });
      terminal.line(...lastLines(last));
      return last.some(({ decision }) => decision.kind === 'halt') ? 3 : 0;
    } finally {
      await beside.close();
      await world.close();
    }
  } finally {
    interrupt.dispose();
  }
}

/** `FORK of 1 at 21,004,512 · throw-away key · loopback only` */
function banner(
  { blockNumber }: ForkWorld,
  chainId: number,
  { terminal: { style } }: CommandContext,
): string {
  return `${style.yellow('FORK')} of ${chainId} at ${count(blockNumber)} · throw-away key · loopback only`;
}

const stamp = ({ block }: TickResult) => (block === null ? '–' : count(block.number));

function lastLines(last: readonly TickResult[]): readonly string[] {
  const [first] = last;
  if (first?.block == null) return ['ended before the first block'];
  return [`ended  at block ${count(first.block.number)}; the chain itself saw nothing of this`];
}
