import { hedgeDataWei } from '../../core/hedge/cost.ts';
import { swapsIn } from '../../core/hedge/splitTerms.ts';
import { fixed } from '../../core/report/format.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, sameAddress, toWhole } from '../../core/units.ts';
import type { TransactionIntent } from '../../ports/chain.ts';
import type { PricedTransaction } from '../../ports/signer.ts';
import { FinalityBrokenError, withheld } from '../faults.ts';
import { boundNonceConflict } from '../lane/boundNonce.ts';
import { type InspectedLane, isUsable, laneOf, readLane } from '../lane/lane.ts';
import {
  holdersOf,
  type Lane,
  mayStillBeOffered,
  nextNonce,
  replaceable,
  slotAt,
} from '../lane/nonceLane.ts';
import type { TrackedOrder } from '../order/tracked.ts';
import type { ChainView } from '../read/chainView.ts';
import { unsettledOf } from '../settle/settle.ts';
import type { VaultSetup, World } from '../world.ts';
import type { Candidate, Refusal } from './candidate.ts';
import {
  type Fees,
  feesFor,
  gasLimitFor,
  replaces as isReplacement,
  replacementFees,
  rungTip,
} from './fees.ts';
import { ladderOf } from './ladder.ts';

/** A candidate with its key, its nonce and its fees. */
export interface Placement {
  readonly keeper: Address;
  readonly transaction: PricedTransaction;
  /** Orders that lose their nonce to it. */
  readonly replaces: readonly TrackedOrder[];
}

/** Blocks that pass an order over before it counts as stuck, unless the settings say otherwise. */
export const usualStuckAfterBlocks = 2;

const WEI_DECIMALS = 18;

function gwei(wei: bigint): string {
  return `${(Number(wei) / 1e9).toFixed(2)} gwei`;
}

interface PricedSlot {
  readonly nonce: number;
  readonly fees: Fees;
  readonly replaces: readonly TrackedOrder[];
}

/**
 * The nonce of patient orders where it can be outbid and the candidate is urgent; otherwise the next free one. Null where
 * the cap allows too little for a block, or too little to be taken in the place of what may still be offered for it.
 */
function priceSlot(vault: VaultSetup, candidate: Candidate, lane: Lane, head: BlockFacts): PricedSlot | null {
  const { submission } = vault;
  const { baseFeePerGasWei, priorityFeePerGasWei } = candidate.snapshot.native;
  const tipWei = rungTip(priorityFeePerGasWei, ladderOf(submission)[0]?.tipMultiplierBps ?? 10_000);
  const capWei = submission.maxFeePerGasWei;
  const { stuckAfterBlocks = usualStuckAfterBlocks } = submission;
  const replaces = replaceable(lane, candidate.urgency, head, stuckAfterBlocks);
  if (replaces.length > 0) {
    const { nonce, outbid } = slotAt(lane, lane.confirmedNonce);
    const fees = outbid && replacementFees(baseFeePerGasWei, tipWei, outbid, capWei);
    if (fees !== null) return { nonce, fees, replaces };
  }
  const { nonce, outbid } = nextNonce(lane, head);
  const fees = feesFor(baseFeePerGasWei, tipWei, outbid, capWei);
  const isAtCap = fees !== null && outbid !== null && fees.maxFeePerGasWei >= capWei;
  if (isAtCap && !isReplacement(fees, outbid) && mayStillBeOffered(lane, nonce, head)) return null;
  return fees && { nonce, fees, replaces: [] };
}

/**
 * Why the gas that the simulation used costs more than the cap, in words; null where it does not, and where margin is eased.
 * The plan counts with the gas that its steps usually take, and with the going tip: a pool may take more, and outbidding costs more.
 */
function tooDear(
  { limits }: VaultSetup,
  { decision, snapshot }: Candidate,
  gasUsed: bigint,
  { maxPriorityFeePerGasWei }: Fees,
  dataWei: bigint,
): string | null {
  const { baseFeePerGasWei, priceQuote } = snapshot.native;
  const wei = gasUsed * (baseFeePerGasWei + maxPriorityFeePerGasWei) + dataWei;
  const gasQuote = toWhole(wei, WEI_DECIMALS) * priceQuote;
  if (decision.kind === 'reduce' || gasQuote <= limits.maxGasQuote) return null;
  const { symbol } = snapshot.vault.quote;
  return `gas as simulated would cost ${fixed(gasQuote, 2)} ${symbol}, the cap is ${limits.maxGasQuote}`;
}

/** The order as a key sends it: what was simulated where it is that key's. */
function intentOf({ account, terms }: VaultSetup, candidate: Candidate, signer: Address): TransactionIntent {
  const [simulatedFor] = candidate.keepers;
  const isSimulated = simulatedFor !== undefined && sameAddress(simulatedFor, signer);
  return isSimulated ? candidate.intent : account.encode(terms, candidate.order, signer);
}

