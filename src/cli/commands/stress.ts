import { Command } from 'commander';
import { tickFleet } from '../../engine/tick.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { type StressReport, stressReport, type Untried } from '../../runtime/stress.ts';
import { openLook } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { stressLines } from '../output/stress.ts';
import { labelled } from '../output/table.ts';
import { withVault } from '../select.ts';

/** `ballast stress`: what jumps, dear gas, thin pools and a lost peg would do to a vault. */
export function stressCommand(): Command {
  return new Command('stress')
    .description('what a crash would do: margin, the way back to neutral, how far the vault reaches')
    .option('--vault <name>', 'this vault only')
    .addHelpText(
      'after',
      '\nNothing is sent. Limits: limits.stress of the config, or the defaults.\nExit codes: 0 within limits, 2 wrong use or config, 3 a limit breaks.',
    )
    .action((options: { vault?: string }, command: Command) =>
      execute(command, (context) => stress(context, options.vault)),
    );
}

async function stress(context: CommandContext, only: string | undefined): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  terminal.progress('reading the vault, and letting markets crash');
  const open = await openLook(withVault(await loadConfig(configFile, tools), only), tools);
  try {
    const results = await tickFleet(open.world, open.vaults);
    const reports = results.map(({ snapshot, vault: name, decision }, index): StressReport | Untried => {
      const vault = open.vaults[index];
      if (snapshot === null || vault === undefined) return { vault: name, why: decision.why };
      return stressReport(snapshot, vault);
    });
    reports.forEach((report, index) => {
      if (index > 0) terminal.line('');
      if ('why' in report) terminal.line(...labelled(report.vault, report.why, report.vault.length + 2));
      else terminal.line(...stressLines(report, terminal));
    });
    terminal.document({ vaults: reports });
    return reports.some(isBroken) ? 3 : 0;
  } finally {
    await open.close();
  }
}

/** Whether a limit breaks; a vault that could not be tried is not known to be within any. */
function isBroken(report: StressReport | Untried): boolean {
  if ('why' in report) return true;
  const { margin, cost, reach } = report.figures;
  return [margin, cost, reach].some(({ use }) => use >= 1) || (report.crash?.lacks.length ?? 0) > 0;
}
