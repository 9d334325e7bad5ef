import type { Address, Hash } from '../../src/core/units.ts';
import {
  isLive,
  isSettled,
  type OrderState,
  orderState,
  signedOrder,
} from '../../src/engine/order/orderState.ts';
import { restsOn } from '../../src/engine/settle/settlement.ts';
import type { SubmissionSettings } from '../../src/engine/world.ts';
import type { FillerHistory, OrderEvent, OrderHistory } from '../../src/ports/store.ts';
import type { Checker } from './checker.ts';
import { netDeltaBase } from './netDelta.ts';
import type { Violation } from './violation.ts';
import type { Included, Ledger, LedgerBlock } from './world/ledger.ts';
import type { SimulatedDisk } from './world/store.ts';
import { simulatedBandBase, simulatedFinalityBlocks } from './world/vault.ts';

type Finality = NonNullable<SubmissionSettings['finality']>;
type EventOf<K extends OrderEvent['kind']> = Extract<OrderEvent, { kind: K }>;

function includedIn(block: LedgerBlock, hash: Hash): Included | undefined {
  return block.included.find((one) => one.hash === hash);
}

/** What an order came to, where the chain decided it: final or not. */
function outcomeOf(state: OrderState): OrderState {
  return state.status === 'final' ? state.outcome : state;
}

/** Holds what the keeper writes about the chain against the chain. */
export class JournalChecker {
  readonly #ledger: Ledger;
  readonly #disk: SimulatedDisk;
  readonly #checker: Checker;
  readonly #finality: Finality;
  /** Reverts that the node kept back for as long as their orders were open. */
  readonly #keptBack = new Set<Hash>();

  readonly #isAccepted: (vault: string) => boolean;

  /**
   * @param finality what the keeper takes for final
   * @param isAccepted whether a person took a vault's final orders as they are booked, after the chain had lost some
   */
  constructor(
    ledger: Ledger,
    disk: SimulatedDisk,
    checker: Checker,
    finality: Finality,
    isAccepted: (vault: string) => boolean,
  ) {
    this.#isAccepted = isAccepted;
    this.#ledger = ledger;
    this.#disk = disk;
    this.#checker = checker;
    this.#finality = finality;
  }

