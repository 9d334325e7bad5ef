import { decide } from '../core/decide.ts';
import type { Decision, PlannedDecision } from '../core/decision.ts';
import { type BallastError, ChainUnavailableError } from '../core/errors.ts';
import { learntTip } from '../core/gas/learntTip.ts';
import { baseFeeToWaitFor } from '../core/gas/patience.ts';
import { fixed } from '../core/report/format.ts';
import { asksForDay } from '../core/risk/haltLimits.ts';
import type { BlockFacts, Snapshot } from '../core/snapshot.ts';
import { type Address, SECONDS_PER_DAY } from '../core/units.ts';
import type { Store } from '../ports/store.ts';
import { attempt, haltOn, withheld } from './faults.ts';
import { keptHaltKey, keptHaltOf, resumedKey, resumptionOf } from './keptHalt.ts';
import { keepPrecautions, precautionsKey, recalledPrecautions } from './keptPrecautions.ts';
import type { Memories } from './memories.ts';
import { gasPaidSince, pastOf } from './order/history.ts';
import { lastDayOf } from './order/lastDay.ts';
import { type NewestOrders, newestOrdersOf } from './order/newestOrders.ts';
import { filledState, isLive } from './order/orderState.ts';
import { paperHoldings, paperKey } from './order/paper.ts';
import type { TrackedOrder } from './order/tracked.ts';
import type { ChainView } from './read/chainView.ts';
import { type MarketFacts, nobody, type VaultReading } from './read/readVault.ts';
import { snapshotOf } from './read/snapshot.ts';
import { acceptedKey, acceptedOrderOf, refuseBrokenFinality } from './settle/finality.ts';
import { type SettledEvent, settle } from './settle/settle.ts';
import { type Candidate, makeCandidate, urgencyOfHedge } from './submit/candidate.ts';
import { type NextStep, nextStep } from './submit/deliver.ts';
import { barOfNew, type VaultSetup, type World } from './world.ts';

/** A vault as a tick found it: its open orders settled, and what to do about it. */
export interface Assessment {
  readonly settled: readonly SettledEvent[];
  /** Orders that the chain may still change, live or not. */
  readonly unsettled: number;
  /** Orders that may still execute. */
  readonly live: readonly TrackedOrder[];
  /** The one of them that may be handed out once more, or climb its ladder; null where there is none. */
  readonly next: NextStep | null;
  /** Orders whose fill stands: those not final, and those that this tick made final. */
  readonly filled: readonly TrackedOrder[];
  /** What was remembered of the vault when the tick began; null where the journal did not say. */
  readonly memories: Memories | null;
  /** What was read of the market, with what its plug-ins want to remember; null where reading failed. */
  readonly market: MarketFacts | null;
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
  { reading, market, memories }: { reading: VaultReading; market: MarketFacts; memories: Memories },
  newest: NewestOrders,
  view: ChainView,
): Promise<Snapshot> {
  if (!reading.account.ok) throw reading.account.error;
  const { name } = vault.terms;
  const { holdings, guard } = reading.account.value;
  const keepers = world.signers.length > 0 ? world.signers.map(({ address }) => address) : [nobody];
  const sinceSeconds = view.head.timestampSeconds - SECONDS_PER_DAY;
  const hasDailyCap = typeof vault.limits.maxGasPerDayQuote === 'number';
  const keptHalt = keptHaltOf(memories.get(keptHaltKey));
  const precautions = recalledPrecautions(memories.get(precautionsKey));
  const afterOrder = resumptionOf(memories.get(resumedKey))?.afterOrder ?? null;
  const [{ inclusions, ...past }, paper, suggestedWei, gasPaidWei, lastDay] = await Promise.all([
    pastOf(newest, afterOrder),
    paperHoldings(world.store, name, keepers, newest, memories.get(paperKey)),
    view.suggestedTipWei(),
    hasDailyCap ? gasPaidSince(newest, sinceSeconds) : null,
    asksForDay(vault.limits.halts ?? null)
      ? lastDayOf(world.store, vault.terms, newest, sinceSeconds, afterOrder)
      : null,
  ]);
  const history = {
    ...past,
    paper,
    ...(gasPaidWei === null ? {} : { gasPaidLastDayWei: gasPaidWei }),
    ...(lastDay === null ? {} : { lastDay }),
    ...(keptHalt === null ? {} : { keptHalt }),
    ...(precautions === null ? {} : { precautions }),
  };
  const tipWei = learntTip(suggestedWei, inclusions);
  return snapshotOf(vault, view.head, { holdings, guard }, market, history, tipWei);
}

