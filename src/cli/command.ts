import type { Command } from 'commander';
import type { Log } from '../ports/ambient.ts';
import { createLog, type LogLevel } from '../runtime/log/log.ts';
import { createRedactor, type Redactor } from '../runtime/log/redact.ts';
import { errorJson, exitCodeOf, renderError } from './output/errors.ts';
import { styleFor } from './output/style.ts';
import { DEFAULT_CONFIG, type GlobalOptions, openTerminal, type Terminal } from './terminal.ts';

/** 0 = done, 1 = failed, 2 = wrong use or config, 3 = halted by a limit. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly log: Log;
  readonly redactor: Redactor;
  /** The config file named by `--config`. */
  readonly configFile: string;
}

/** Runs a command's body; whatever it throws is shown once, in words, and becomes the exit code. */
export async function execute(
  command: Command,
  body: (context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  const options = command.optsWithGlobals<GlobalOptions>();
  const redactor = createRedactor();
  const terminal = openTerminal(options, redactor);
  const log = createLog(redactor, options.debug ? 'debug' : ((options.logLevel ?? 'error') as LogLevel));
  try {
    process.exitCode = await body({ terminal, log, redactor, configFile: options.config ?? DEFAULT_CONFIG });
  } catch (error) {
    const style = styleFor({
      isTerminal: process.stderr.isTTY === true,
      noColor: process.env.NO_COLOR,
      term: process.env.TERM,
      isWanted: options.color !== false,
    });
    if (terminal.isJson) process.stdout.write(`${JSON.stringify(errorJson(error, redactor), null, 2)}\n`);
    process.stderr.write(`${renderError(error, style, redactor, options.debug)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
