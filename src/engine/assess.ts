import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { BallastError } from '../core/errors.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type Candidate, makeCandidate } from './candidate.ts';
import type { ChainView } from './chainView.ts';
import { redeliverable } from './deliver.ts';
import { attempt, haltOn, withheld } from './faults.ts';
import { pastOf } from './history.ts';
import { isLive } from './orderState.ts';
import { paperHoldings } from './paper.ts';
import { keepMemories, type MarketFacts, type Memories, nobody, type VaultReading } from './readVault.ts';
import { type SettledEvent, settle, type TrackedOrder } from './settle.ts';
import { snapshotOf } from './snapshot.ts';
import type { VaultSetup, World } from './world.ts';

/** A vault as a tick found it: its open orders settled, and what to do about it. */
export interface Assessment {
  readonly settled: readonly SettledEvent[];
  /** Orders that may still execute. */
  readonly live: readonly TrackedOrder[];
  /** The one of them whose bytes may be handed out once more; null where there is none. */
  readonly redeliver: TrackedOrder | null;
  /** Null where reading failed. */
  readonly snapshot: Snapshot | null;
  readonly decision: Decision;
  /** The order to place; null unless the decision is a hedge. */
  readonly candidate: Candidate | null;
}

/** What the journal holds of a vault when a tick starts. */
export interface Opening {
  readonly open: readonly TrackedOrder[];
  readonly memories: Memories;
}

async function takeSnapshot(
  world: World,
  vault: VaultSetup,
  reading: VaultReading,
  market: MarketFacts,
  view: ChainView,
): Promise<Snapshot> {
  if (!reading.account.ok) throw reading.account.error;
  const { name } = vault.terms;
  const [past, paper, tipWei] = await Promise.all([
    pastOf(world.store, name, reading.account.value.guard.nextSequence),
    paperHoldings(world.store, name, world.signer?.address ?? nobody),
    view.suggestedTipWei(),
  ]);
  return snapshotOf(vault, view.head, reading.account.value, market, { ...past, paper }, tipWei);
}

/** While an order may still execute, its vault decides nothing new: the order may be about to change everything. */
function waitFor(decision: Decision, live: readonly TrackedOrder[]): Decision {
  const ids = live.map(({ record }) => record.id).join(', ');
  const why = `${ids} may still execute: the chain settles it before anything new is decided`;
  return { kind: 'hold', code: 'orderOpen', why, warnings: decision.warnings, numbers: decision.numbers };
}

async function decideOn(
  world: World,
  vault: VaultSetup,
  snapshot: Snapshot,
  live: readonly TrackedOrder[],
): Promise<Pick<Assessment, 'decision' | 'candidate'>> {
  const decision = decide(snapshot, vault.policy, vault.limits);
  if (decision.kind === 'halt') return { decision, candidate: null };
  if (live.length > 0) return { decision: waitFor(decision, live), candidate: null };
  if (decision.kind === 'hold') return { decision, candidate: null };
  if (world.stop?.aborted === true) {
    const why = 'the keeper was told to stop: nothing new is placed';
    return { decision: withheld(decision, 'hold', 'stopping', why), candidate: null };
  }
  const made = await attempt(() => makeCandidate(world, vault, decision, snapshot));
  if (!made.ok) return { decision: haltOn(made.error, decision.numbers), candidate: null };
  if ('refused' in made.value) return { decision: made.value.refused, candidate: null };
  return { decision, candidate: made.value };
}

/** The assessment of a vault that a fault stopped; `open` as far as the journal told. */
export function stoppedBy(error: BallastError, open: readonly TrackedOrder[] = []): Assessment {
  return {
    settled: [],
    live: open.filter(({ state }) => isLive(state)),
    redeliver: null,
    snapshot: null,
    decision: haltOn(error),
    candidate: null,
  };
}

/**
 * Settles a vault's open orders, takes its snapshot, decides, and simulates what was decided. Writes settled orders and
 * memories into the journal; places nothing. Never throws: a fault is a halt.
 */
export async function assess(
  world: World,
  vault: VaultSetup,
  opening: Opening,
  reading: VaultReading,
  view: ChainView,
): Promise<Assessment> {
  const { account, market } = reading;
  if (!account.ok) return stoppedBy(account.error, opening.open);
  const settlement = await attempt(() =>
    settle(world, vault, opening.open, account.value.guard.nextSequence, view),
  );
  if (!settlement.ok) return stoppedBy(settlement.error, opening.open);
  const live = settlement.value.orders.filter(({ state }) => isLive(state));
  const settled = settlement.value.events;
  const { nextSequence } = account.value.guard;
  const known = { settled, live, redeliver: redeliverable(world, live, nextSequence, view.head) };
  if (!market.ok) return { ...stoppedBy(market.error), ...known };
  const snapshot = await attempt(() => takeSnapshot(world, vault, reading, market.value, view));
  if (!snapshot.ok) return { ...stoppedBy(snapshot.error), ...known };
  await keepMemories(world, vault, opening.memories, market.value);
  const decided = await attempt(() => decideOn(world, vault, snapshot.value, live));
  const conclusion = decided.ok ? decided.value : { decision: haltOn(decided.error), candidate: null };
  return { ...known, snapshot: snapshot.value, ...conclusion };
}
