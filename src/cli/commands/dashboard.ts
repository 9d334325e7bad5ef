import { Command } from 'commander';
import { openDashboard } from '../../dashboard/configured.ts';
import type { Dashboard } from '../../dashboard/server.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { portNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import {
  DEFAULT_DASHBOARD_PORT,
  dashboardAddress,
  dashboardToken,
  TOKEN_VARIABLE,
} from '../dashboardOptions.ts';
import { interruptible } from '../interrupt.ts';

interface DashboardCommandOptions {
  readonly host?: string;
  readonly port?: number;
  readonly allowHost?: readonly string[];
  readonly journal?: string;
  readonly reports?: string;
}

/** `ballast dashboard`: the page over a journal. */
export function dashboardCommand(): Command {
  return new Command('dashboard')
    .description('the page over the journal, beside the keeper or without one; it reads and never writes')
    .option('--host <address>', 'where to listen; as dashboard.listen says, or on 127.0.0.1, unless given')
    .option(
      '--port <port>',
      `which port, 0 for any free one; as dashboard.listen says, or ${DEFAULT_DASHBOARD_PORT}, unless given`,
      portNumber,
    )
    .option('--allow-host <name>', 'a further name to be asked under, of a proxy in front', collect)
    .option('--journal <file>', 'a journal file alone, without a config')
    .option('--reports <folder>', 'where reports are; beside the config unless given')
    .addHelpText(
      'after',
      `
Anybody who can reach another address than this machine's own could look, so
that needs a token in ${TOKEN_VARIABLE} (or the variable that
dashboard.tokenVariable names), and so does another name; without one it does
not start.`,
    )
    .action((options: DashboardCommandOptions, command: Command) =>
      execute(command, (context) => serve(context, options)),
    );
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

async function serve(context: CommandContext, options: DashboardCommandOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const interrupt = interruptible(() => terminal.progress('stopping'));
  try {
    const tools = systemTools(log, redactor, interrupt.signal);
    const isAlone = options.journal !== undefined;
    const config = isAlone ? null : await loadConfig(configFile, tools);
    const journal = config?.journal ?? {
      kind: 'sqlite',
      config: { path: options.journal ?? '', readOnly: true },
    };
    const token = dashboardToken(tools.environment, redactor, config?.dashboard ?? null);
    const address = dashboardAddress(config?.dashboard ?? null, options);
    const variable = config?.dashboard.tokenVariable ?? TOKEN_VARIABLE;
    const dashboard = await openDashboard(
      {
        journal,
        config,
        configFile: isAlone ? null : configFile,
        ...(options.reports === undefined ? {} : { reports: options.reports }),
        tools,
        redactor,
      },
      {
        host: address.host,
        port: address.port ?? DEFAULT_DASHBOARD_PORT,
        allowedHosts: options.allowHost ?? [],
        token,
      },
    );
    terminal.line(...addressLines(dashboard, journal.config, token === null ? null : variable));
    terminal.document({ url: dashboard.url, readOnly: true, needsToken: token !== null });
    await aborted(interrupt.signal);
    await dashboard.close();
    return 0;
  } finally {
    interrupt.dispose();
  }
}

function addressLines({ url }: Dashboard, journal: unknown, tokenVariable: string | null): readonly string[] {
  const { path } = journal as { readonly path?: string };
  return [
    `dashboard  ${url}   read-only   ${path ?? 'journal'}`,
    tokenVariable === null
      ? 'token      none: this machine only'
      : `token      the one in ${tokenVariable}; the page asks for it`,
  ];
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
