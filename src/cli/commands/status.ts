import { Command } from 'commander';
import { messageOf } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { armingStatus } from '../../runtime/arm/leave.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import type { Config } from '../../runtime/config/schema.ts';
import { readRelayHealths, relayScores } from '../../runtime/relayScores.ts';
import { bySeverity, headAge, vaultStatus } from '../../runtime/status.ts';
import { journalExists, openJournalToRead } from '../../runtime/worlds/look.ts';
import { openConfiguredChain } from '../../runtime/worlds/parts.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { armingStatusLines } from '../output/arming.ts';
import { age, count } from '../output/numbers.ts';
import { relayLines } from '../output/relays.ts';
import { statusLines } from '../output/status.ts';

/** `ballast status`: where things stand, from the journal. */
export function statusCommand(): Command {
  return new Command('status')
    .description('where every vault stands, worst first; from the journal, without asking the chain')
    .addHelpText('after', '\nExit codes: 0 all is well, 2 wrong use or config, 3 a vault is halted.')
    .action((_, command: Command) => execute(command, status));
}

async function status({ terminal, log, redactor, configFile }: CommandContext): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const store = await openJournalToRead(config.journal, tools);
  try {
    const vaults = await Promise.all(config.vaults.map(({ name }) => vaultStatus(store, name)));
    const sorted = vaults.toSorted(bySeverity);
    const healths = await readRelayHealths(
      store,
      config.vaults.map(({ name }) => name),
    );
    const chain = await headOf(config);
    const now = tools.clock.nowSeconds();
    const relays = relayScores(Object.keys(config.relays), healths, now);
    const words =
      'head' in chain
        ? `chain ${config.chain.id}, block ${count(chain.head.number)}, ${age(headAge(chain.head, now))} old`
        : `chain ${config.chain.id} not reached: ${chain.why}`;
    const isNew = !journalExists(config.journal);
    terminal.line(...statusLines(sorted, config, now, terminal.style));
    terminal.line(...relayLines(relays, terminal.style));
    const arming = await armingStatus(config, tools);
    terminal.line(...armingStatusLines(arming, terminal.style));
    terminal.line(words);
    if (isNew) terminal.line('', `no journal yet     next  ${terminal.command('plan')}`);
    terminal.document({
      chain:
        'head' in chain
          ? { id: config.chain.id, block: chain.head }
          : { id: config.chain.id, unreachable: chain.why },
      journal: isNew ? null : config.journal.kind,
      arming,
      vaults: sorted,
      relays,
    });
    return sorted.some(({ state }) => state === 'halt') ? 3 : 0;
  } finally {
    await store.close();
  }
}

/** The chain is asked for its head and nothing else; not reaching it does not spoil the status. */
async function headOf(config: Config): Promise<{ readonly head: BlockFacts } | { readonly why: string }> {
  try {
    const chain = await openConfiguredChain(config, { timeoutMs: 2_000, retries: 0 });
    return { head: await chain.head() };
  } catch (error) {
    return { why: messageOf(error) };
  }
}
