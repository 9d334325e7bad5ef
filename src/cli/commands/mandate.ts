import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig } from '../../runtime/config/load.ts';
import type { Config } from '../../runtime/config/schema.ts';
import { safeBatchJson, worstCaseQuote } from '../../runtime/mandate/batch.ts';
import { prepareMandate } from '../../runtime/mandate/prepare.ts';
import { type Trial, verifyBatch } from '../../runtime/mandate/verify.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { addressArgument } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { mandateLines, trialLines } from '../output/mandate.ts';
import { onlyVault } from '../select.ts';

interface MandateOptions {
  readonly vault?: string;
  readonly keeper?: readonly `0x${string}`[];
  readonly out?: string;
  readonly verify: boolean;
}

/** `ballast mandate`: what the vault's owners sign once. */
export function mandateCommand(): Command {
  return new Command('mandate')
    .description('the Safe batch that enables the module and sets the mandate: explained, tried on a fork')
    .option('--vault <name>', 'which vault; needed where the config has several')
    .option('--keeper <address>', 'who may hedge; may be repeated', collectAddress, [])
    .option('--out <file>', "write the batch for Safe's Transaction Builder here")
    .option('--no-verify', 'do not try it on a fork')
    .addHelpText('after', '\nNothing is sent: the owners import the file in their Safe and sign.')
    .action((options: MandateOptions, command: Command) =>
      execute(command, (context) => mandate(context, options)),
    );
}

async function mandate(context: CommandContext, options: MandateOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const prepared = await prepareMandate(
    config,
    onlyVault(config, options.vault),
    options.keeper ?? [],
    tools,
  );
  const batch = safeBatchJson(prepared.calls, prepared.vault, tools.clock.nowSeconds());
  terminal.line(...mandateLines(prepared, terminal));
  const trials = options.verify ? await tried(config, prepared, context) : [];
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(batch, null, 2)}\n`);
  const { quote } = prepared.vault.terms;
  terminal.document({
    batch,
    explained: prepared.calls.map(({ title, words }) => ({ title, words })),
    worstCaseOneDayQuote: worstCaseQuote(prepared.mandate, quote.decimals, 1),
    trials,
  });
  const isGood = trials.every(({ isAsExpected }) => isAsExpected);
  if (!isGood) terminal.line('', terminal.style.red('not as expected: do not sign this'));
  else if (options.out !== undefined)
    terminal.line('', `wrote  ${options.out}     next  import it in the Safe's Transaction Builder`);
  else terminal.line('', ...JSON.stringify(batch, null, 2).split('\n'));
  return isGood ? 0 : 1;
}

async function tried(
  config: Config,
  prepared: Awaited<ReturnType<typeof prepareMandate>>,
  { terminal }: CommandContext,
): Promise<readonly Trial[]> {
  terminal.progress('trying it on a fork');
  const { vault, mandate: wanted, module, calls } = prepared;
  const trials = await verifyBatch({
    rpcUrl: config.chain.rpc,
    chainId: config.chain.id,
    vault,
    mandate: wanted,
    module,
    calls,
  });
  terminal.line('', ...trialLines(trials, terminal.style));
  return trials;
}

function collectAddress(text: string, before: readonly `0x${string}`[]): readonly `0x${string}`[] {
  return [...before, addressArgument(text)];
}
