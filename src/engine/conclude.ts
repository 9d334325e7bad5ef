import type { Decision } from '../core/decision.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { DecisionRecord } from '../ports/store.ts';
import type { Assessment } from './assess.ts';
import { attempt, haltOn, SignerError } from './faults.ts';
import type { InspectedLane } from './lane/lane.ts';
import { isLive } from './order/orderState.ts';
import type { TrackedOrder } from './order/tracked.ts';
import type { ChainView } from './read/chainView.ts';
import type { Candidate } from './submit/candidate.ts';
import { placeOnPaper, placeSigned } from './submit/place.ts';
import { placementOf } from './submit/placement.ts';
import { signerOf, type VaultSetup, type World } from './world.ts';

/** What a tick decided and journaled. */
export interface Conclusion {
  readonly decision: Decision;
  /** Null where the journal could not take the decision. */
  readonly decisionId: string | null;
  /** The order that was placed, not yet delivered; null where none was. */
  readonly placed: TrackedOrder | null;
  /** Orders that lost their nonce to it, as they stood before. */
  readonly replaced: readonly TrackedOrder[];
}

function recordOf(
  world: World,
  vault: VaultSetup,
  view: ChainView | null,
  snapshot: Snapshot | null,
  decision: Decision,
): DecisionRecord {
  return {
    vault: vault.terms.name,
    policy: vault.policy.kind,
    recordedAtSeconds: world.clock.nowSeconds(),
    blockNumber: view?.head.number ?? 0n,
    snapshot,
    decision,
  };
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
  const record = recordOf(world, vault, view, snapshot, decision);
  const recorded = await attempt(() => world.store.recordDecision(record));
  if (recorded.ok) return { decision, decisionId: recorded.value, placed: null, replaced: [] };
  return { decision: haltOn(recorded.error, decision.numbers), decisionId: null, placed: null, replaced: [] };
}

async function place(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  view: ChainView,
  lanes: readonly InspectedLane[],
): Promise<Conclusion> {
  const { decision, snapshot, gasUsed } = candidate;
  const record = recordOf(world, vault, view, snapshot, decision);
  if (world.signers.length === 0 || gasUsed === null) {
    const placed = await placeOnPaper(world, vault, candidate, record);
    return { decision, decisionId: placed.record.decisionId, placed, replaced: [] };
  }
  const placement = await placementOf(world, vault, candidate, gasUsed, view, lanes);
  if ('refused' in placement) return concludeWithout(world, vault, view, snapshot, placement.refused);
  const signer = signerOf(world, placement.keeper);
  if (signer === null) throw new SignerError(`the world holds no key of ${placement.keeper}`);
  const placed = await placeSigned(world, vault, candidate, record, signer, placement);
  const replaced = isLive(placed.state) ? placement.replaces : [];
  return { decision, decisionId: placed.record.decisionId, placed, replaced };
}

/**
 * Journals what was decided, and places the order where it is a hedge. Vaults conclude one after another, since each
 * signature takes a nonce. Never throws: a fault is a halt, journaled where the journal can.
 */
export async function conclude(
  world: World,
  vault: VaultSetup,
  view: ChainView,
  assessment: Assessment,
  lanes: readonly InspectedLane[],
): Promise<Conclusion> {
  const { candidate, snapshot, decision } = assessment;
  if (candidate === null) return concludeWithout(world, vault, view, snapshot, decision);
  const placed = await attempt(() => place(world, vault, candidate, view, lanes));
  if (placed.ok) return placed.value;
  return concludeWithout(world, vault, view, snapshot, haltOn(placed.error, decision.numbers));
}