  #broken(invariant: Violation['invariant'], what: string): void {
    this.#checker.broken(invariant, what);
  }

  /** I7, I9, I10: an event says what is true on the branch that the keeper was shown, and final stays final. */
  onEvent(orderId: string, event: OrderEvent): void {
    const order = this.#disk.order(orderId);
    if (order === null) return;
    const before = order.events.slice(0, -1);
    const ended = before.find(
      ({ event: { kind } }) => kind === 'final' || kind === 'abandoned' || kind === 'paper',
    );
    if (ended !== undefined) {
      this.#broken('I7', `${orderId} was ${ended.event.kind} when it became ${event.kind}`);
    }
    if (event.kind === 'filled') this.#checkFill(orderId, event);
    if (event.kind === 'reverted') this.#checkRevert(orderId, event);
    if (event.kind === 'expired') this.#checkExpiry(orderId, order, event);
    if (event.kind === 'reorged') this.#checkReorg(orderId, event.blockHash);
    if (event.kind === 'final') this.#checkFinal(order, event.blockNumber);
    if (event.kind === 'abandoned') this.#checkAbandoned(orderId, before);
  }

  #checkFill(orderId: string, { fill }: EventOf<'filled'>): void {
    const block = this.#ledger.byHash(fill.blockHash);
    const one = block && includedIn(block, fill.transactionHash);
    if (block === undefined || !one?.succeeded || one.call === null) {
      this.#broken('I9', `${orderId} is booked as filled in a block that does not hold it`);
      return;
    }
    const { order } = one.call;
    const exact =
      fill.baseRaw === order.baseRaw && fill.quoteRaw === one.quoteRaw && fill.side === order.side;
    if (!exact) this.#broken('I9', `${orderId} is booked with ${fill.quoteRaw}, it moved ${one.quoteRaw}`);
    this.#mustBeSeen(orderId, block);
  }

  #checkRevert(orderId: string, { blockHash, transactionHash }: EventOf<'reverted'>): void {
    const block = this.#ledger.byHash(blockHash);
    const one = block && includedIn(block, transactionHash);
    if (block === undefined || one === undefined || one.succeeded) {
      this.#broken('I9', `${orderId} is booked as reverted in a block where it did not`);
      return;
    }
    this.#mustBeSeen(orderId, block);
  }

  #mustBeSeen(orderId: string, block: LedgerBlock): void {
    if (this.#checker.isSeen(block)) return;
    this.#broken('I10', `${orderId} rests on a block that is not below the head it was read at`);
  }

  #checkExpiry(orderId: string, { record, events }: OrderHistory, event: EventOf<'expired'>): void {
    const block = this.#ledger.byHash(event.atBlockHash);
    if (block === undefined) {
      this.#broken('I10', `${orderId} expired at a block that never was`);
      return;
    }
    const { state, facts } = block;
    const nonces = events.flatMap(({ event: one }) => (one.kind === 'signed' ? [one.attempt.nonce] : []));
    const used = state.nonces.get(record.signer) ?? 0;
    const next = state.vaults.get(record.vault)?.nextSequence ?? 0n;
    const shows = {
      deadline: facts.timestampSeconds >= record.order.deadlineSeconds,
      nonceUsed: nonces.every((nonce) => used > nonce),
      sequenceUsed: next > record.order.sequence,
    }[event.why];
    if (!shows) this.#broken('I10', `${orderId} is said to be expired (${event.why}), the block says no`);
    this.#mustBeSeen(orderId, block);
  }

  #checkReorg(orderId: string, blockHash: Hash): void {
    const block = this.#ledger.byHash(blockHash);
    if (block === undefined || !this.#checker.isSeenForSure(block)) return;
    this.#broken('I7', `${orderId} is taken back although its block stands`);
  }

  /** Where the chain itself says what is final, it may have said so by a higher block that it has shown since or before. */
  #checkFinal(order: OrderHistory, blockNumber: bigint): void {
    const { view, highestShown } = this.#checker;
    const depth = (this.#finality === 'blocks' ? view.facts.number : highestShown) - blockNumber;
    if (depth < BigInt(simulatedFinalityBlocks)) {
      this.#broken('I10', `${order.record.id} is final with ${depth} blocks on top`);
    }
    const last = order.events.at(-2)?.event.kind;
    if (last === 'expired') this.#checkClosed(order);
  }

  /**
   * An order closes as expired only where nothing of it is in the chain, but for a revert that the node was asked for in
   * this very tick and kept back: that moved nothing but gas, and no keeper can tell it from another's use of the nonce.
   */
  #checkClosed({ record, events }: OrderHistory): void {
    for (const { event } of events) {
      if (event.kind !== 'signed') continue;
      const { transactionHash: hash } = event.attempt;
      const block = this.#ledger.holding(hash, this.#checker.view);
      if (block === undefined) continue;
      const isRevert = !includedIn(block, hash)?.succeeded;
      if (isRevert && this.#checker.wasUnserved(hash)) this.#keptBack.add(hash);
      else this.#broken('I9', `${record.id} is closed as expired, ${hash} is in ${block.facts.number}`);
    }
  }

  #checkAbandoned(orderId: string, before: OrderHistory['events']): void {
    const isOut = before.some(
      ({ event }) => event.kind === 'signed' && this.#checker.wasReleased(event.attempt.transactionHash),
    );
    if (isOut) this.#broken('I3', `${orderId} was abandoned although it was handed out`);
  }

  /** I9 in the middle of a history, after a tick that saw everything: what was executed is booked where it was. */
  checkBooked(vault: string): void {
    const { view } = this.#checker;
    const excused = this.#isAccepted(vault) ? this.#lostAttempts() : new Set<Hash>();
    for (const { hash, call } of this.#checker.released) {
      if (call?.vault !== vault || excused.has(hash)) continue;
      const block = this.#ledger.holding(hash, view);
      if (block === undefined || !includedIn(block, hash)?.succeeded) continue;
      if (this.#bookedIn(hash) === block.facts.hash) continue;
      this.#broken('I9', `${vault}#${call.order.sequence} was executed in ${block.facts.number}, not booked`);
    }
  }

  #bookedIn(hash: Hash): Hash | null {
    for (const { events } of this.#disk.histories()) {
      for (let index = events.length - 1; index >= 0; index -= 1) {
        const event = events[index]?.event;
        if (event?.kind === 'reorged' || event?.kind === 'expired') break;
        if (event?.kind === 'filled' && event.fill.transactionHash === hash) return event.fill.blockHash;
      }
    }
    return null;
  }

  /** Orders whose final outcome rests on a block that the chain has lost: fault 27. */
  #lost(): readonly OrderHistory[] {
    return this.#disk.histories().filter((history) => {
      const state = orderState(history);
      const rests = state.status === 'final' ? restsOn(state.outcome) : null;
      const block = rests && this.#ledger.byHash(rests.hash);
      return rests !== null && (!block || !this.#ledger.isOn(block));
    });
  }

  /** Transactions of orders whose final outcome the chain has lost: in another block by now, or in none. */
  #lostAttempts(): ReadonlySet<Hash> {
    const attempts = this.#lost().flatMap((history) => signedOrder(orderState(history))?.attempts ?? []);
    return new Set(attempts.map(({ transactionHash }) => transactionHash));
  }

  /** Vaults of which the chain has lost what was final. */
  lostVaults(): ReadonlySet<string> {
    return new Set(this.#lost().map(({ record }) => record.vault));
  }

  /** Whether a nonce that was used for good is free again: then nothing is signed with its key. */
  isNonceFreed(): boolean {
    const { nonces } = this.#ledger.head.state;
    const isFree = (signer: Address, nonce: number) => nonce >= (nonces.get(signer) ?? 0);
    const ofOrder = (history: OrderHistory) => {
      const state = orderState(history);
      return state.status === 'final' && isFree(history.record.signer, state.outcome.attempt.nonce);
    };
    const ofFiller = ({ record, events }: FillerHistory) =>
      events.at(-1)?.event.kind === 'closed' && isFree(record.signer, record.attempt.nonce);
    return this.#disk.histories().some(ofOrder) || [...this.#disk.fillers.values()].some(ofFiller);
  }

  /** Whether the keeper has nothing left to do about the chain: what I14 waits for. */
  whatIsOpen(): string | null {
    const { facts, state } = this.#ledger.head;
    for (const history of this.#disk.histories()) {
      const order = orderState(history);
      if (isLive(order)) return `${history.record.id} is ${order.status}`;
      if (isSettled(order)) continue;
      const isUnused =
        order.status === 'expired' && order.attempt.nonce >= (state.nonces.get(history.record.signer) ?? 0);
      if (!isUnused) return `${history.record.id} is ${order.status}`;
    }
    for (const [name, vault] of state.vaults) {
      const netDelta = netDeltaBase(vault, state.market);
      if (Math.abs(netDelta) > simulatedBandBase)
        return `${name} has net delta ${netDelta} at ${facts.number}`;
    }
    return null;
  }

  /** I9, I13 at the end: journal and chain say exactly the same, but for what was final and a person was asked about. */
  checkEnd(): void {
    const booked: string[] = [];
    const lost = new Set(this.#lost().map(({ record }) => record.id));
    const lostAttempts = this.#lostAttempts();
    for (const history of this.#disk.histories()) {
      if (lost.has(history.record.id)) continue;
      const state = outcomeOf(orderState(history));
      if (state.status === 'filled')
        booked.push(`${state.fill.transactionHash} filled ${state.fill.blockHash}`);
      if (state.status === 'reverted') {
        booked.push(`${state.revert.transactionHash} reverted ${state.revert.blockHash}`);
      }
    }
    const onChain = this.#ledger.blocks.flatMap(({ facts, included }) =>
      included
        .filter(({ hash, call }) => call !== null && this.#checker.wasReleased(hash))
        .filter(({ hash }) => !this.#keptBack.has(hash) && !lostAttempts.has(hash))
        .map(({ hash, succeeded }) => `${hash} ${succeeded ? 'filled' : 'reverted'} ${facts.hash}`),
    );
    const missing = onChain.filter((one) => !booked.includes(one));
    const invented = booked.filter((one) => !onChain.includes(one));
    if (missing.length > 0) this.#broken('I9', `not booked: ${missing.join('; ')}`);
    if (invented.length > 0) this.#broken('I9', `booked and not on the chain: ${invented.join('; ')}`);
  }
}
