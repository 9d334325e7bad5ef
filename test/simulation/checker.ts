import type { Order } from '../../src/core/decision.ts';
import type { BlockFacts } from '../../src/core/snapshot.ts';
import { type Address, type Hash, max } from '../../src/core/units.ts';
import { defaultSubmission } from '../../src/engine/world.ts';
import type { Receipt } from '../../src/ports/chain.ts';
import type { Submission } from '../../src/ports/relay.ts';
import type { OrderCall, SignedContent } from '../support/orderCall.ts';
import { netDeltaBase } from './netDelta.ts';
import type { Violation } from './violation.ts';
import type { Bytes } from './world/bytes.ts';
import type { Ledger, LedgerBlock } from './world/ledger.ts';
import { simulatedBase } from './world/module.ts';
import type { NodeWatch } from './world/node.ts';
import type { SimulatedDisk } from './world/store.ts';
import { simulatedModule } from './world/vault.ts';

/** Bytes that some relay has seen, and what they are. */
export interface Released {
  readonly hash: Hash;
  readonly content: SignedContent;
  /** Null where the bytes only use a nonce. */
  readonly call: OrderCall | null;
}

const oneTipWei = 10n ** 9n;

/**
 * Watches what leaves the keeper, and holds it against the truth of the chain and of the disk at that moment; the keeper's
 * own opinion is never asked. The first broken promise stays.
 */
export class Checker implements NodeWatch {
  violation: Violation | null = null;
  /** The head that the keeper was given last: what it may know. */
  view: LedgerBlock;
  /** The highest block that the node has ever shown: the chain may have called one final by it. */
  highestShown = 0n;
  /** Whether the keeper was told to stop. */
  stopped = false;
  readonly released: Released[] = [];
  /** What the node has shown as its newest since it was asked for the head. */
  #tips: LedgerBlock[];
  readonly #unserved = new Set<Hash>();
  readonly #releasedHashes = new Set<Hash>();
  readonly #signedData = new Set<string>();
  readonly #ledger: Ledger;
  readonly #disk: SimulatedDisk;
  readonly #bytes: Bytes;
  readonly #step: () => number;

  constructor(ledger: Ledger, disk: SimulatedDisk, bytes: Bytes, step: () => number) {
    this.#ledger = ledger;
    this.#disk = disk;
    this.#bytes = bytes;
    this.#step = step;
    this.view = ledger.head;
    this.#tips = [ledger.head];
  }

  /** Latches a broken promise. */
  broken(invariant: Violation['invariant'], what: string): void {
    this.violation ??= { invariant, step: this.#step(), what };
  }

  onHeadAsked = (): void => {
    this.#tips = [];
    this.#unserved.clear();
  };

  onHead = (head: BlockFacts): void => {
    this.view = this.#ledger.byHash(head.hash) as LedgerBlock;
    this.#tips.push(this.view);
    this.highestShown = max(this.highestShown, head.number);
  };

  onReceipt = (hash: Hash, receipt: Receipt | null): void => {
    if (receipt === null) this.#unserved.add(hash);
  };

  /** Whether the node was asked for a receipt in this tick, and had none. */
  wasUnserved(hash: Hash): boolean {
    return this.#unserved.has(hash);
  }

  /** Whether a block is in the chain as the keeper sees it: below the head that its reads are pinned to, on that branch. */
  isSeen(block: LedgerBlock): boolean {
    return block.facts.number <= this.view.facts.number && this.#ledger.isOn(block, this.view);
  }

  /** Whether every branch that the keeper may see has a block. */
  isSeenForSure(block: LedgerBlock): boolean {
    if (block.facts.number > this.view.facts.number) return false;
    return this.#tips.every((tip) => this.#ledger.isOn(block, tip));
  }

  /** The node shows another newest block from now on. */
  onTip(tip: LedgerBlock): void {
    this.highestShown = max(this.highestShown, tip.facts.number);
    this.#tips.push(tip);
  }

  wasReleased(hash: Hash): boolean {
    return this.#releasedHashes.has(hash);
  }

  /** I11 gate, I5 worst case, I8 payload: what is signed is within the mandate as the chain had it. */
  onAsk(): (content: SignedContent) => void {
    // What was asked for before the keeper was told to stop may come after it; it must not leave the process then.
    const { stopped } = this;
    return (content) => this.#onSign(content, stopped);
  }

  #onSign(content: SignedContent, wasStopped: boolean): void {
    if (wasStopped) this.broken('I11', `nonce ${content.nonce} was signed after the keeper was told to stop`);
    this.#checkFloor(content);
    if (content.to !== simulatedModule) this.#checkNoOp(content);
    if (content.to !== simulatedModule || this.#signedData.has(content.data)) return;
    this.#signedData.add(content.data);
    const { vault, order } = this.#bytes.read<OrderCall>(content.data);
    this.#checkMandate(vault, order);
  }

  /** I6: a nonce that an order is booked to have used, in a block that stands, is not signed once more. */
  #checkFloor({ from, nonce }: SignedContent): void {
    for (const { record, events } of this.#disk.histories()) {
      if (record.signer !== from) continue;
      const booked = events.at(-1)?.event;
      if (booked?.kind !== 'filled' && booked?.kind !== 'reverted') continue;
      const { blockHash } = booked.kind === 'filled' ? booked.fill : booked;
      const attempt = events.findLast(({ event }) => event.kind === 'signed')?.event;
      const block = this.#ledger.byHash(blockHash);
      const stands = block !== undefined && this.#ledger.isOn(block, this.view);
      if (stands && attempt?.kind === 'signed' && attempt.attempt.nonce >= nonce)
        this.broken('I6', `nonce ${nonce} was signed again, ${record.id} used it`);
    }
  }

