import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address, Hex } from '../../core/units.ts';
import type { PricedTransaction, Signer } from '../../ports/signer.ts';
import type { DecisionRecord, OrderRecord, SignedAttempt } from '../../ports/store.ts';
import { SignerError } from '../faults.ts';
import { orderId, orderRecord } from '../order/order.ts';
import { paperFill } from '../order/paper.ts';
import { append, type TrackedOrder } from '../order/tracked.ts';
import { nobody } from '../read/readVault.ts';
import { barOf, type VaultSetup, type World } from '../world.ts';
import type { Candidate } from './candidate.ts';
import { windowBlocksOf } from './ladder.ts';
import type { Placement } from './placement.ts';

/** Orders looked back on for the attempts at a sequence: more were never made for one. */
const recentOrders = 50;

/** Journals a decision and its order together. */
async function recordOrder(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decided: DecisionRecord,
  signer: Address,
): Promise<TrackedOrder> {
  const recent = await world.store.orders(vault.terms.name, recentOrders);
  const id = orderId(vault.terms.name, candidate.order.sequence, recent);
  const { order, decision, snapshot, urgency } = candidate;
  const orderOf = (decisionId: string): OrderRecord =>
    orderRecord(id, order, decision, decisionId, snapshot, signer, urgency);
  const decisionId = await world.store.recordDecision(decided, orderOf);
  return { record: orderOf(decisionId), state: { status: 'decided' } };
}

/**
 * Journals a decision and its order that nobody can sign, and fills it on paper.
 *
 * @throws JournalError
 */
export async function placeOnPaper(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decided: DecisionRecord,
): Promise<TrackedOrder> {
  const tracked = await recordOrder(world, vault, candidate, decided, nobody);
  return append(world, tracked, paperFill(candidate.order, candidate.snapshot.chain.block.number));
}

/** The bytes of a transaction. @throws SignerError */
export async function signedBytes(signer: Signer, transaction: PricedTransaction): Promise<Hex> {
  try {
    return await signer.signTransaction(transaction);
  } catch (thrown) {
    throw new SignerError(thrown);
  }
}

/**
 * Journals a decision and its order, signs it and journals the signed bytes: only after this may anybody else see them. Orders that lose
 * their nonce to it are told so before, but not before it is signed: a signer that is away costs them nothing. A keeper that
 * is told to stop in between abandons the order.
 *
 * @throws JournalError; SignerError, with the order abandoned
 */
export async function placeSigned(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decided: DecisionRecord,
  signer: Signer,
  { transaction, replaces }: Placement,
): Promise<TrackedOrder> {
  const tracked = await recordOrder(world, vault, candidate, decided, signer.address);
  const bar = barOf(world, vault.terms.name);
  if (bar !== null) return append(world, tracked, { kind: 'abandoned', why: bar.why });
  let rawTransaction: Hex;
  try {
    rawTransaction = await signedBytes(signer, transaction);
  } catch (thrown) {
    if (thrown instanceof SignerError)
      await append(world, tracked, { kind: 'abandoned', why: thrown.message });
    throw thrown;
  }
  for (const replaced of replaces) {
    await append(world, replaced, { kind: 'replaced', by: tracked.record.id });
  }
  const { block } = candidate.snapshot.chain;
  const attempt: SignedAttempt = {
    ...attemptOn(world, block, transaction, rawTransaction),
    lastBlock: block.number + BigInt(windowBlocksOf(vault.submission)),
  };
  return append(world, tracked, { kind: 'signed', attempt });
}

/** Signed bytes as the journal takes them, for the block after the head; when they end is for the caller to say. */
export function attemptOn(
  world: World,
  head: BlockFacts,
  { nonce, maxFeePerGasWei, maxPriorityFeePerGasWei }: PricedTransaction,
  rawTransaction: Hex,
): Omit<SignedAttempt, 'lastBlock'> {
  return {
    rawTransaction,
    transactionHash: world.keccak256(rawTransaction),
    nonce,
    maxFeePerGasWei,
    maxPriorityFeePerGasWei,
    firstBlock: head.number + 1n,
  };
}
