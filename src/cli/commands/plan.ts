import { Command } from 'commander';
import { tickFleet } from '../../engine/tick.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { openLook } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { planLines } from '../output/plan.ts';
import { resultJson } from '../output/tickJson.ts';
import { withVault } from '../select.ts';

/** `ballast plan`: one read and one decision, with the reasons. */
export function planCommand(): Command {
  return new Command('plan')
    .description('read once, decide once, say why; nothing is sent, nothing is written')
    .option('--vault <name>', 'this vault only')
    .addHelpText('after', '\nExit codes: 0 decided, 2 wrong use or config, 3 a vault is halted.')
    .action((options: { vault?: string }, command: Command) =>
      execute(command, (context) => plan(context, options.vault)),
    );
}

async function plan(context: CommandContext, only: string | undefined): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  terminal.progress('reading the vault and its pools');
  const open = await openLook(withVault(config, only), tools);
  try {
    const results = await tickFleet(open.world, open.vaults);
    results.forEach((result, index) => {
      const vault = open.vaults[index];
      if (vault === undefined) return;
      if (index > 0) terminal.line('');
      terminal.line(...planLines(result, vault, terminal));
    });
    if (open.withoutKeeper !== null && open.vaults.some(({ keeper }) => keeper === null)) {
      terminal.line(
        `${terminal.style.dim('note')}        keeper's rights not looked at: ${open.withoutKeeper}`,
      );
    }
    terminal.line('', `next  ${terminal.command('run')}`);
    terminal.document({ sent: false, withoutKeeper: open.withoutKeeper, vaults: results.map(resultJson) });
    return results.some(({ decision }) => decision.kind === 'halt') ? 3 : 0;
  } finally {
    await open.close();
  }
}
