import type { Decision, Order, PlannedDecision } from '../../core/decision.ts';
import { URGENT, urgencyOf } from '../../core/gas/urgency.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { TransactionIntent } from '../../ports/chain.ts';
import { withheld } from '../faults.ts';
import { bindOrder } from '../order/order.ts';
import { fillMismatch } from '../order/simulatedFill.ts';
import { nobody } from '../read/readVault.ts';
import type { VaultSetup, World } from '../world.ts';
import { windowBlocksOf } from './ladder.ts';

/** A hedge that passed its simulation, not yet given a key and a nonce. */
export interface Candidate {
  readonly decision: PlannedDecision;
  readonly snapshot: Snapshot;
  readonly order: Order;
  readonly intent: TransactionIntent;
  /** Keys that the account's guard allows. */
  readonly keepers: readonly Address[];
  readonly urgency: number;
  /** Null where nobody's transaction could be simulated. */
  readonly gasUsed: bigint | null;
}

/** Something stands in the way of an order: the decision that takes the hedge's place. */
export interface Refusal {
  readonly refused: Decision;
}

/** How much a hedge cannot wait: see {@link urgencyOf}; the wait is one inclusion window. */
export function urgencyOfHedge(
  { numbers }: PlannedDecision,
  snapshot: Snapshot,
  { submission }: VaultSetup,
): number {
  const { netDelta, band, exposure, spot } = numbers;
  if (netDelta === null || exposure === null || spot === null) return URGENT;
  return urgencyOf({
    netDelta,
    band,
    gamma: exposure.gamma,
    spot,
    volatility: snapshot.observed.volatility.volatility,
    horizonSeconds: windowBlocksOf(submission) * submission.blockSeconds,
  });
}

/**
 * Makes an order of a hedge, runs it on top of the head, and holds what it would fill against the plan.
 *
 * @param keepers keys that the account's guard allows
 * @throws ChainUnavailableError, BlockGoneError; CorruptDataError when the simulation returned something else
 */
export async function makeCandidate(
  world: World,
  vault: VaultSetup,
  decision: PlannedDecision,
  snapshot: Snapshot,
  keepers: readonly Address[],
): Promise<Candidate | Refusal> {
  const order = bindOrder(decision, snapshot, vault.submission);
  const [keeper] = keepers;
  const intent = vault.account.encode(vault.terms, order, keeper ?? nobody);
  const urgency = urgencyOfHedge(decision, snapshot, vault);
  const candidate = { decision, snapshot, order, intent, keepers, urgency };
  if (keeper === undefined) return { ...candidate, gasUsed: null };
  const simulation = await world.chain.simulate(intent, snapshot.chain.block);
  const at = `block ${snapshot.chain.block.number}`;
  if (!simulation.ok) {
    const why = `the order would fail at ${at}: ${simulation.reason}`;
    return { refused: withheld(decision, 'hold', 'simulation', why) };
  }
  const fill = vault.account.simulatedFill?.(simulation.returnData) ?? null;
  const mismatch = fill && fillMismatch(order, fill, vault.limits.quoteToleranceBps);
  if (mismatch !== null) {
    const why = `the order, tried at ${at}, is not what was planned: ${mismatch}`;
    return { refused: withheld(decision, 'hold', 'fillMismatch', why) };
  }
  return { ...candidate, gasUsed: simulation.gasUsed };
}
