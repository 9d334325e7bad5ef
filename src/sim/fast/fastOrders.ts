import { learntTip } from '../../core/gas/learntTip.ts';
import type { BlockFacts, DayFacts } from '../../core/snapshot.ts';
import { type Hash, SECONDS_PER_DAY } from '../../core/units.ts';
import type { Lane } from '../../engine/lane/nonceLane.ts';
import { firstPage, gasPaidAmong, type Past, pastAmong } from '../../engine/order/history.ts';
import { dayFactsOf } from '../../engine/order/lastDay.ts';
import { orderId, orderRecord } from '../../engine/order/order.ts';
import { applyEvent, isLive, isSettled, signedOrder } from '../../engine/order/orderState.ts';
import type { TrackedOrder } from '../../engine/order/tracked.ts';
import { planSettlement, restsOn, type SettlementFacts } from '../../engine/settle/settlement.ts';
import type { Candidate, Refusal } from '../../engine/submit/candidate.ts';
import { windowBlocksOf } from '../../engine/submit/ladder.ts';
import { placementOn } from '../../engine/submit/placement.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { PLENTY_RAW, receiptOf, type SimulatedState } from '../backtest/simulatedState.ts';
import { KEEPER } from '../backtest/tokens.ts';

/** A fill settles the orders that it replaced in a second round. */
const ROUNDS = 2;

/**
 * The orders of a run without a journal: what became of each follows by the engine's own rules from what the replica
 * included.
 */
export class FastOrders {
  readonly #state: SimulatedState;
  readonly #setup: VaultSetup;
  /** Oldest first. */
  readonly #orders: TrackedOrder[] = [];
  /** Fair prices that they were decided at. */
  readonly #spots: (number | null)[] = [];
  /** Places of those that the chain may still change. */
  #open: readonly number[] = [];
  #past: Past | null = null;
  #learnt: { readonly past: Past; readonly goingWei: bigint; readonly tipWei: bigint } | null = null;

  constructor(state: SimulatedState, setup: VaultSetup) {
    this.#state = state;
    this.#setup = setup;
  }

  /** Those that may still execute. */
  get live(): readonly TrackedOrder[] {
    return this.#unsettled.filter(({ state }) => isLive(state));
  }

