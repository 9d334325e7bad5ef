import type { Decision } from '../core/decision.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Assessment } from './assess.ts';
import { type Candidate, priceCandidate } from './candidate.ts';
import type { ChainView } from './chainView.ts';
import { attempt, haltOn } from './faults.ts';
import { placeOnPaper, placeSigned } from './place.ts';
import type { TrackedOrder } from './settle.ts';
import type { VaultSetup, World } from './world.ts';

/** What a tick decided and journaled. */
export interface Conclusion {
  readonly decision: Decision;
  /** Null where the journal could not take the decision. */
  readonly decisionId: string | null;
  /** The order that was placed, not yet delivered; null where none was. */
  readonly placed: TrackedOrder | null;
}

async function record(
  world: World,
  vault: VaultSetup,
  view: ChainView | null,
  snapshot: Snapshot | null,
  decision: Decision,
): Promise<string> {
  return world.store.recordDecision({
    vault: vault.terms.name,
    policy: vault.policy.kind,
    recordedAtSeconds: world.clock.nowSeconds(),
    blockNumber: view?.head.number ?? 0n,
    snapshot,
    decision,
  });
}

/**
 * Journals a decision that places nothing.
 *
 * @param view null where not even the head could be read
 */
export async function concludeWithout(
  world: World,
  vault: VaultSetup,
  view: ChainView | null,
  snapshot: Snapshot | null,
  decision: Decision,
): Promise<Conclusion> {
  const recorded = await attempt(() => record(world, vault, view, snapshot, decision));
  if (recorded.ok) return { decision, decisionId: recorded.value, placed: null };
  return { decision: haltOn(recorded.error, decision.numbers), decisionId: null, placed: null };
}

async function place(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  view: ChainView,
): Promise<Conclusion> {
  const { decision, snapshot, gasUsed } = candidate;
  const { signer } = world;
  if (signer === null || gasUsed === null) {
    const decisionId = await record(world, vault, view, snapshot, decision);
    return { decision, decisionId, placed: await placeOnPaper(world, vault, candidate, decisionId) };
  }
  const priced = await priceCandidate(world, vault, candidate, gasUsed, view);
  if ('refused' in priced) return concludeWithout(world, vault, view, snapshot, priced.refused);
  const decisionId = await record(world, vault, view, snapshot, decision);
  const placed = await placeSigned(world, vault, candidate, decisionId, signer, priced);
  return { decision, decisionId, placed };
}

/**
 * Journals what was decided, and places the order where it is a hedge. Vaults conclude one after another, since each
 * signature takes the nonce after the one before it. Never throws: a fault is a halt, journaled where the journal can.
 */
export async function conclude(
  world: World,
  vault: VaultSetup,
  view: ChainView,
  assessment: Assessment,
): Promise<Conclusion> {
  const { candidate, snapshot, decision } = assessment;
  if (candidate === null) return concludeWithout(world, vault, view, snapshot, decision);
  const placed = await attempt(() => place(world, vault, candidate, view));
  if (placed.ok) return placed.value;
  return concludeWithout(world, vault, view, snapshot, haltOn(placed.error, decision.numbers));
}
