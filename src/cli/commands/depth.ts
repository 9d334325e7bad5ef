import { Command, Option } from 'commander';
import type { Side } from '../../core/decision.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { OUTSIDE_PARTS } from '../../runtime/config/schema.ts';
import { type DepthReport, vaultDepth } from '../../runtime/pools/depth.ts';
import { readRecordedPools, recordedDepth } from '../../runtime/pools/depthRecorded.ts';
import { openConfiguredChain, openVaults } from '../../runtime/worlds/parts.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { positiveNumbers } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { depthLines } from '../output/depth.ts';
import { depthJson } from '../output/depthJson.ts';
import { withVault } from '../select.ts';

interface DepthOptions {
  readonly vault?: string;
  readonly recorded?: readonly string[];
  readonly sizes: readonly number[];
  readonly side: Side;
}

/** `ballast depth`: what trades of several sizes would cost now. */
export function depthCommand(): Command {
  return new Command('depth')
    .description('what each pool, and the best split over all, would cost by size')
    .option('--vault <name>', 'this vault only')
    .addOption(
      new Option('--recorded <file...>', 'pools from recorded files instead; no config, no chain').conflicts(
        'vault',
      ),
    )
    .addOption(
      new Option('--sizes <list>', 'base to trade, with commas between')
        .argParser(positiveNumbers)
        .default([1, 10, 100, 1_000], '1,10,100,1000'),
    )
    .addOption(
      new Option('--side <side>', 'whether base is sold or bought').choices(['sell', 'buy']).default('sell'),
    )
    .addHelpText(
      'after',
      '\nCosts are in basis points (bps) of what is traded; nothing is sent.\nRecorded files come from: ballast record-pools',
    )
    .action((options: DepthOptions, command: Command) =>
      execute(command, (context) => depth(context, options)),
    );
}

async function depth(context: CommandContext, options: DepthOptions): Promise<ExitCode> {
  const { terminal } = context;
  const reports =
    options.recorded === undefined
      ? await onChain(context, options)
      : recordedDepth(await readRecordedPools(options.recorded), options);
  reports.forEach((report, index) => {
    if (index > 0) terminal.line('');
    terminal.line(...depthLines(report, terminal));
  });
  terminal.document({ side: options.side, markets: reports.map(depthJson) });
  return 0;
}

/** The pools are all that is looked at: neither keys nor relays are opened. */
async function onChain(context: CommandContext, options: DepthOptions): Promise<readonly DepthReport[]> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const loaded = await loadConfig(configFile, { ...tools, without: OUTSIDE_PARTS });
  const config = withVault(loaded, options.vault);
  const chain = await openConfiguredChain(config);
  terminal.progress('reading pools');
  const vaults = await openVaults(config, chain, tools);
  const block = await chain.head();
  return Promise.all(vaults.map((vault) => vaultDepth(chain, block, vault, options)));
}
