import { Command } from 'commander';
import { runDemo } from '../../runtime/demo/runDemo.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { portNumber, wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { openKeeperPage } from '../keeperPage.ts';
import { demoHeader, demoLine, readyLines, summaryLines } from '../output/demo.ts';

/** `ballast demo`: the whole of it on this machine, in under a minute. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('a vault on a replica of mainnet, hedged through a falling market; no key, no RPC needed')
    .option('--seed <number>', 'which chop the market has', wholeNumber, 7)
    .option('--watch', 'keep it running, a block a second, with the dashboard')
    .option('--dashboard-port <port>', 'where the dashboard is served; any free one where taken', portNumber)
    .action((options: DemoCommandOptions, command: Command) =>
      execute(command, (context) => demo(context, options)),
    );
}

interface DemoCommandOptions {
  readonly seed: number;
  readonly watch?: boolean;
  readonly dashboardPort?: number;
}

/** Wall-clock seconds between two blocks of a demo that is watched. */
const WATCH_SECONDS = 1;

async function demo(
  { terminal, log, redactor }: CommandContext,
  { seed, watch = false, dashboardPort }: DemoCommandOptions,
): Promise<ExitCode> {
  const interrupt = interruptible(() => terminal.progress('stopping'));
  try {
    terminal.progress('starting the devnet');
    const { report, parts } = await runDemo({
      tools: systemTools(log, redactor, interrupt.signal),
      seed,
      ...(watch ? { watchEverySeconds: WATCH_SECONDS } : {}),
      beside: async ({ config, store, tools }) => {
        const page = await openKeeperPage(
          { config, configFile: null, tools, redactor },
          { mode: 'demo', store },
          watch ? (dashboardPort ?? null) : 'none',
        );
        if (page.url !== null) terminal.line(`dashboard  ${page.url}   read-only; Ctrl-C ends the demo`);
        return page;
      },
      listener: {
        onReady: (facts) =>
          terminal.line(...readyLines(facts, seed, terminal.style), demoHeader(terminal.style)),
        onBlock: (_, result, filled) => terminal.line(...demoLine(result, filled, terminal.style)),
      },
    });
    if (interrupt.signal.aborted && !watch) return 1;
    terminal.line('', ...summaryLines(report, parts, terminal.style));
    terminal.exactly(report);
    return 0;
  } finally {
    interrupt.dispose();
  }
}
