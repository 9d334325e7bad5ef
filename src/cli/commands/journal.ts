import { Command } from 'commander';
import { SECONDS_PER_DAY } from '../../core/units.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { UsageError } from '../../runtime/errors.ts';
import {
  backUpJournal,
  journalFile,
  journalUpkeep,
  migrateJournal,
  restoreJournal,
} from '../../runtime/journal/upkeep.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { positiveNumber } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import {
  backupLines,
  journalInfoLines,
  migratedLines,
  prunedLines,
  restoredLines,
} from '../output/journal.ts';

const CODES = '\nExit codes: 0 done, 1 the journal is held, missing or damaged, 2 wrong use.';

/** `ballast journal`: upkeep of what everything is written to. */
export function journalCommand(): Command {
  const command = new Command('journal').description(
    'look at the journal; back it up, restore, prune or bring it up to date',
  );
  command
    .command('info')
    .description('what is in it, which version it is, and whether a keeper holds it')
    .addHelpText('after', CODES)
    .action((_, own: Command) => execute(own, info));
  command
    .command('backup')
    .description('copy it into one new file, while the keeper goes on')
    .argument('<file>', 'the copy; never overwritten')
    .addHelpText('after', CODES)
    .action((file: string, _, own: Command) => execute(own, (context) => backup(context, file)));
  command
    .command('restore')
    .description('put a backup in its place; refuses while a keeper holds it')
    .argument('<file>', 'the backup')
    .option('--force', 'also where a journal is there: that one is set aside')
    .addHelpText('after', CODES)
    .action((file: string, options: { force?: boolean }, own: Command) =>
      execute(own, (context) => restore(context, file, options.force === true)),
    );
  command
    .command('prune')
    .description('remove old decisions that led to no order; orders always stay')
    .option('--older-than <days>', 'journal.retentionDays unless given', positiveNumber)
    .option('--dry-run', 'only say what would go')
    .addHelpText('after', CODES)
    .action((options: { olderThan?: number; dryRun?: boolean }, own: Command) =>
      execute(own, (context) => prune(context, options.olderThan, options.dryRun === true)),
    );
  command
    .command('migrate')
    .description('bring it to the version of this build; a copy is made first')
    .addHelpText('after', CODES)
    .action((_, own: Command) => execute(own, migrate));
  return command;
}

/** Nothing of a config but its journal is needed; keys and relays are not looked at. */
async function journalOf({ log, redactor, configFile }: CommandContext) {
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS });
  return config.journal;
}

async function info(context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { place, ...upkeep } = journalUpkeep(await journalOf(context));
  const found = await upkeep.info();
  terminal.line(...journalInfoLines(place, found, terminal.style));
  terminal.document({ ...place, ...found });
  return 0;
}

async function backup(context: CommandContext, file: string): Promise<ExitCode> {
  const { terminal } = context;
  const path = journalFile(await journalOf(context), 'backup');
  const found = backUpJournal(path, file);
  terminal.line(...backupLines(file, found, terminal));
  terminal.document({ path, backup: file, ...found });
  return 0;
}

async function restore(context: CommandContext, file: string, mayReplace: boolean): Promise<ExitCode> {
  const { terminal } = context;
  const path = journalFile(await journalOf(context), 'restore');
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const restored = restoreJournal(file, path, mayReplace, stamp);
  terminal.line(...restoredLines(path, restored, terminal));
  terminal.document({ path, from: file, setAside: restored.setAside, ...restored.info });
  return 0;
}

async function prune(
  context: CommandContext,
  olderThan: number | undefined,
  isTrial: boolean,
): Promise<ExitCode> {
  const { terminal } = context;
  const { place, retentionDays, ...upkeep } = journalUpkeep(await journalOf(context));
  const days = olderThan ?? retentionDays;
  if (days === null) {
    throw new UsageError('USAGE', 'nothing says how long decisions are kept', {
      action: 'add retentionDays to journal: in the config, or say --older-than 90',
    });
  }
  const beforeSeconds = Date.now() / 1_000 - days * SECONDS_PER_DAY;
  const pruned = await upkeep.prune(beforeSeconds, isTrial);
  terminal.line(...prunedLines(pruned, days, isTrial));
  terminal.document({ ...place, days, dryRun: isTrial, ...pruned });
  return 0;
}

async function migrate(context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const path = journalFile(await journalOf(context), 'migrate');
  const migrated = migrateJournal(path);
  terminal.line(...migratedLines(migrated));
  terminal.document({ path, ...migrated });
  return 0;
}
