import { Command, Option } from 'commander';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import type { Store } from '../../ports/store.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import type { VaultConfig } from '../../runtime/config/schema.ts';
import type { PeriodReport } from '../../runtime/dailyReport/periodReport.ts';
import { periodReport } from '../../runtime/dailyReport/periodReport.ts';
import { triedPolicies } from '../../runtime/dailyReport/triedPolicies.ts';
import { writePeriodPage } from '../../runtime/dailyReport/writePeriodPage.ts';
import { UsageError } from '../../runtime/errors.ts';
import { openJournalToRead } from '../../runtime/worlds/look.ts';
import { systemTools, type WorldTools } from '../../runtime/worlds/tools.ts';
import { positiveNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { periodLines } from '../output/period.ts';
import { withVault } from '../select.ts';
import { momentArgument } from './backtest.ts';
import { chosenPolicy, jsonArgument } from './replay.ts';

interface ReportOptions {
  readonly vault?: string;
  readonly days?: number;
  readonly since?: number;
  readonly until?: number;
  readonly policy?: string;
  readonly parameters?: unknown;
  readonly html?: string;
}

/** `ballast report`: what a day or a week of hedging cost and left open. */
export function reportCommand(): Command {
  return new Command('report')
    .description('a day or a week: cost, risk, profit and loss, and what another policy would do')
    .option('--vault <name>', 'one vault only')
    .option('--days <number>', 'so many days up to the end; 1 unless given, 7 for a week', positiveNumber)
    .addOption(new Option('--since <day>', 'first day, UTC').argParser(momentArgument))
    .addOption(
      new Option('--until <day>', 'day after the last, UTC; the newest decision unless given').argParser(
        momentArgument,
      ),
    )
    .option('--policy <kind>', 'one more policy to try on the same path')
    .option('--parameters <json>', 'of that policy; its sample where left out', jsonArgument)
    .option('--html <file>', 'write a page to look at, and the same as JSON beside it')
    .addHelpText(
      'after',
      `
From the journal alone. What is not known stands as – with its reason. Each
policy is followed on the prices and pools that there were; backtest goes
further.

Exit codes: 0 done, 2 wrong use or config.`,
    )
    .action((options: ReportOptions, command: Command) =>
      execute(command, (context) => report(context, options)),
    );
}

async function report(
  { terminal, log, redactor, configFile }: CommandContext,
  options: ReportOptions,
): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = withVault(await loadConfig(configFile, tools), options.vault);
  const store = await openJournalToRead(config.journal, tools);
  try {
    const reports: PeriodReport[] = [];
    for (const [index, vault] of config.vaults.entries()) {
      const found = await reportOf(store, vault, options, tools, (words) => terminal.progress(words));
      reports.push(found);
      terminal.line(...(index > 0 ? [''] : []), ...periodLines(found, terminal.style));
    }
    const written = options.html === undefined ? null : writePeriodPage(options.html, reports);
    if (written === null) terminal.line('', `next  ${terminal.command('report --html report.html')}`);
    else terminal.line('', `wrote  ${written.html}   ${written.json}`);
    terminal.document({ vaults: reports, written });
    return 0;
  } finally {
    await store.close();
  }
}

async function reportOf(
  store: Store,
  vault: VaultConfig,
  options: ReportOptions,
  { registry }: WorldTools,
  onProgress: (words: string) => void,
): Promise<PeriodReport> {
  const { name, limits } = vault;
  const [newest] = await store.decisions(name, 1);
  const terms = newest?.snapshot?.vault;
  const symbol = (token: VaultConfig['base']) => ('symbol' in token ? token.symbol : undefined) ?? 'token';
  const named = options.policy === undefined ? null : chosenPolicy(vault, options, registry);
  let told = 0;
  return periodReport(store, {
    vault: name,
    policy: vault.policy.kind,
    units: {
      base: terms?.base.symbol ?? symbol(vault.base),
      quote: terms?.quote.symbol ?? symbol(vault.quote),
    },
    period: periodOf(options, newest?.snapshot?.chain.block.timestampSeconds ?? newest?.recordedAtSeconds),
    limits,
    triedPolicies: (halfWidth) => triedPolicies(vault, named, halfWidth, registry),
    onProgress: (share) => {
      if (share < told + 0.1) return;
      told = share;
      onProgress(`${Math.floor(100 * share)} %  ${name}`);
    },
  });
}

/** The end is the newest decision where none is named, so that a keeper that stopped is reported up to its last word. */
function periodOf({ since, until, days }: ReportOptions, newestSeconds: number | undefined) {
  const toSeconds = until ?? (newestSeconds === undefined ? Date.now() / 1_000 : newestSeconds + 1);
  const fromSeconds = since ?? toSeconds - (days ?? 1) * SECONDS_PER_DAY;
  if (since !== undefined && days !== undefined) {
    throw new UsageError('USAGE', '--since and --days both say when it begins', {
      action: 'name one of them',
    });
  }
  if (fromSeconds < toSeconds) return { fromSeconds, toSeconds };
  throw new UsageError('USAGE', 'the period ends before it begins', { action: 'correct --since or --until' });
}
