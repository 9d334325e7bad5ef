import { Command, InvalidArgumentError, Option } from 'commander';
import { messageOf } from '../../core/errors.ts';
import { type BoundPolicy, bindPolicy } from '../../core/policy.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { nearest } from '../../runtime/config/nearest.ts';
import type { VaultConfig } from '../../runtime/config/schema.ts';
import { UsageError } from '../../runtime/errors.ts';
import { type ReplayResult, replayJournal } from '../../runtime/journal/replay.ts';
import type { Registry } from '../../runtime/registry.ts';
import { openJournalToRead } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { replayJson, replayLines } from '../output/replay.ts';
import { withVault } from '../select.ts';
import { momentArgument } from './backtest.ts';

interface ReplayOptions {
  readonly vault?: string;
  readonly policy?: string;
  readonly parameters?: unknown;
  readonly from?: number;
  readonly to?: number;
  readonly expectSame?: boolean;
}

/** `ballast replay`: journaled snapshots decided again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('decide the journaled snapshots again, with the policy of the config or any other')
    .option('--vault <name>', 'this vault only')
    .option('--policy <kind>', 'instead of the policy of the config')
    .option('--parameters <json>', 'of that policy; its sample where left out', jsonArgument)
    .addOption(new Option('--from <day>', 'first day, UTC').argParser(momentArgument))
    .addOption(new Option('--to <day>', 'day after the last, UTC').argParser(momentArgument))
    .option('--expect-same', 'exit 1 when something changed')
    .addHelpText(
      'after',
      '\nEach snapshot is decided for itself; what would have followed is what backtest\nis for.\nExit codes: 0 done, 1 something changed and --expect-same was given, 2 wrong use\nor config.',
    )
    .action((options: ReplayOptions, command: Command) =>
      execute(command, (context) => replay(context, options)),
    );
}

/** JSON of the command line. @throws InvalidArgumentError for anything that is not JSON */
export function jsonArgument(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('Expected JSON, such as \'{"riskAversion":0.001}\'.');
  }
}

async function replay(
  { terminal, log, redactor, configFile }: CommandContext,
  options: ReplayOptions,
): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = withVault(await loadConfig(configFile, tools), options.vault);
  const { from, to, expectSame } = options;
  const policies = config.vaults.map((vault) => chosenPolicy(vault, options, tools.registry));
  const store = await openJournalToRead(config.journal, tools);
  try {
    const results: ReplayResult[] = [];
    for (const [index, vault] of config.vaults.entries()) {
      let told = 0;
      const result = await replayJournal(store, {
        vault: vault.name,
        policy: policies[index]!,
        limits: vault.limits,
        ...(from === undefined ? {} : { fromSeconds: from }),
        ...(to === undefined ? {} : { toSeconds: to }),
        onProgress: (share) => {
          if (share < told + 0.1) return;
          told = share;
          terminal.progress(`${Math.floor(100 * share)} %  ${vault.name}`);
        },
      });
      results.push(result);
      terminal.line(...(index > 0 ? [''] : []), ...replayLines(result, terminal.style));
    }
    terminal.document({ vaults: results.map(replayJson) });
    return expectSame === true && results.some(({ changed }) => changed.length > 0) ? 1 : 0;
  } finally {
    await store.close();
  }
}

/** The policy that a command names, or the one of the config. @throws UsageError for a policy that there is none of, or parameters that it does not take */
export function chosenPolicy(
  vault: VaultConfig,
  options: Pick<ReplayOptions, 'policy' | 'parameters'>,
  { policies }: Registry,
): BoundPolicy {
  const kind = options.policy ?? vault.policy.kind;
  const policy = Object.hasOwn(policies, kind) ? policies[kind] : undefined;
  if (policy === undefined) {
    const kinds = Object.keys(policies);
    throw new UsageError('POLICY_UNKNOWN', `there is no policy called ${kind}`, {
      facts: { policies: kinds.join(', ') },
      action: `name it with --policy ${nearest(kind, kinds) ?? kinds[0] ?? ''}`,
    });
  }
  if (options.parameters === undefined) {
    return bindPolicy(kind, policy, options.policy === undefined ? vault.policy.config : policy.sample);
  }
  try {
    return bindPolicy(kind, policy, policy.parameters.parse(options.parameters));
  } catch (error) {
    throw new UsageError(
      'PARAMETERS_UNUSABLE',
      `${kind} does not take these parameters: ${messageOf(error)}`,
      {
        action: `give what ${kind} has in a config, as JSON, for example '${JSON.stringify(policy.sample)}'`,
        cause: error,
      },
    );
  }
}