  #checkNoOp({ to, from, valueWei, nonce, data }: SignedContent): void {
    if (to.toLowerCase() !== from.toLowerCase() || valueWei !== 0n || data !== '0x') {
      this.broken('I8', `nonce ${nonce} carries neither an order nor nothing: to ${to}, ${valueWei} wei`);
    }
  }

  #checkMandate(vault: string, order: Order): void {
    const { state, facts } = this.view;
    const owned = state.vaults.get(vault);
    const name = `${vault}#${order.sequence}`;
    if (owned === undefined) {
      this.broken('I8', `${name} is of no known vault`);
      return;
    }
    if (order.sequence !== owned.nextSequence) {
      this.broken('I8', `${name} was signed while the chain was at sequence ${owned.nextSequence}`);
    }
    const { numerator, denominator } = state.market.oracle;
    const fairRaw = (order.baseRaw * numerator) / denominator;
    const isSale = order.side === 'sell';
    const isBounded = isSale
      ? order.quoteLimitRaw * 100n >= fairRaw * 99n - 100n
      : order.quoteLimitRaw * 100n <= fairRaw * 101n + 100n;
    if (!isBounded) this.broken('I8', `${name} would take ${order.quoteLimitRaw} for ${fairRaw} of quote`);
    const isOwned = isSale ? order.baseRaw <= owned.baseRaw : order.quoteLimitRaw <= owned.quoteRaw;
    if (!isOwned) this.broken('I5', `${name} trades more than the vault owns`);
    if (fairRaw > this.#ledger.turnoverAvailable(vault, this.view)) {
      this.broken('I5', `${name} trades more than the turnover that is left`);
    }
    const latest = facts.timestampSeconds + 4 * 12 + 1;
    if (order.deadlineSeconds > latest) {
      this.broken('I8', `${name} may execute ${order.deadlineSeconds - latest} s after its window`);
    }
    const before = netDeltaBase(owned, state.market);
    const moved = (Number(order.baseRaw) / 10 ** simulatedBase.decimals) * (isSale ? -1 : 1);
    if (Math.abs(before + moved) > Math.abs(before) + 1e-6) {
      this.broken('I5', `${name} moves net delta from ${before} to ${before + moved}`);
    }
  }

  /** I1, I2, I3, I6, I8, I11: bytes leave the process. */
  onRelease({ transactionHash: hash, rawTransaction }: Submission): void {
    if (this.stopped) this.broken('I11', `${hash} was handed out after the keeper was told to stop`);
    if (!this.#disk.holdsForGood(hash)) this.broken('I1', `${hash} was handed out before it was for good`);
    if (this.#releasedHashes.has(hash)) return;
    this.#releasedHashes.add(hash);
    const content = this.#bytes.read<SignedContent>(rawTransaction);
    const call = content.to === simulatedModule ? this.#bytes.read<OrderCall>(content.data) : null;
    const one: Released = { hash, content, call };
    if (call !== null) this.#checkPayload(one, call);
    this.#checkNonce(content);
    for (const earlier of this.released) this.#checkAgainst(one, earlier);
    this.released.push(one);
  }

  #checkPayload({ hash, content }: Released, call: OrderCall): void {
    for (const { record, events } of this.#disk.histories()) {
      for (const { event } of events) {
        if (event.kind !== 'signed' || event.attempt.transactionHash !== hash) continue;
        const { attempt } = event;
        const { order } = record;
        const same =
          record.vault === call.vault &&
          record.signer === content.from &&
          record.chainId === content.chainId &&
          content.valueWei === 0n &&
          attempt.nonce === content.nonce &&
          attempt.maxFeePerGasWei === content.maxFeePerGasWei &&
          attempt.maxPriorityFeePerGasWei === content.maxPriorityFeePerGasWei &&
          isSameOrder(order, call.order);
        if (!same) this.broken('I8', `${hash} is not what ${record.id} says`);
        return;
      }
    }
    this.broken('I1', `${hash} was handed out and is no order's`);
  }

  #checkNonce({ from, nonce }: SignedContent): void {
    const used = this.view.state.nonces.get(from) ?? 0;
    const known = new Set(this.#attemptNonces(from));
    for (let below = used; below < nonce; below += 1) {
      if (!known.has(below)) this.broken('I6', `nonce ${nonce} was handed out, nonce ${below} left out`);
    }
  }

  *#attemptNonces(from: Address): Generator<number> {
    for (const { record, events } of this.#disk.histories()) {
      if (record.signer !== from) continue;
      for (const { event } of events) if (event.kind === 'signed') yield event.attempt.nonce;
    }
    for (const { content } of this.released) if (content.from === from) yield content.nonce;
  }

  /** Whether nothing that the keeper may know lets earlier bytes still have an effect. */
  #isDead({ content, call }: Released): boolean {
    const { state, facts } = this.view;
    if ((state.nonces.get(content.from) ?? 0) > content.nonce) return true;
    if (call === null) return true;
    const next = state.vaults.get(call.vault)?.nextSequence ?? 0n;
    return next > call.order.sequence || facts.timestampSeconds >= call.order.deadlineSeconds;
  }

  /** Whether the journal says that an order gave its nonce away: then it may be outbid there by another. */
  #wasReplaced({ hash }: Released): boolean {
    for (const { events } of this.#disk.histories()) {
      const isIts = events.some(
        ({ event }) => event.kind === 'signed' && event.attempt.transactionHash === hash,
      );
      if (isIts) return events.some(({ event }) => event.kind === 'replaced');
    }
    return false;
  }

  #checkAgainst(one: Released, earlier: Released): void {
    const sameSlot = one.content.from === earlier.content.from && one.content.nonce === earlier.content.nonce;
    const sameOrder =
      one.call !== null &&
      earlier.call !== null &&
      one.call.vault === earlier.call.vault &&
      one.call.order.sequence === earlier.call.order.sequence &&
      isSameOrder(one.call.order, earlier.call.order);
    const isDead = this.#isDead(earlier);
    const name = one.call === null ? 'a no-op' : `${one.call.vault}#${one.call.order.sequence}`;
    if (!isDead && one.call !== null && one.call.vault === earlier.call?.vault && !(sameSlot && sameOrder)) {
      this.broken('I3', `${name} was handed out while ${earlier.hash} may still execute`);
    }
    if (!sameSlot || (this.view.state.nonces.get(one.content.from) ?? 0) > one.content.nonce) return;
    if (!isDead && !sameOrder && one.call !== null && !this.#wasReplaced(earlier)) {
      this.broken(
        'I2',
        `nonce ${one.content.nonce} was given to ${name} while ${earlier.hash} may still use it`,
      );
    }
    if (!outbids(one.content, earlier.content)) {
      this.broken('I2', `nonce ${one.content.nonce} was taken by ${name} without outbidding ${earlier.hash}`);
    }
  }

  /** I1, I4: what is in a block was known, and no sequence is executed twice. */
  onBlock(block: LedgerBlock, isForeign: (hash: Hash) => boolean): void {
    for (const { hash, succeeded, call } of block.included) {
      if (isForeign(hash)) continue;
      if (!this.#releasedHashes.has(hash) || !this.#disk.holdsForGood(hash)) {
        this.broken('I1', `${hash} is in a block and not in the journal`);
      }
      if (!succeeded || call === null) continue;
      for (const other of this.released) {
        if (other.hash === hash || other.call?.vault !== call.vault) continue;
        if (other.call.order.sequence !== call.order.sequence) continue;
        const holder = this.#ledger.holding(other.hash, block);
        const executed = holder?.included.find((some) => some.hash === other.hash)?.succeeded;
        if (executed) this.broken('I4', `${call.vault}#${call.order.sequence} was executed twice`);
      }
    }
  }
}

function isSameOrder(a: Order, b: Order): boolean {
  return (
    a.sequence === b.sequence &&
    a.side === b.side &&
    a.baseRaw === b.baseRaw &&
    a.quoteLimitRaw === b.quoteLimitRaw &&
    a.deadlineSeconds === b.deadlineSeconds &&
    a.minFillBps === b.minFillBps
  );
}

/** Nodes and builders replace a transaction for a tenth more on both caps; outbidding ends at eight times the going tip and at the vault's cap. */
function outbids(one: SignedContent, earlier: SignedContent): boolean {
  const isAtItsEnd =
    one.maxPriorityFeePerGasWei >= 8n * oneTipWei ||
    one.maxFeePerGasWei === defaultSubmission.maxFeePerGasWei;
  if (isAtItsEnd) return true;
  return (
    one.maxFeePerGasWei * 10n >= earlier.maxFeePerGasWei * 11n &&
    one.maxPriorityFeePerGasWei * 10n >= earlier.maxPriorityFeePerGasWei * 11n
  );
}
