import type { Decision, HedgeDecision, Order } from '../core/decision.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { TransactionIntent } from '../ports/chain.ts';
import type { PricedTransaction } from '../ports/signer.ts';
import type { ChainView } from './chainView.ts';
import { withheld } from './faults.ts';
import { feesFor, gasLimitFor } from './fees.ts';
import { type NonceSlot, nextNonce } from './nonceLane.ts';
import { bindOrder } from './order.ts';
import { nobody } from './readVault.ts';
import { keeperOf, type VaultSetup, type World } from './world.ts';

/** A hedge that passed its simulation, not yet given a nonce. */
export interface Candidate {
  readonly decision: HedgeDecision;
  readonly snapshot: Snapshot;
  readonly order: Order;
  readonly intent: TransactionIntent;
  /** Null where nobody's transaction could be simulated. */
  readonly gasUsed: bigint | null;
}

/** Something stands in the way of an order: the decision that takes the hedge's place. */
export interface Refusal {
  readonly refused: Decision;
}

/**
 * Makes an order of a hedge and runs it on top of the head.
 *
 * @throws ChainUnavailableError, BlockGoneError
 */
export async function makeCandidate(
  world: World,
  vault: VaultSetup,
  decision: HedgeDecision,
  snapshot: Snapshot,
): Promise<Candidate | Refusal> {
  const order = bindOrder(decision, snapshot, vault.submission);
  const keeper = keeperOf(world, vault);
  const intent = vault.account.encode(vault.terms, order, keeper ?? nobody);
  if (keeper === null) return { decision, snapshot, order, intent, gasUsed: null };
  const simulation = await world.chain.simulate(intent, snapshot.chain.block);
  if (simulation.ok) return { decision, snapshot, order, intent, gasUsed: simulation.gasUsed };
  const why = `the order would fail at block ${snapshot.chain.block.number}: ${simulation.reason}`;
  return { refused: withheld(decision, 'hold', 'simulation', why) };
}

function gwei(wei: bigint): string {
  return `${(Number(wei) / 1e9).toFixed(2)} gwei`;
}

/** Fees and gas limit of a candidate, held against the cap and against the signer's gas money. */
function price(
  vault: VaultSetup,
  candidate: Candidate,
  slot: NonceSlot,
  balanceWei: bigint,
  gasUsed: bigint,
): PricedTransaction | Refusal {
  const { snapshot, intent, decision } = candidate;
  const { baseFeePerGasWei, priorityFeePerGasWei } = snapshot.native;
  const cap = vault.submission.maxFeePerGasWei;
  const fees = feesFor(baseFeePerGasWei, priorityFeePerGasWei, slot.outbid, cap);
  if (fees === null) {
    const needed = gwei(baseFeePerGasWei + priorityFeePerGasWei);
    const why = `a transaction would have to offer ${needed} per gas, the cap is ${gwei(cap)}`;
    return { refused: withheld(decision, 'hold', 'gasCap', why) };
  }
  const gasLimit = gasLimitFor(gasUsed, vault.submission.gasLimitMarginBps);
  const neededWei = gasLimit * fees.maxFeePerGasWei + intent.valueWei;
  if (balanceWei < neededWei) {
    const why = `${intent.from} has ${balanceWei} wei for gas, an order needs up to ${neededWei}: send it some`;
    return { refused: withheld(decision, 'halt', 'gasMoney', why) };
  }
  const { to, data, valueWei } = intent;
  return { chainId: vault.terms.chainId, nonce: slot.nonce, to, data, valueWei, gasLimit, ...fees };
}

/**
 * Gives a candidate its nonce and fees.
 *
 * @throws JournalError, JournalCorruptError, ChainUnavailableError
 */
export async function priceCandidate(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  gasUsed: bigint,
  view: ChainView,
): Promise<PricedTransaction | Refusal> {
  const { from } = candidate.intent;
  const [confirmed, balanceWei, unsettled] = await Promise.all([
    view.confirmedNonce(from),
    view.balanceWei(from),
    world.store.unsettledOrdersOfSigner(vault.terms.chainId, from),
  ]);
  return price(vault, candidate, nextNonce(confirmed, unsettled, view.head), balanceWei, gasUsed);
}
