import { Command } from 'commander';
import { runDemo } from '../../runtime/demo/runDemo.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { interruptible } from '../interrupt.ts';
import { demoHeader, demoLine, readyLines, summaryLines } from '../output/demo.ts';

/** `ballast demo`: the whole of it on this machine, in under a minute. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('a vault on a replica of mainnet, hedged through a falling market; no key, no RPC needed')
    .option('--seed <number>', 'which chop the market has', wholeNumber, 7)
    .action((options: { seed: number }, command: Command) =>
      execute(command, (context) => demo(context, options.seed)),
    );
}

async function demo({ terminal, log, redactor }: CommandContext, seed: number): Promise<ExitCode> {
  const interrupt = interruptible(() => terminal.progress('stopping'));
  try {
    terminal.progress('starting the devnet');
    const { report, parts } = await runDemo({
      tools: systemTools(log, redactor, interrupt.signal),
      seed,
      listener: {
        onReady: (facts) =>
          terminal.line(...readyLines(facts, seed, terminal.style), demoHeader(terminal.style)),
        onBlock: (_, result, filled) => terminal.line(...demoLine(result, filled, terminal.style)),
      },
    });
    if (interrupt.signal.aborted) return 1;
    terminal.line('', ...summaryLines(report, parts, terminal.style));
    terminal.exactly(report);
    return 0;
  } finally {
    interrupt.dispose();
  }
}
