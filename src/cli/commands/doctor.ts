import { Command } from 'commander';
import { loadConfig } from '../../runtime/config/load.ts';
import { examine } from '../../runtime/doctor/doctor.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { doctorLines } from '../output/doctor.ts';

/** `ballast doctor`: is everything there that a keeper needs? */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('check config, chain, contracts, mandate, oracle, key, relays and journal')
    .addHelpText('after', '\nExit codes: 0 nothing failed, 1 a check failed, 2 wrong use or config.')
    .action((_, command: Command) => execute(command, doctor));
}

async function doctor({ terminal, log, redactor, configFile }: CommandContext): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  terminal.progress('looking at everything that a keeper depends on');
  const findings = await examine(config, tools);
  terminal.line(...doctorLines(findings, terminal));
  terminal.document({ findings });
  return findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
}
