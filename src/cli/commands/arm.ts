import { Command } from 'commander';
import { bindingNow } from '../../runtime/arm/leave.ts';
import { appendAct, operatorFileOf } from '../../runtime/arm/operatorFile.ts';
import { armingTerms } from '../../runtime/arm/terms.ts';
import { whoIsAsking } from '../../runtime/arm/who.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { examine } from '../../runtime/doctor/doctor.ts';
import { openSigners } from '../../runtime/worlds/parts.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { agreesTo } from '../agree.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { armingLines } from '../output/arming.ts';
import { findingLines } from '../output/doctor.ts';
import { withVault } from '../select.ts';

interface ArmOptions {
  readonly vault?: string;
  readonly agree?: readonly string[];
}

/** `ballast arm`: leave to trade. */
export function armCommand(): Command {
  return new Command('arm')
    .description('give a vault leave to trade: checks everything, shows what is allowed, asks')
    .option('--vault <name>', 'one vault only')
    .option('--agree <name>', 'agree to a vault without being asked; may be repeated', collect)
    .addHelpText(
      'after',
      `
Leave is tied to this config, this build, this chain and these keys: where any
of it changes, it is gone. ballast disarm takes it away, also from a running
keeper.

Exit codes: 0 armed, 1 a check failed or nobody agreed, 2 wrong use or config.`,
    )
    .action((options: ArmOptions, command: Command) => execute(command, (context) => arm(context, options)));
}

async function arm(context: CommandContext, options: ArmOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const chosen = withVault(config, options.vault);
  const agreed = options.agree ?? [];
  for (const name of agreed) withVault(chosen, name, '--agree');
  terminal.progress('looking at everything that the keeper depends on');
  const findings = (await examine(chosen, tools)).filter(({ check }) => check !== 'armed');
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  const noticed = findings.filter(({ verdict }) => verdict !== 'ok');
  if (failed.length > 0) {
    const end = 'not armed: correct what failed, then arm again';
    terminal.line(...findingLines(noticed, terminal.style), '', end);
    terminal.document({ armed: [], refused: chosen.vaults.map(({ name }) => name), findings });
    return 1;
  }
  const keepers = (await openSigners(config, tools)).map(({ address }) => address);
  const binding = bindingNow(config, tools, keepers);
  const terms = await armingTerms(chosen, tools);
  if (noticed.length > 0) terminal.line(...findingLines(noticed, terminal.style), '');
  const armed: string[] = [];
  for (const term of terms) {
    terminal.line(...armingLines(term, binding));
    if (await agreesTo(term.vault, agreed)) armed.push(term.vault);
    terminal.line('');
  }
  const refused = chosen.vaults.map(({ name }) => name).filter((name) => !armed.includes(name));
  if (armed.length > 0) {
    const atSeconds = tools.clock.nowSeconds();
    const bound = { ...binding, vaults: armed };
    appendAct(operatorFileOf(config), { kind: 'armed', atSeconds, by: whoIsAsking(), binding: bound });
    terminal.line(
      `${terminal.style.alarm('armed')}  ${armed.join(', ')}     next  ${terminal.command('run')}`,
    );
  }
  if (refused.length > 0) terminal.line(`not armed  ${refused.join(', ')}`);
  terminal.document({ armed, refused, binding, terms, findings: noticed });
  return refused.length > 0 ? 1 : 0;
}

function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}
