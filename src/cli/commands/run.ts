import { Command } from 'commander';
import type { TickResult } from '../../engine/tick.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { keep } from '../../runtime/keeper/keeper.ts';
import { prepareOperations, type RunningOperations } from '../../runtime/keeper/operations.ts';
import { openLive } from '../../runtime/worlds/live.ts';
import { openShadow } from '../../runtime/worlds/shadow.ts';
import { type OpenWorld, systemTools } from '../../runtime/worlds/tools.ts';
import { portNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { type KeeperPage, openKeeperPage } from '../keeperPage.ts';
import { keeperReporter } from '../output/reporter.ts';
import { resultJson } from '../output/tickJson.ts';
import { orderName } from '../output/ticks.ts';

interface RunOptions {
  readonly shadow?: boolean;
  readonly once?: boolean;
  /** False with `--no-dashboard`. */
  readonly dashboard: boolean;
  readonly dashboardPort?: number;
}

/** `ballast run`: the keeper. */
export function runCommand(): Command {
  return new Command('run')
    .description('keep the vaults of the config neutral, on its schedule, until stopped')
    .option('--shadow', 'decide and journal on paper; no key is needed and nothing is sent')
    .option(
      '--once',
      'look once, follow what was sent up its ladder until it is settled or its deadline has passed, and end',
    )
    .option('--no-dashboard', 'serve no page')
    .option('--dashboard-port <port>', 'where the page is served; any free one where taken', portNumber)
    .addHelpText(
      'after',
      `
Until a vault is armed (ballast arm) this sends only where the chain and every
relay are on this machine. Ctrl-C ends it in good order: no new order, open ones
named and left in the journal for the next start. A second Ctrl-C ends it at
once.

Exit codes: 0 ended, 2 not allowed to send, 3 a vault is halted (with --once).`,
    )
    .action((options: RunOptions, command: Command) => execute(command, (context) => run(context, options)));
}

async function run(context: CommandContext, options: RunOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const interrupt = interruptible(() =>
    terminal.progress('stopping: no new order; once more to end at once'),
  );
  try {
    const own = systemTools(log, redactor, interrupt.signal);
    const config = await loadConfig(configFile, own);
    const prepared = prepareOperations(config, own, redactor, options.shadow ? 'shadow' : 'live');
    const { tools } = prepared;
    const opened = await (options.shadow ? openShadow(config, tools) : openLive(config, tools));
    let operations: RunningOperations | null = null;
    let beside: KeeperPage | null = null;
    try {
      operations = await prepared.start(opened);
      const { open, before, onResults, url } = operations;
      terminal.line(banner(open, context));
      if (url !== null) terminal.line(`metrics    ${url}/metrics`);
      const isShown = options.dashboard && options.once !== true;
      beside = await openKeeperPage(
        { config, configFile, tools: own, redactor },
        { mode: options.shadow ? 'shadow' : 'live', store: opened.world.store, health: operations.health },
        isShown ? (options.dashboardPort ?? null) : 'none',
      );
      if (beside.url !== null) terminal.line(`dashboard  ${beside.url}   read-only`);
      const report = keeperReporter(open, terminal);
      const end = await keep({
        open,
        schedule: config.schedule,
        before,
        onResults: (results) => {
          onResults(results);
          report.results(results);
        },
        once: options.once === true,
        stop: interrupt.signal,
      });
      await report.flushed();
      terminal.document({ mode: open.mode, runs: end.counts, vaults: end.last.map(resultJson) });
      nameOpenOrders(context, end.last);
      const isHalted = end.last.some(({ decision }) => decision.kind === 'halt');
      return options.once && isHalted ? 3 : 0;
    } finally {
      await beside?.close();
      await operations?.close();
      await opened.close();
    }
  } finally {
    interrupt.dispose();
  }
}

/** The mode stands in every banner, so that nobody mistakes one for another. */
function banner(
  { mode, vaults, world }: OpenWorld,
  { terminal: { style }, configFile }: CommandContext,
): string {
  const words =
    mode === 'shadow'
      ? `${style.yellow('SHADOW')}  nothing is sent`
      : world.permission === undefined
        ? `${style.alarm('LIVE')}  not armed: loopback only`
        : `${style.alarm('LIVE')}  armed`;
  const policies = [...new Set(vaults.map(({ policy }) => policy.kind))].join(', ');
  return `${words}   ${vaults.length} vault${vaults.length === 1 ? '' : 's'}   ${policies}   ${configFile}`;
}

function nameOpenOrders({ terminal }: CommandContext, last: readonly TickResult[]): void {
  const open = last.flatMap((result) => result.open);
  for (const { record } of open) {
    terminal.line(
      `open   ${record.vault} ${orderName(record.id)}: in the journal; the next start settles it`,
    );
  }
  if (open.length === 0) terminal.line('ended  no order is open');
}