/** Fees and gas limit of a candidate on a lane, held against the cap and against the key's gas money. */
export function placementOn(
  vault: VaultSetup,
  candidate: Candidate,
  lane: Lane,
  balanceWei: bigint,
  gasUsed: bigint,
  head: BlockFacts,
): Placement | Refusal {
  const { snapshot, decision, order } = candidate;
  const intent = intentOf(vault, candidate, lane.signer);
  const slot = priceSlot(vault, candidate, lane, head);
  if (slot === null) {
    const { baseFeePerGasWei, priorityFeePerGasWei } = snapshot.native;
    const needed = gwei(baseFeePerGasWei + priorityFeePerGasWei);
    const cap = gwei(vault.submission.maxFeePerGasWei);
    const why = `a transaction would have to offer ${needed} per gas, or outbid an earlier one, the cap is ${cap}`;
    return { refused: withheld(decision, 'hold', 'gasCap', why) };
  }
  const gasLimit = gasLimitFor(gasUsed, vault.submission.gasLimitMarginBps);
  const dataWei = hedgeDataWei(swapsIn(order.legs), snapshot.native);
  const dear = tooDear(vault, candidate, gasUsed, slot.fees, dataWei);
  if (dear !== null) return { refused: withheld(decision, 'hold', 'gasCap', dear) };
  const neededWei = gasLimit * slot.fees.maxFeePerGasWei + dataWei + intent.valueWei;
  if (balanceWei < neededWei) {
    const why = `${intent.from} has ${balanceWei} wei for gas, an order needs up to ${neededWei}: send it some`;
    return { refused: withheld(decision, 'halt', 'gasMoney', why) };
  }
  const { to, data, valueWei } = intent;
  const { chainId } = vault.terms;
  return {
    keeper: lane.signer,
    transaction: { chainId, nonce: slot.nonce, to, data, valueWei, gasLimit, ...slot.fees },
    replaces: slot.replaces,
  };
}

/**
 * Gives a candidate its key, nonce and fees: of the keys that its account allows, the one with the fewest open orders
 * that has gas money and need not offer more than the cap. Lanes are read again for every candidate, since each signature takes a nonce.
 *
 * @param inspected the world's lanes as they were found when the tick began
 * @throws JournalError, JournalCorruptError, ChainUnavailableError, FinalityBrokenError
 */
export async function placementOf(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  gasUsed: bigint,
  view: ChainView,
  inspected: readonly InspectedLane[],
): Promise<Placement | Refusal> {
  const halted = candidate.keepers.flatMap((keeper) => {
    const nonce = laneOf(inspected, keeper)?.haltedBy ?? null;
    return nonce === null ? [] : [{ keeper, nonce }];
  });
  const unread = candidate.keepers.flatMap((keeper) => laneOf(inspected, keeper)?.unread ?? []);
  // What was final is undone on one key: the others see the same chain, and nothing is signed by it.
  const broken = unread.find((error) => error instanceof FinalityBrokenError);
  if (broken !== undefined) throw broken;
  const usable = candidate.keepers.filter((keeper) => isUsable(laneOf(inspected, keeper)));
  const lanes = await Promise.all(usable.map((keeper) => readLane(world, keeper, view)));
  const open = new Map(lanes.map((lane) => [lane, holdersOf(lane, view.head).length]));
  const unsettled = vault.account.sequence === 'counted' ? await unsettledOf(world, vault) : [];
  let refusal: Refusal | null = null;
  for (const lane of lanes.toSorted((a, b) => (open.get(a) ?? 0) - (open.get(b) ?? 0))) {
    const balanceWei = await view.balanceWei(lane.signer);
    const priced = placementOn(vault, candidate, lane, balanceWei, gasUsed, view.head);
    if (!('refused' in priced)) {
      const conflict = boundNonceConflict(unsettled, priced.keeper, priced.transaction.nonce);
      if (conflict === null) return priced;
      refusal ??= { refused: withheld(candidate.decision, 'hold', 'orderOpen', conflict) };
      continue;
    }
    // What is dear on one key, for what is still out there, may be had on another; being dear passes, no money does not.
    if (refusal === null || refusal.refused.code === 'gasMoney') refusal = priced;
  }
  if (refusal !== null) return refusal;
  const [fault] = unread;
  if (fault !== undefined) throw fault;
  const [first] = halted;
  const why = `nonce ${first?.nonce} of ${first?.keeper} was used by a transaction that is not in the journal: a second keeper, or a key that leaked`;
  return { refused: withheld(candidate.decision, 'halt', 'foreignTransaction', why) };
}
