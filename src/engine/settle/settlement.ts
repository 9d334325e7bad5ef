import type { BlockFacts } from '../../core/snapshot.ts';
import type { Fill } from '../../ports/account.ts';
import type { Receipt } from '../../ports/chain.ts';
import type { OrderEvent, OrderRecord, SignedAttempt } from '../../ports/store.ts';
import { applyEvent, isLive, type OrderState } from '../order/orderState.ts';
import type { BlockPlace } from '../read/chainView.ts';

/** What the chain says about one order, all of it as seen from one head. */
export interface SettlementFacts {
  readonly head: BlockFacts;
  /** The vault's next sequence at the head. */
  readonly nextSequence: bigint;
  /** Whether the journal knows of another order that filled with this sequence. */
  readonly sequenceTaken: boolean;
  /** The signer's next nonce at the head. */
  readonly confirmedNonce: number;
  /** The receipt of any of the order's attempts whose block is canonical and not above the head; null otherwise. */
  readonly receipt: Receipt | null;
  /** Whether the block on which the recorded outcome rests is canonical and not above the head. */
  readonly outcomeStands: boolean;
  /** Whether the order's nonce was used already in a block that is final. */
  readonly nonceIsFinal: boolean;
  /**
   * Nonce and sequence are both used for good, no receipt is served and no other order of the journal explains it: most
   * likely this very order was mined and the node has no index of it. False where not given.
   */
  readonly isUnexplained?: boolean;
}

/** The block that a recorded outcome rests on; null where there is none. */
export function restsOn(state: OrderState): BlockPlace | null {
  if (state.status === 'filled') return { number: state.fill.blockNumber, hash: state.fill.blockHash };
  if (state.status === 'reverted') return { number: state.revert.blockNumber, hash: state.revert.blockHash };
  if (state.status === 'expired') return { number: state.expiry.atBlock, hash: state.expiry.atBlockHash };
  return null;
}

function outcome(receipt: Receipt, decodeFill: (receipt: Receipt) => Fill): OrderEvent {
  if (receipt.succeeded) return { kind: 'filled', fill: decodeFill(receipt) };
  return {
    kind: 'reverted',
    transactionHash: receipt.transactionHash,
    blockNumber: receipt.blockNumber,
    blockHash: receipt.blockHash,
    gasUsed: receipt.gasUsed,
    gasPaidWei: receipt.gasUsed * receipt.effectiveGasPriceWei + (receipt.dataFeeWei ?? 0n),
  };
}

/**
 * What the chain settles about an order that is on its way; null while it may still execute.
 *
 * A missing receipt alone proves nothing: a node may lag behind its own blocks. Each verdict leans on the sequence and
 * the nonce as read at the head's hash. A receipt counts when both agree with it. Without one, a used sequence or a used
 * nonce ends the order; but where both are used, and not by another order that the journal knows, the likely reason is
 * that this very order was mined and its receipt is not served yet, so that case waits for the deadline.
 *
 * Past the deadline it is safe to give up at the head, before finality: every descendant of the head is later still, so
 * the order can execute in a reorged branch only, and there its replacement cannot also execute, since that carries the
 * same sequence (and, as a rule, the same nonce). Expiry ends the effect only: a builder may still include the bytes and
 * let them revert, so the order stays watched until its nonce is used for good.
 */
function endOf(
  record: OrderRecord,
  attempt: SignedAttempt,
  facts: SettlementFacts,
  decodeFill: (receipt: Receipt) => Fill,
): OrderEvent | null {
  const { head, receipt } = facts;
  const nonceUsed = facts.confirmedNonce > attempt.nonce;
  const sequenceUsed = facts.nextSequence > record.order.sequence;
  if (receipt !== null) {
    return nonceUsed && (sequenceUsed || !receipt.succeeded) ? outcome(receipt, decodeFill) : null;
  }
  const deadlinePassed = head.timestampSeconds >= record.order.deadlineSeconds;
  if (nonceUsed && sequenceUsed && !facts.sequenceTaken && !deadlinePassed) return null;
  const why = sequenceUsed ? 'sequenceUsed' : deadlinePassed ? 'deadline' : nonceUsed ? 'nonceUsed' : null;
  return why && { kind: 'expired', why, atBlock: head.number, atBlockHash: head.hash };
}

/** The one next event that chain facts add to an order; null where they add none. */
function nextEvent(
  record: OrderRecord,
  state: OrderState,
  facts: SettlementFacts,
  decodeFill: (receipt: Receipt) => Fill,
  finalityBlocks: number,
): OrderEvent | null {
  if (state.status === 'decided') {
    return { kind: 'abandoned', why: 'the keeper stopped before anything was signed' };
  }
  if (isLive(state)) {
    return endOf(record, state.attempt, facts, decodeFill);
  }
  const block = restsOn(state);
  if (block === null) return null;
  if (!facts.outcomeStands) return { kind: 'reorged', blockHash: block.hash };
  if (state.status === 'expired' && facts.receipt !== null) {
    return endOf(record, state.attempt, facts, decodeFill);
  }
  const isDeep = facts.head.number - block.number >= BigInt(finalityBlocks);
  const isOver = facts.nonceIsFinal && facts.isUnexplained !== true;
  const isFinal = isDeep && (state.status !== 'expired' || isOver);
  return isFinal ? { kind: 'final', blockNumber: block.number } : null;
}

/**
 * The events that chain facts add to an order. Pure, and idempotent: planned again on the result with the same facts, it
 * adds nothing.
 *
 * @param decodeFill reads the fill out of a successful receipt
 * @param finalityBlocks blocks on top of an outcome after which it is final
 * @throws CorruptDataError from `decodeFill`
 */
export function planSettlement(
  record: OrderRecord,
  state: OrderState,
  facts: SettlementFacts,
  decodeFill: (receipt: Receipt) => Fill,
  finalityBlocks: number,
): readonly OrderEvent[] {
  const event = nextEvent(record, state, facts, decodeFill, finalityBlocks);
  if (event === null) return [];
  const after = applyEvent(record.id, state, event);
  const rest = planSettlement(record, after, { ...facts, outcomeStands: true }, decodeFill, finalityBlocks);
  return [event, ...rest];
}