  get #unsettled(): readonly TrackedOrder[] {
    return this.#open.map((place) => this.#orders[place]!);
  }

  /** Settles what is open from what is in the chain at a head. */
  settle(head: BlockFacts): void {
    if (this.#open.length === 0) return;
    for (let round = 0; round < ROUNDS; round += 1) {
      const filled = this.#open.map((place) => this.#settleOne(place, head));
      if (!filled.includes(true)) break;
    }
    this.#open = this.#open.filter((place) => !isSettled(this.#orders[place]!.state));
  }

  /** @returns whether a fill was found */
  #settleOne(place: number, head: BlockFacts): boolean {
    const { record, state } = this.#orders[place]!;
    const { finalityBlocks } = this.#setup.submission;
    const { account, terms } = this.#setup;
    const events = planSettlement(
      record,
      state,
      this.#factsFor(this.#orders[place]!, head),
      (receipt) => account.fill(terms, record.order, receipt),
      finalityBlocks,
    );
    if (events.length === 0) return false;
    const after = events.reduce((before, event) => applyEvent(record.id, before, event), state);
    this.#orders[place] = { record, state: after };
    this.#past = null;
    return events.some(({ kind }) => kind === 'filled');
  }

  #factsFor({ record, state }: TrackedOrder, head: BlockFacts): SettlementFacts {
    const { replica, nextSequence } = this.#state;
    const { finalityBlocks } = this.#setup.submission;
    const order = signedOrder(state);
    const block = restsOn(state);
    const isDeep = block !== null && head.number - block.number >= BigInt(finalityBlocks);
    const confirmedNonce = replica.includedUpTo(head.number);
    const nonceUsed = order !== null && confirmedNonce > order.attempt.nonce;
    const hash = order?.attempt.transactionHash;
    return {
      head,
      nextSequence,
      confirmedNonce,
      receipt: nonceUsed && hash !== undefined ? receiptOf(this.#state, this.#setup.limits, hash) : null,
      outcomeStands: true,
      nonceIsFinal:
        nonceUsed &&
        isDeep &&
        replica.includedUpTo(head.number - BigInt(finalityBlocks)) > order.attempt.nonce,
      sequenceTaken: this.#unsettled.some(
        (other) =>
          other.record.id !== record.id &&
          other.record.order.sequence === record.order.sequence &&
          other.state.status === 'filled',
      ),
    };
  }

  /** What the past tells a decision; worked out again only after something happened. */
  past(): Past {
    for (let limit = firstPage; this.#past === null; limit *= 4) {
      this.#past = pastAmong(this.#orders.slice(-limit).reverse(), limit);
    }
    return this.#past;
  }

  /** {@link learntTip} of the past; worked out again only after something happened, or others pay otherwise. @param goingWei what recent blocks paid */
  tipWei(goingWei: bigint): bigint {
    const past = this.past();
    if (this.#learnt?.past !== past || this.#learnt.goingWei !== goingWei) {
      this.#learnt = { past, goingWei, tipWei: learntTip(goingWei, past.inclusions) };
    }
    return this.#learnt.tipWei;
  }

  /** Gas paid for orders that were decided in the last day, wei. */
  gasPaidLastDayWei(nowSeconds: number): bigint {
    return gasPaidAmong(this.#orders, nowSeconds - SECONDS_PER_DAY);
  }

  /** What orders that were decided in the last day did. */
  lastDay(nowSeconds: number): DayFacts {
    const sinceSeconds = nowSeconds - SECONDS_PER_DAY;
    const end = this.#orders.findLastIndex(({ record }) => record.decidedAtSeconds < sinceSeconds);
    const priced = this.#orders
      .slice(end + 1)
      .map((order, index) => ({ ...order, spot: this.#spots[end + 1 + index] ?? null }));
    return dayFactsOf(priced.reverse(), this.#setup.terms, sinceSeconds);
  }

  /** Gives a candidate its nonce and fees and hands it to the replica; or what stands in the way. */
  place(candidate: Candidate, gasUsed: bigint): Refusal | null {
    const { replica } = this.#state;
    const { snapshot, order, decision, urgency } = candidate;
    const head = snapshot.chain.block;
    const confirmedNonce = replica.includedUpTo(head.number);
    const lane: Lane = { signer: KEEPER, confirmedNonce, orders: this.#unsettled, fillers: [] };
    const placement = placementOn(this.#setup, candidate, lane, PLENTY_RAW, gasUsed, head);
    if ('refused' in placement) return placement;
    const isEarlier = ({ record }: TrackedOrder) => record.order.sequence !== order.sequence;
    const attempts = this.#orders.slice(this.#orders.findLastIndex(isEarlier) + 1);
    const id = orderId(this.#setup.terms.name, order.sequence, attempts);
    const record = orderRecord(id, order, decision, '', snapshot, KEEPER, urgency);
    const { nonce, maxFeePerGasWei, maxPriorityFeePerGasWei } = placement.transaction;
    const transactionHash: Hash = `0x${this.#orders.length.toString(16).padStart(64, '0')}`;
    const lastBlock = head.number + BigInt(windowBlocksOf(this.#setup.submission));
    const state = applyEvent(
      id,
      { status: 'decided' },
      {
        kind: 'signed',
        attempt: {
          rawTransaction: transactionHash,
          transactionHash,
          nonce,
          maxFeePerGasWei,
          maxPriorityFeePerGasWei,
          firstBlock: head.number + 1n,
          lastBlock,
        },
      },
    );
    this.#open = [...this.#open, this.#orders.length];
    this.#orders.push({ record, state });
    this.#spots.push(decision.numbers.spot);
    this.#past = null;
    replica.submit(transactionHash, order, lastBlock);
    return null;
  }
}
