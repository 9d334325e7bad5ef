import { Command } from 'commander';
import { asksForLeave } from '../../runtime/arm/leave.ts';
import { appendAct, operatorFileOf } from '../../runtime/arm/operatorFile.ts';
import { whoIsAsking } from '../../runtime/arm/who.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { labelled } from '../output/table.ts';
import { withVault } from '../select.ts';

const UNASKED =
  'nobody asks for leave here, since chain and relays are on this machine: a keeper that runs goes on until it is stopped; arming: { always: true } in the config asks for it here too';

interface DisarmOptions {
  readonly vault?: string;
  readonly reason?: string;
}

/** `ballast disarm`: takes leave to trade away. */
export function disarmCommand(): Command {
  return new Command('disarm')
    .description('take leave to trade away at once, also from a keeper that runs; never asks')
    .option('--vault <name>', 'one vault only')
    .option('--reason <text>', 'why; kept, and shown by status')
    .addHelpText(
      'after',
      `
From the keeper's next step on nothing new is signed or handed out: no order, no
rung of a ladder, no nonce filled. An order that relays have been given may
still execute, within its limits, and is followed to its end. To stop that too,
pause the mandate on chain: its guardian or the account can.`,
    )
    .action((options: DisarmOptions, command: Command) =>
      execute(command, (context) => disarm(context, options)),
    );
}

async function disarm(context: CommandContext, options: DisarmOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const vaults = withVault(config, options.vault).vaults.map(({ name }) => name);
  const atSeconds = tools.clock.nowSeconds();
  const by = whoIsAsking();
  appendAct(operatorFileOf(config), {
    kind: 'disarmed',
    atSeconds,
    by,
    vaults,
    reason: options.reason ?? null,
  });
  const isAsked = asksForLeave(config);
  if (!isAsked) terminal.line(...labelled(terminal.style.yellow('warn'), UNASKED, 'warn  '.length));
  terminal.line(`disarmed  ${vaults.join(', ')}     next  ${terminal.command('status')}`);
  terminal.document({ disarmed: vaults, isAsked });
  return 0;
}
