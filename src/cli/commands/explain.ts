import { Command } from 'commander';
import { decisionDocument } from '../../dashboard/views/decision.ts';
import { orderDocument } from '../../dashboard/views/order.ts';
import { loadConfig } from '../../runtime/config/load.ts';
import { findSubject } from '../../runtime/journal/findSubject.ts';
import { openJournalToRead } from '../../runtime/worlds/look.ts';
import { systemTools } from '../../runtime/worlds/tools.ts';
import { type CommandContext, type ExitCode, execute } from '../command.ts';
import { explainLines } from '../output/explain.ts';

/** `ballast explain`: one decision, order or halt in plain words. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('a decision, an order or a halt in plain words, with its numbers and their sources')
    .argument('<id>', 'd-17, vault#4.1, the name of a vault, or a reason such as oracleStale')
    .addHelpText(
      'after',
      `
From the journal alone; nothing is asked of the chain. The name of a vault means
the decision that halted it, or its newest one; a reason means the newest
decision with it.

Exit codes: 0 done, 2 wrong use or nothing is called that.`,
    )
    .action((id: string, _: unknown, command: Command) =>
      execute(command, (context) => explain(context, id)),
    );
}

async function explain(
  { terminal, log, redactor, configFile }: CommandContext,
  id: string,
): Promise<ExitCode> {
  const tools = systemTools(log, redactor, null);
  const config = await loadConfig(configFile, tools);
  const store = await openJournalToRead(config.journal, tools);
  try {
    const names = config.vaults.map(({ name }) => name);
    const subject = await findSubject(store, names, id);
    const { decision: stored, order: history } = subject;
    const order = history && (await orderDocument(store, history.record.id));
    const decision =
      stored &&
      (await decisionDocument(store, [], stored.id).then(
        (found) => found && { ...found, orderId: order?.id ?? null },
      ));
    const code = decision?.code ?? null;
    const runbook = code === null ? null : `docs/runbook.md, ${code}: what it means, what to do first`;
    terminal.line(...explainLines({ subject, decision, order, runbook }, terminal));
    terminal.document({
      decision,
      plan: stored !== null && 'plan' in stored.decision ? stored.decision.plan : null,
      instruments: stored?.decision.kind === 'hedge' ? (stored.decision.instruments ?? []) : [],
      precautions: stored?.decision.precautions ?? null,
      halts: subject.halts,
      order,
      runbook,
    });
    return 0;
  } finally {
    await store.close();
  }
}
