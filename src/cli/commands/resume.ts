import { Command } from 'commander';
import { appendAct, operatorFileOf } from '../../runtime/arm/operatorFile.ts';
import { haltStatus } from '../../runtime/arm/resume.ts';
import { whoIsAsking } from '../../runtime/arm/who.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { UsageError } from '../../runtime/errors.ts';
import { openJournalToRead } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { labelled } from '../output/table.ts';
import { withVault } from '../select.ts';

interface ResumeOptions {
  readonly vault?: string;
  readonly reason: string;
}

/** `ballast resume`: ends a halt that a limit began. */
export function resumeCommand(): Command {
  return new Command('resume')
    .description('let a vault that a limit halted go on; the reason is kept')
    .option('--vault <name>', 'one vault only')
    .requiredOption('--reason <text>', 'what was found, and why it may go on')
    .addHelpText(
      'after',
      `
What the limit counted up to now counts no more. A running keeper goes on with
its next look, another one when it starts.

Exit codes: 0 said, 2 wrong use, or no vault is halted by a limit.`,
    )
    .action((options: ResumeOptions, command: Command) =>
      execute(command, (context) => resume(context, options)),
    );
}

async function resume(context: CommandContext, options: ResumeOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const reason = options.reason.trim();
  if (reason === '') throw new UsageError('USAGE', 'the reason is empty', { action: 'say what was found' });
  const store = await openJournalToRead(config.journal, tools);
  try {
    const vaults = withVault(config, options.vault).vaults.map(({ name }) => name);
    const halted = (
      await Promise.all(vaults.map(async (vault) => ({ vault, ...(await haltStatus(store, vault)) })))
    ).flatMap(({ vault, halt }) => (halt === null ? [] : [{ vault, halt }]));
    if (halted.length === 0) {
      throw new UsageError('NOT_HALTED', 'no limit has halted any of these vaults', {
        facts: { vaults: vaults.join(', ') },
        action: 'ballast status says what else stands in the way: that ends when its cause does',
      });
    }
    const by = whoIsAsking();
    const atSeconds = tools.clock.nowSeconds();
    for (const { vault, halt } of halted) {
      const { code, sinceSeconds } = halt;
      const act = { kind: 'resumed', atSeconds, by, vault, reason, halt: { code, sinceSeconds } } as const;
      appendAct(operatorFileOf(config), act);
      terminal.line(...labelled(`${vault}  `, `was halted: ${halt.why}`, vault.length + 2));
    }
    terminal.line(
      `resumed  ${halted.map(({ vault }) => vault).join(', ')}     next  ${terminal.command('status')}`,
    );
    terminal.document({ resumed: halted, reason });
    return 0;
  } finally {
    await store.close();
  }
}
