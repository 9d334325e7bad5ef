import { min, sameAddress } from '../../core/units.ts';
import type { Signer } from '../../ports/signer.ts';
import type { Assessment } from '../assess.ts';
import { attempt } from '../faults.ts';
import type { TrackedOrder } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import { climb } from '../submit/climb.ts';
import { ladderOf } from '../submit/ladder.ts';
import { usualStuckAfterBlocks } from '../submit/placement.ts';
import { barOf, type SubmissionSettings, type VaultSetup, type World } from '../world.ts';
import { fillNonce, followFillers } from './filler.ts';
import { type InspectedLane, inspectLane, isUsable, laneOf, readLane, unreadLane } from './lane.ts';
import { recallLane, rememberCheckedTo } from './laneMemory.ts';
import { fillersNeeded, isContested } from './nonceLane.ts';

/** A vault that failed to land goes last: what stands in its way must not stand in everybody's. */
function hasExpired({ settled }: Assessment): boolean {
  return settled.some(({ event }) => event.kind === 'expired');
}

/** In which order vaults are given nonces: the urgent before the patient, those that just failed to land at the end. */
export function inOrderOfUrgency(assessments: readonly Assessment[]): readonly number[] {
  const urgency = (index: number) => assessments[index]?.candidate?.urgency ?? 0;
  const failed = (index: number) => Number(hasExpired(assessments[index] as Assessment));
  return assessments
    .map((_, index) => index)
    .sort((a, b) => failed(a) - failed(b) || urgency(b) - urgency(a) || a - b);
}

/**
 * The keys whose lanes something has to be known of. In a tick that finds nothing unsettled and wants to place nothing, that
 * is only those that a foreign transaction was found on: whoever looks into it must not have to wait for the next hedge.
 */
async function keysToInspect(world: World, assessments: readonly Assessment[]): Promise<readonly Signer[]> {
  if (assessments.some(({ candidate, unsettled }) => candidate !== null || unsettled > 0))
    return world.signers;
  const { store, chain, signers } = world;
  const memories = await Promise.all(
    signers.map(({ address }) => attempt(() => recallLane(store, chain.chainId, address))),
  );
  return signers.filter((_, index) => {
    const memory = memories[index];
    return memory?.ok === true && memory.value.foreign?.standing === 'proven';
  });
}

/**
 * How lanes are looked after: they belong to no vault in particular, so of everything the strictest counts that any of
 * their vaults asks for: the most blocks to finality, the lowest cap, the longest patience with what is stuck, private
 * relays, a halt at what is foreign.
 */
export function laneSettings(vaults: readonly VaultSetup[]): SubmissionSettings | null {
  const all = vaults.map(({ submission }) => submission);
  const [first] = all;
  if (first === undefined) return null;
  const isPrivate = (one: SubmissionSettings) => ladderOf(one)[0]?.publicMempool === false;
  const { ladder } = all.find(isPrivate) ?? first;
  return {
    ...first,
    ...(ladder === undefined ? {} : { ladder }),
    finalityBlocks: Math.max(...all.map(({ finalityBlocks }) => finalityBlocks)),
    finality: all.some(({ finality }) => finality === 'finalized') ? 'finalized' : 'blocks',
    foreignTransactions: all.some((one) => one.foreignTransactions === 'halt') ? 'halt' : 'heal',
    stuckAfterBlocks: Math.max(...all.map((one) => one.stuckAfterBlocks ?? usualStuckAfterBlocks)),
    maxFeePerGasWei: all.map(({ maxFeePerGasWei }) => maxFeePerGasWei).reduce(min),
  };
}

/**
 * The lanes of a world's keys, looked through for transactions that the journal does not know. A lane that cannot be read
 * is left out, whoever wants to place on it meets the same fault; but where foreign transactions halt a lane, nothing is placed
 * on one that nobody could look at.
 */
