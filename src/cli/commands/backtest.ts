import { Command, InvalidArgumentError, Option } from 'commander';
import { backtestRun, writeResults } from '../../runtime/backtest/backtestRun.ts';
import { packageVersion } from '../../runtime/build.ts';
import { writeBacktestPage } from '../../runtime/report/backtestPage.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { wholeNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { backtestLines } from '../output/backtest.ts';

interface BacktestOptions {
  readonly from?: number;
  readonly to?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly html?: string;
  readonly tick?: boolean;
}

/** A day or moment in UTC as Unix seconds. @throws InvalidArgumentError for anything else */
export function momentArgument(text: string): number {
  const isMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text);
  const seconds = isMoment ? Date.parse(text) / 1_000 : Number.NaN;
  if (Number.isNaN(seconds))
    throw new InvalidArgumentError('Expected a day or a moment, such as 2024-01-31.');
  return seconds;
}

/** `ballast backtest`: what policies would have cost over recorded or simulated prices. */
export function backtestCommand(): Command {
  return new Command('backtest')
    .description('what policies cost over recorded or simulated prices, at equal hedging error')
    .argument('[study]', 'a study file (examples/backtest.yaml); a small simulated study without')
    .addOption(new Option('--from <day>', 'first day, UTC').argParser(momentArgument))
    .addOption(new Option('--to <day>', 'day after the last, UTC').argParser(momentArgument))
    .option('--seed <number>', 'instead of the seed of the study', wholeNumber)
    .option('--out <file>', 'write everything, step by step, as JSON')
    .option('--html <file>', 'write a report to look at, and the same as JSON beside it')
    .option('--tick', 'run the tick of production itself, not its fast equal')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong use or study.')
    .action((file: string | undefined, options: BacktestOptions, command: Command) =>
      execute(command, (context) => runBacktest(context, file, options)),
    );
}

async function runBacktest(
  { terminal, log, redactor }: CommandContext,
  file: string | undefined,
  { from, to, seed, out, html, tick }: BacktestOptions,
): Promise<ExitCode> {
  const tenths = new Set<number>();
  const run = await backtestRun(
    {
      ...(file === undefined ? {} : { file }),
      ...(from === undefined ? {} : { fromSeconds: from }),
      ...(to === undefined ? {} : { toSeconds: to }),
      ...(seed === undefined ? {} : { seed }),
      engine: tick === true ? 'tick' : 'fast',
      onProgress: (share, what) => {
        const tenth = Math.floor(10 * share);
        if (tenths.has(tenth)) return;
        tenths.add(tenth);
        terminal.progress(`${10 * tenth} %  ${what}`);
      },
    },
    systemTools(log, redactor, null),
  );
  if (out !== undefined) await writeResults(out, run);
  const page =
    html === undefined
      ? null
      : await writeBacktestPage(html, run, {
          command: ['ballast', ...process.argv.slice(2)].join(' '),
          version: packageVersion(),
          ...(file === undefined ? {} : { file }),
        });
  terminal.line(...backtestLines(run.report, terminal.style));
  if (out !== undefined) terminal.line(`report  ${out}`);
  if (page !== null) terminal.line(`report  ${page.html}`);
  terminal.document({ ...run.report, out: out ?? null, html: page?.html ?? null });
  return 0;
}
