import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Address, sameAddress } from '../../core/units.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import type { Config } from '../../runtime/config/schema.ts';
import { type BatchCall, safeBatchJson, worstCaseQuote } from '../../runtime/mandate/batch.ts';
import { prepareMandate } from '../../runtime/mandate/prepare.ts';
import { prepareRole, worstRoleCaseQuote } from '../../runtime/mandate/rolesMandate.ts';
import { type Trial, verifyBatch } from '../../runtime/mandate/verify.ts';
import { verifyRole } from '../../runtime/mandate/verifyRole.ts';
import { systemTools, type WorldTools } from '../../runtime/worlds/tools.ts';
import { addressArgument } from '../arguments.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { mandateLines, roleLines, trialLines } from '../output/mandate.ts';
import { onlyVault } from '../select.ts';

interface MandateOptions {
  readonly vault?: string;
  readonly keeper?: readonly `0x${string}`[];
  readonly out?: string;
  readonly salt?: string;
  readonly verify: boolean;
}

/** `ballast mandate`: what the vault's owners sign once. */
export function mandateCommand(): Command {
  return new Command('mandate')
    .description('the batch that enables the module and sets the mandate: explained, tried on a fork')
    .option('--vault <name>', 'which vault; needed where the config has several')
    .option('--keeper <address>', 'who may hedge; may be repeated', collectAddress)
    .option(
      '--salt <name>',
      'the vault acts through the HedgeModule of this name: one for each underlying of an account',
    )
    .option('--out <file>', "write the batch for Safe's Transaction Builder here")
    .option('--no-verify', 'do not try it on a fork')
    .addHelpText(
      'after',
      '\nNothing is sent: the owners import the file in their Safe and sign.\nOf an OptionVault, the calls that its owner sends; where a notice or a round is\nmissing, as far as they go.',
    )
    .action((options: MandateOptions, command: Command) =>
      execute(command, (context) => mandate(context, options)),
    );
}

/** What is to be signed, said and tried in the way of the account's kind. */
interface Proposal {
  readonly vault: VaultSetup;
  readonly calls: readonly BatchCall[];
  readonly lines: readonly string[];
  /** Who runs the calls, where it is not the account. */
  readonly sender?: Address;
  readonly waitsFor?: string | null;
  readonly worstCaseOneDayQuote: number;
  verify(): Promise<readonly Trial[]>;
}

async function mandate(context: CommandContext, options: MandateOptions): Promise<ExitCode> {
  const { terminal, log, redactor, configFile } = context;
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const proposal = await proposalFor(config, options, tools, context);
  const {
    vault,
    calls,
    lines,
    worstCaseOneDayQuote,
    sender = vault.terms.account,
    waitsFor = null,
  } = proposal;
  const batch = safeBatchJson(calls, vault, sender, tools.clock.nowSeconds());
  terminal.line(...lines);
  const trials = options.verify ? await tried(proposal, context) : [];
  if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(batch, null, 2)}\n`);
  terminal.document({
    batch,
    explained: calls.map(({ title, words }) => ({ title, words })),
    worstCaseOneDayQuote,
    sender,
    waitsFor,
    trials,
  });
  const isGood = trials.every(({ isAsExpected }) => isAsExpected);
  if (!isGood) terminal.line('', terminal.style.red('not as expected: do not sign this'));
  else if (options.out !== undefined)
    terminal.line('', `wrote  ${options.out}     next  ${nextWith(proposal)}`);
  else terminal.line('', ...JSON.stringify(batch, null, 2).split('\n'));
  return isGood ? 0 : 1;
}

/** What to do with the file. */
function nextWith({ vault, sender }: Proposal): string {
  const isSafe = sender === undefined || sameAddress(sender, vault.terms.account);
  const importIt = "import it in the Safe's Transaction Builder";
  return isSafe
    ? importIt
    : `where the owner is a Safe, ${importIt}; otherwise send its calls from the owner`;
}

async function proposalFor(
  config: Config,
  options: MandateOptions,
  tools: WorldTools,
  { terminal }: CommandContext,
): Promise<Proposal> {
  const vaultConfig = onlyVault(config, options.vault);
  const keepers = options.keeper ?? [];
  const fork = { rpcUrl: config.chain.rpc, chainId: config.chain.id };
  if (vaultConfig.account.kind === 'safeRoles') {
    const prepared = await prepareRole(config, vaultConfig, keepers, tools);
    return {
      ...prepared,
      lines: roleLines(prepared, terminal),
      worstCaseOneDayQuote: worstRoleCaseQuote(prepared.terms, 1),
      verify: () => verifyRole(fork, prepared),
    };
  }
  const prepared = await prepareMandate(config, vaultConfig, keepers, tools, options.salt);
  const { quote } = prepared.vault.terms;
  return {
    ...prepared,
    lines: mandateLines(prepared, terminal),
    worstCaseOneDayQuote: worstCaseQuote(prepared.mandate, quote.decimals, 1),
    verify: () => verifyBatch({ ...fork, ...prepared }),
  };
}

async function tried(proposal: Proposal, { terminal }: CommandContext): Promise<readonly Trial[]> {
  terminal.progress('trying it on a fork');
  const trials = await proposal.verify();
  terminal.line('', ...trialLines(trials, terminal.style));
  return trials;
}

function collectAddress(text: string, before: readonly `0x${string}`[] = []): readonly `0x${string}`[] {
  return [...before, addressArgument(text)];
}