export async function lanesInUse(
  world: World,
  vaults: readonly VaultSetup[],
  assessments: readonly Assessment[],
  view: ChainView,
): Promise<readonly InspectedLane[]> {
  const settings = laneSettings(vaults);
  if (settings === null) return [];
  const { foreignTransactions = 'heal' } = settings;
  const keys = await keysToInspect(world, assessments);
  const lanes = await Promise.all(
    keys.map(({ address }) => attempt(() => inspectLane(world, address, view, foreignTransactions))),
  );
  return lanes.flatMap((lane, index) => {
    if (lane.ok) return [lane.value];
    world.log.warn({ error: lane.error.message }, 'a nonce lane could not be looked at');
    const { address } = keys[index] as Signer;
    return foreignTransactions === 'halt' ? [unreadLane(address, lane.error)] : [];
  });
}

/**
 * Remembers up to which nonce lanes were looked at. It can wait until everything is handed out: a lane looked at twice
 * gives the same. Never throws.
 */
export async function rememberLanes(world: World, lanes: readonly InspectedLane[]): Promise<void> {
  for (const { lane, isRemembered } of lanes) {
    const { signer, confirmedNonce } = lane;
    if (isRemembered) continue;
    const kept = await attempt(() =>
      rememberCheckedTo(world.store, world.chain.chainId, signer, confirmedNonce),
    );
    if (!kept.ok) world.log.warn({ signer, error: kept.error.message }, 'a nonce lane was not remembered');
  }
}

/**
 * What of the open orders goes on: signs the attempts of those that have come to their next rung, one after the other, and
 * holds back what is to be handed out again while another order may use its nonce.
 */
export async function climbAll(
  world: World,
  vaults: readonly VaultSetup[],
  assessments: readonly Assessment[],
  lanes: readonly InspectedLane[],
  view: ChainView,
): Promise<readonly Assessment[]> {
  const climbed: Assessment[] = [];
  for (const [index, assessment] of assessments.entries()) {
    const { next } = assessment;
    const lane = next && laneOf(lanes, next.tracked.record.signer);
    if (next === null || (lane !== null && isContested(lane.lane, next.tracked))) {
      climbed.push({ ...assessment, next: null });
      continue;
    }
    if (next.step.kind !== 'climb' || lane === null || !isUsable(lane)) {
      climbed.push(assessment);
      continue;
    }
    const { step } = next;
    const tracked = await climb(world, vaults[index] as VaultSetup, next.tracked, step.rung, view);
    const live = assessment.live.map((one) => (one === next.tracked ? tracked : one));
    climbed.push({ ...assessment, live, next: { tracked, step } });
  }
  return climbed;
}

async function fillLane(
  world: World,
  inspected: InspectedLane,
  settings: SubmissionSettings,
  view: ChainView,
  wasUsed: boolean,
): Promise<readonly TrackedOrder[]> {
  const { lane: before } = inspected;
  const lane = wasUsed ? await readLane(world, before.signer, view) : before;
  await followFillers(world, lane, settings, view);
  if (!isUsable(inspected) || barOf(world, null) !== null) return [];
  const { stuckAfterBlocks = usualStuckAfterBlocks } = settings;
  const replaced: TrackedOrder[] = [];
  for (const plan of fillersNeeded(lane, view.head, stuckAfterBlocks)) {
    const filler = await fillNonce(world, lane, plan, settings, view);
    if (filler !== null) replaced.push(...plan.replaces);
  }
  return replaced;
}

/**
 * Fills the nonces that live orders wait for in vain, after new orders had their choice of them. What goes wrong with a
 * lane is logged: its orders stay open, and the next tick tries again.
 *
 * @param wereUsed whether anything was placed on them since they were read
 * @returns orders that lost their nonce to a filler, as they stood before
 */
export async function fillLanes(
  world: World,
  vaults: readonly VaultSetup[],
  lanes: readonly InspectedLane[],
  view: ChainView,
  wereUsed: boolean,
): Promise<readonly TrackedOrder[]> {
  const settings = laneSettings(vaults);
  if (settings === null) return [];
  const replaced: TrackedOrder[] = [];
  for (const lane of lanes) {
    const signer = world.signers.find(({ address }) => sameAddress(address, lane.lane.signer));
    if (signer === undefined) continue;
    const filled = await attempt(() => fillLane(world, lane, settings, view, wereUsed));
    if (filled.ok) replaced.push(...filled.value);
    else world.log.warn({ signer: signer.address, error: filled.error.message }, 'a nonce was not filled');
  }
  return replaced;
}
