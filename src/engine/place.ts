import type { BlockFacts } from '../core/snapshot.ts';
import type { Hex } from '../core/units.ts';
import type { PricedTransaction, Signer } from '../ports/signer.ts';
import type { OrderEvent, OrderRecord, SignedAttempt } from '../ports/store.ts';
import type { Candidate } from './candidate.ts';
import { SignerError } from './faults.ts';
import { orderId, orderRecord } from './order.ts';
import { applyEvent, type OrderState } from './orderState.ts';
import { paperFill } from './paper.ts';
import { nobody } from './readVault.ts';
import { appendEvent, type TrackedOrder } from './settle.ts';
import type { VaultSetup, World } from './world.ts';

/** Orders looked back on for the attempts at a sequence: more were never made for one. */
const recentOrders = 50;

async function append(world: World, tracked: TrackedOrder, event: OrderEvent): Promise<TrackedOrder> {
  await appendEvent(world, tracked.record, event);
  return { record: tracked.record, state: applyEvent(tracked.record.id, tracked.state, event) };
}

async function recordOrder(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decisionId: string,
): Promise<TrackedOrder> {
  const recent = await world.store.orders(vault.terms.name, recentOrders);
  const id = orderId(vault.terms.name, candidate.order.sequence, recent);
  const signer = world.signer?.address ?? nobody;
  const { order, decision, snapshot } = candidate;
  const record: OrderRecord = orderRecord(id, order, decision, decisionId, snapshot, signer);
  await world.store.recordOrder(record);
  const state: OrderState = { status: 'decided' };
  return { record, state };
}

/**
 * Journals an order that nobody can sign and fills it on paper.
 *
 * @throws JournalError
 */
export async function placeOnPaper(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decisionId: string,
): Promise<TrackedOrder> {
  const tracked = await recordOrder(world, vault, candidate, decisionId);
  return append(world, tracked, paperFill(candidate.order, candidate.snapshot.chain.block.number));
}

/**
 * Journals an order, signs it and journals the signed bytes: only after this may anybody else see them. A keeper that is
 * told to stop in between abandons the order.
 *
 * @throws JournalError; SignerError, with the order abandoned
 */
export async function placeSigned(
  world: World,
  vault: VaultSetup,
  candidate: Candidate,
  decisionId: string,
  signer: Signer,
  transaction: PricedTransaction,
): Promise<TrackedOrder> {
  const tracked = await recordOrder(world, vault, candidate, decisionId);
  if (world.stop?.aborted === true) {
    return append(world, tracked, { kind: 'abandoned', why: 'the keeper was told to stop' });
  }
  let rawTransaction: Hex;
  try {
    rawTransaction = await signer.signTransaction(transaction);
  } catch (thrown) {
    const fault = new SignerError(thrown);
    await append(world, tracked, { kind: 'abandoned', why: fault.message });
    throw fault;
  }
  const attempt = attemptOn(candidate.snapshot.chain.block, vault, transaction, {
    rawTransaction,
    transactionHash: world.keccak256(rawTransaction),
  });
  return append(world, tracked, { kind: 'signed', attempt });
}

function attemptOn(
  block: BlockFacts,
  vault: VaultSetup,
  transaction: PricedTransaction,
  signed: Pick<SignedAttempt, 'rawTransaction' | 'transactionHash'>,
): SignedAttempt {
  const { nonce, maxFeePerGasWei, maxPriorityFeePerGasWei } = transaction;
  return {
    ...signed,
    nonce,
    maxFeePerGasWei,
    maxPriorityFeePerGasWei,
    firstBlock: block.number + 1n,
    lastBlock: block.number + BigInt(vault.submission.windowBlocks),
  };
}
