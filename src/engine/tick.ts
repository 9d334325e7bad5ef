import { askedOnce } from '../core/askedOnce.ts';
import type { Decision } from '../core/decision.ts';
import type { BallastError } from '../core/errors.ts';
import type { BlockFacts, Snapshot } from '../core/snapshot.ts';
import type { Outcome } from '../ports/chain.ts';
import { type Assessment, assess, type Opening, stoppedBy } from './assess.ts';
import { type Conclusion, conclude, concludeWithout } from './conclude.ts';
import { attempt, haltOn } from './faults.ts';
import { type HandedOut, handOut, type Sent, send } from './handOut.ts';
import { keptHaltKey, resumedKey } from './keptHalt.ts';
import { precautionsKey } from './keptPrecautions.ts';
import { climbAll, fillLanes, inOrderOfUrgency, lanesInUse, rememberLanes } from './lane/fleet.ts';
import { type Memories, recallAll } from './memories.ts';
import { isLive } from './order/orderState.ts';
import { paperKey } from './order/paper.ts';
import type { TrackedOrder } from './order/tracked.ts';
import { type ChainView, viewFrom } from './read/chainView.ts';
import {
  keepMemories,
  type MarketFacts,
  memoryKeysOf,
  readVaults,
  type VaultReading,
} from './read/readVault.ts';
import { forOneTick } from './read/timely.ts';
import { haltKey, watch } from './read/watch.ts';
import { followExecutions, pendingKey } from './settle/execution.ts';
import { acceptedKey } from './settle/finality.ts';
import { type SettledEvent, unsettledOf } from './settle/settle.ts';
import { takeBack } from './submit/deliver.ts';
import type { VaultSetup, World } from './world.ts';

/** What one tick did about one vault. */
export interface TickResult {
  readonly vault: string;
  /** The head that everything was read at; null where it could not be read. */
  readonly block: BlockFacts | null;
  /** What was decided and done. A hedge means that an order was placed. */
  readonly decision: Decision;
  /** Null where the journal could not take it. */
  readonly decisionId: string | null;
  /** What the decision looked at; null where reading failed. */
  readonly snapshot: Snapshot | null;
  /** The order that this tick placed, with the relays' answers. */
  readonly order: TrackedOrder | null;
  /** What became of earlier orders. */
  readonly settled: readonly SettledEvent[];
  /** Orders that may still execute when the tick ends. */
  readonly open: readonly TrackedOrder[];
}

/** What a tick did about a vault, with what it knew of it before. */
interface Ticked {
  readonly result: TickResult;
  readonly filled: readonly TrackedOrder[];
  /** Null where the journal gave none. */
  readonly memories: Memories | null;
  /** Null where it was not read. */
  readonly market: MarketFacts | null;
}

async function openVault(world: World, vault: VaultSetup): Promise<Opening> {
  const keys = [
    ...memoryKeysOf(vault),
    paperKey,
    precautionsKey,
    pendingKey,
    haltKey,
    keptHaltKey,
    resumedKey,
    acceptedKey,
  ];
  const [open, memories] = await Promise.all([
    unsettledOf(world, vault),
    recallAll(world.store, vault.terms.name, keys),
  ]);
  return { open, memories };
}

/** Everything up to the decision, for all vaults side by side: one read of the chain for all of them. */
async function assessFleet(
  world: World,
  vaults: readonly VaultSetup[],
  openings: readonly Outcome<Opening>[],
  view: ChainView,
): Promise<readonly Assessment[]> {
  const readable = vaults.flatMap((setup, index) => {
    const opening = openings[index];
    return opening?.ok ? [{ setup, memories: opening.value.memories }] : [];
  });
  const readings = await readVaults(world, readable, view.head);
  const readingOf = new Map<VaultSetup, VaultReading>();
  readable.forEach(({ setup }, index) => {
    const reading = readings[index];
    if (reading !== undefined) readingOf.set(setup, reading);
  });
  return Promise.all(
    vaults.map(async (vault, index): Promise<Assessment> => {
      const opening = openings[index] as Outcome<Opening>;
      const reading = readingOf.get(vault);
      if (!opening.ok) return stoppedBy(opening.error);
      return assess(world, vault, opening.value, reading as VaultReading, view);
    }),
  );
}