/** While an order may still execute, its vault decides nothing new: the order may be about to change everything. */
export function waitFor(decision: Decision, live: readonly TrackedOrder[]): Decision {
  const ids = live.map(({ record }) => record.id).join(', ');
  const why = `${ids} may still execute: the chain settles it before anything new is decided`;
  const { warnings, numbers, precautions } = decision;
  const looked = precautions === undefined ? {} : { precautions };
  return { kind: 'hold', code: 'orderOpen', why, warnings, numbers, ...looked };
}

/** A quiet drift in a dear block: the decision that takes the hedge's place; null where it does not wait. */
async function cheaperBlock(
  vault: VaultSetup,
  decision: PlannedDecision,
  snapshot: Snapshot,
  view: ChainView,
): Promise<Decision | null> {
  const { patience } = vault.submission;
  // What eases margin waits for no cheaper block: a crash is when blocks are dear.
  if (patience === undefined || decision.kind === 'reduce') return null;
  const urgency = urgencyOfHedge(decision, snapshot, vault);
  if (urgency >= patience.urgentAt) return null;
  const recent = await view.recentBaseFeesWei(patience.blocks);
  const usual = baseFeeToWaitFor(urgency, view.head.baseFeePerGasWei, recent, patience);
  if (usual === null) return null;
  const gwei = (wei: bigint) => `${fixed(Number(wei) / 1e9, 2)} gwei`;
  const fees = `the base fee is ${gwei(view.head.baseFeePerGasWei)}, usual are ${gwei(usual)}`;
  const why = `${decision.why}, but it can wait (urgency ${fixed(urgency, 2)}): ${fees}`;
  return withheld(decision, 'hold', 'gasWait', why);
}

/** A head that is too old says nothing of now, and one from the future would give an order a deadline too late. */
function skewOf(
  { clock, maxSkewSeconds = null }: World,
  { number, timestampSeconds }: BlockFacts,
): BallastError | null {
  const ageSeconds = Math.round(clock.nowSeconds() - timestampSeconds);
  if (maxSkewSeconds === null || Math.abs(ageSeconds) <= maxSkewSeconds) return null;
  const apart = ageSeconds > 0 ? `${ageSeconds} s old` : `${-ageSeconds} s ahead of this machine's clock`;
  return new ChainUnavailableError(
    `the newest block ${number} is ${apart}, ${maxSkewSeconds} s are allowed`,
    {
      facts: { block: number, ageSeconds, maxSkewSeconds },
      action: 'check that the node goes on and that the clock is right (chain.maxSkewSeconds)',
    },
  );
}

/** What is done of a decision: the decision itself, or what takes its place where something stands in its way. */
async function takenOf(
  world: World,
  vault: VaultSetup,
  decision: Decision,
  snapshot: Snapshot,
  live: readonly TrackedOrder[],
  view: ChainView,
): Promise<Decision> {
  if (decision.kind === 'halt') return decision;
  const skew = skewOf(world, view.head);
  if (skew !== null) return haltOn(skew, decision.numbers);
  if (live.length > 0) return waitFor(decision, live);
  if (decision.kind === 'hold') return decision;
  const bar = barOfNew(world, vault.terms.name);
  if (bar !== null) {
    const kind = bar.code === 'chainFault' ? 'halt' : 'hold';
    return withheld(decision, kind, bar.code, bar.why);
  }
  const waits = await attempt(() => cheaperBlock(vault, decision, snapshot, view));
  return waits.ok && waits.value !== null ? waits.value : decision;
}

/**
 * What the journal takes of a decision while its order is simulated, which takes longer: once the first answer is here of
 * what is asked for meanwhile, all requests have left.
 *
 * @throws JournalError
 */
