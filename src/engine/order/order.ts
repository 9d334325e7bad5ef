import type { Order, PlannedDecision } from '../../core/decision.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { OrderRecord } from '../../ports/store.ts';
import { windowBlocksOf } from '../submit/ladder.ts';
import type { SubmissionSettings } from '../world.ts';

/**
 * Binds a plan to the vault's next sequence and to a deadline: one block after the last of the window, in
 * chain time, which counts whole seconds.
 */
export function bindOrder(
  decision: PlannedDecision,
  snapshot: Snapshot,
  submission: SubmissionSettings,
): Order {
  const { block, guard } = snapshot.chain;
  return {
    ...decision.plan,
    sequence: guard.nextSequence,
    deadlineSeconds:
      block.timestampSeconds + Math.ceil((windowBlocksOf(submission) + 1) * submission.blockSeconds),
  };
}

/** What an order is known by, whatever else is known of it. */
interface NamedOrder {
  readonly record: { readonly id: string };
}

/** `vault#sequence.attempt`: the attempt counts the orders that were decided for one sequence, from 1. */
export function orderId(vault: string, sequence: bigint, recent: readonly NamedOrder[]): string {
  const prefix = `${vault}#${sequence}.`;
  const attempts = recent
    .filter(({ record }) => record.id.startsWith(prefix))
    .map(({ record }) => Number(record.id.slice(prefix.length)));
  return `${prefix}${Math.max(0, ...attempts) + 1}`;
}

/** An order as the journal takes it before anything is signed. */
export function orderRecord(
  id: string,
  order: Order,
  decision: PlannedDecision,
  decisionId: string,
  snapshot: Snapshot,
  signer: Address,
  urgency: number,
): OrderRecord {
  const { block } = snapshot.chain;
  return {
    id,
    vault: snapshot.vault.name,
    chainId: snapshot.vault.chainId,
    signer,
    decisionId,
    decidedAtBlock: block.number,
    decidedAtSeconds: block.timestampSeconds,
    order,
    plannedGasQuote: decision.numbers.cost?.gasQuote ?? 0,
    urgency,
  };
}