/** The result where not even the head could be read. */
async function stopped(world: World, vault: VaultSetup, error: BallastError): Promise<TickResult> {
  const open = await attempt(() => unsettledOf(world, vault));
  const conclusion = await concludeWithout(world, vault, null, null, haltOn(error));
  const { decision, decisionId } = conclusion;
  const vaultName = vault.terms.name;
  return {
    vault: vaultName,
    block: null,
    decision,
    decisionId,
    snapshot: null,
    order: null,
    settled: [],
    open: open.ok ? open.value.filter(({ state }) => isLive(state)) : [],
  };
}

/**
 * One tick of any number of vaults, the only path from a block to an order: settle what is open, read, decide, simulate,
 * journal, sign, journal the bytes, hand them out, journal the answers. Nonces that live orders wait for in vain are filled
 * meanwhile; what only makes the next tick cheaper is remembered last. The next tick finds out what became of them, and
 * starting up is a tick like any other.
 *
 * All vaults are read together at one block. What goes wrong with one of them is a halt of that one, with its reason;
 * nothing is thrown for what markets, nodes, relays, signers or journals do.
 */
export async function tickFleet(world: World, vaults: readonly VaultSetup[]): Promise<readonly TickResult[]> {
  const ticked = await tickAll(world, vaults);
  await Promise.all(
    ticked.map(async ({ result, filled, memories, market }, index) => {
      if (memories !== null && market !== null)
        await keepMemories(world, vaults[index] as VaultSetup, memories, market);
      await watch(world, result, memories);
      if (memories !== null) await followExecutions(world, result, { filled, memories });
    }),
  );
  return ticked.map(({ result }) => result);
}

async function tickAll(given: World, vaults: readonly VaultSetup[]): Promise<readonly Ticked[]> {
  const world = forOneTick(given, vaults);
  const suggestedTipWei = askedOnce(() => world.chain.suggestedTipWei());
  const asked = attempt(() => world.chain.head());
  // Every decision needs it; it travels beside the head.
  void attempt(suggestedTipWei);
  const [head, ...openings] = await Promise.all([
    asked,
    ...vaults.map((vault) => attempt(() => openVault(world, vault))),
  ]);
  if (!head.ok) {
    return Promise.all(
      vaults.map(async (vault) => {
        const result = await stopped(world, vault, head.error);
        return { result, filled: [], memories: null, market: null };
      }),
    );
  }
  const view = viewFrom(world.chain, head.value, suggestedTipWei);
  const assessed = await assessFleet(world, vaults, openings, view);
  const lanes = await lanesInUse(world, vaults, assessed, view);
  const assessments = await climbAll(world, vaults, assessed, lanes, view);
  const conclusions: Conclusion[] = [];
  for (const index of inOrderOfUrgency(assessments)) {
    const [vault, assessment] = [vaults[index] as VaultSetup, assessments[index] as Assessment];
    conclusions[index] = await conclude(world, vault, view, assessment, lanes);
  }
  const sent = vaults.map((vault, index) => send(world, vault, view, conclusions[index] as Conclusion));
  const wereUsed = assessments.some(
    ({ candidate, next }) => candidate !== null || next?.step.kind === 'climb',
  );
  const filledFor = await fillLanes(world, vaults, lanes, view, wereUsed);
  const replaced = [...conclusions.flatMap((conclusion) => conclusion.replaced), ...filledFor];
  const lost = new Set(replaced.map(({ record }) => record.id));
  const takenBack = replaced.map((tracked) => takeBack(world, tracked, view.head));
  const ticked = await Promise.all(
    vaults.map(async (vault, index): Promise<Ticked> => {
      const assessment = assessments[index] as Assessment;
      const handedOut = await handOut(world, vault, view, assessment, sent[index] as Sent, lost);
      const result = resultOf(vault, view, assessment, conclusions[index] as Conclusion, handedOut);
      const { filled, memories, market } = assessment;
      return { result, filled, memories, market };
    }),
  );
  await Promise.all(takenBack);
  await rememberLanes(world, lanes);
  return ticked;
}

function resultOf(
  vault: VaultSetup,
  { head }: ChainView,
  { snapshot, settled }: Assessment,
  { decisionId }: Conclusion,
  { decision, order, open }: HandedOut,
): TickResult {
  const orders = order === null ? open : [...open, order];
  return {
    vault: vault.terms.name,
    block: head,
    decision,
    decisionId,
    snapshot,
    order,
    settled,
    open: orders.filter(({ state }) => isLive(state)),
  };
}

/** One tick of one vault: see {@link tickFleet}. */
export async function tick(world: World, vault: VaultSetup): Promise<TickResult> {
  const [result] = await tickFleet(world, [vault]);
  return result as TickResult;
}