async function journalBehind(
  answer: Promise<unknown>,
  store: Store,
  decision: Decision,
  snapshot: Snapshot,
): Promise<void> {
  await attempt(() => answer);
  await keepPrecautions(store, snapshot.vault.name, decision);
  await attempt(() => store.prepare?.(snapshot, decision));
}

async function decideOn(
  world: World,
  vault: VaultSetup,
  snapshot: Snapshot,
  live: readonly TrackedOrder[],
  keepers: readonly Address[],
  view: ChainView,
): Promise<Pick<Assessment, 'decision' | 'candidate'>> {
  const { store } = world;
  const decision = decide(snapshot, vault.policy, vault.limits);
  const isPlanned = decision.kind === 'hedge' || decision.kind === 'reduce';
  const taken = await takenOf(world, vault, decision, snapshot, live, view);
  if (taken !== decision || !isPlanned) {
    await keepPrecautions(store, vault.terms.name, decision);
    return { decision: taken, candidate: null };
  }
  const making = attempt(() => makeCandidate(world, vault, decision, snapshot, keepers));
  // Its place will be asked for once it is simulated: the answers travel meanwhile.
  for (const keeper of keepers) {
    void attempt(() => view.confirmedNonce(keeper));
    void attempt(() => view.balanceWei(keeper));
  }
  const [first] = keepers;
  const answered = first === undefined ? making : Promise.race([making, view.balanceWei(first)]);
  const [made, journaled] = await Promise.all([
    making,
    attempt(() => journalBehind(answered, store, decision, snapshot)),
  ]);
  if (!journaled.ok) throw journaled.error;
  if (!made.ok) return { decision: haltOn(made.error, decision.numbers), candidate: null };
  if ('refused' in made.value) return { decision: made.value.refused, candidate: null };
  return { decision, candidate: made.value };
}

/** The assessment of a vault that a fault stopped; `open` as far as the journal told. */
export function stoppedBy(error: BallastError, open: readonly TrackedOrder[] = []): Assessment {
  return {
    settled: [],
    unsettled: open.length,
    live: open.filter(({ state }) => isLive(state)),
    next: null,
    filled: [],
    memories: null,
    market: null,
    snapshot: null,
    decision: haltOn(error),
    candidate: null,
  };
}

/**
 * Settles a vault's open orders, takes its snapshot, decides, and simulates what was decided. Writes settled orders into
 * the journal; places nothing. Never throws: a fault is a halt.
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
  const { store, notes } = world;
  const { name } = vault.terms;
  const { nextSequence } = account.value.guard;
  const newest = newestOrdersOf(store, name);
  const settlement = await attempt(async () => {
    const accepted = acceptedOrderOf(opening.memories.get(acceptedKey));
    await refuseBrokenFinality(notes, vault, newest, nextSequence, accepted, view);
    return settle(world, vault, opening.open, nextSequence, view);
  });
  if (!settlement.ok) return stoppedBy(settlement.error, opening.open);
  const live = settlement.value.orders.filter(({ state }) => isLive(state));
  const settled = settlement.value.events;
  const { orders } = settlement.value;
  const known = {
    settled,
    unsettled: orders.length,
    live,
    next: nextStep(world, vault, live, nextSequence, view.head),
    memories: opening.memories,
    // An order of lending steps alone trades nothing whose price could be judged.
    filled: orders.filter(({ record, state }) => record.order.baseRaw > 0n && filledState(state) !== null),
  };
  if (!market.ok) return { ...stoppedBy(market.error), ...known };
  const snapshot = await attempt(() =>
    takeSnapshot(
      world,
      vault,
      { reading, market: market.value, memories: opening.memories },
      settled.length === 0 ? newest : newestOrdersOf(store, name),
      view,
    ),
  );
  if (!snapshot.ok) return { ...stoppedBy(snapshot.error), ...known };
  const { value: read } = market;
  const decided = await attempt(() =>
    decideOn(world, vault, snapshot.value, live, account.value.allowedKeepers, view),
  );
  const conclusion = decided.ok ? decided.value : { decision: haltOn(decided.error), candidate: null };
  return { ...known, market: read, snapshot: snapshot.value, ...conclusion };
}
