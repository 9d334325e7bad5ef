import { expect } from 'vitest';
import { type Hash, max } from '../../src/core/units.ts';
import { isSettled, orderState } from '../../src/engine/order/orderState.ts';
import { type TickResult, tickFleet } from '../../src/engine/tick.ts';
import type { SubmissionSettings, VaultSetup, World } from '../../src/engine/world.ts';
import type { Submission } from '../../src/ports/relay.ts';
import type { OrderHistory, Store } from '../../src/ports/store.ts';
import { memoryStore } from '../../src/sim/memoryStore.ts';
import { type Fuse, fuse, fused } from './fuse.ts';
import type { OrderCall, SignedContent } from './orderCall.ts';
import { fromData, Ledger } from './simulatedLedger.ts';
import {
  freshVault,
  keeperAddress,
  type NodeMood,
  type RelayMood,
  simulatedChain,
  simulatedRelay,
  simulatedSigner,
  simulatedVault,
  simulatedWorld,
} from './simulatedWorld.ts';

/** The order that a transaction carries; null for one that only uses its nonce up. */
function callOf({ data }: Pick<SignedContent, 'data'>): OrderCall | null {
  return data === '0x' ? null : fromData<OrderCall>(data);
}

const finality = 8;
const goingTipWei = 10n ** 9n;

/**
 * Two vaults, one key, two relays, one chain, one journal that survives the keeper. Whatever is released to a relay is held
 * against the truth at that moment; {@link expectEverythingBooked} compares the journal with the chain at the end.
 */
export class SimulatedFleet {
  readonly ledger = new Ledger({ north: freshVault, south: freshVault });
  readonly journal: Store;
  readonly node: NodeMood = { receiptLagBlocks: 0, balanceWei: 10n ** 30n, simulationFailure: null };
  readonly relays: readonly RelayMood[] = [
    { passesOn: true, says: 'accepted' },
    { passesOn: true, says: 'accepted' },
  ];
  readonly vaults: readonly VaultSetup[];
  /** The first broken promise; later ones follow from it. */
  violation: string | null = null;
  /** Transactions that some relay has seen, in order. */
  readonly released = new Map<Hash, SignedContent>();

  /** @param submission what the vaults' orders are submitted by, beside what is usual here */
  constructor(submission: Partial<SubmissionSettings> = {}, journal: Store = memoryStore()) {
    this.journal = journal;
    this.vaults = ['north', 'south'].map((name) => {
      const vault = simulatedVault(name);
      return { ...vault, submission: { ...vault.submission, ...submission } };
    });
  }

  /** The world as a fresh process sees it: new objects around the same chain and journal. */
  world(through: Fuse = fuse(0)): World {
    const chain = fused(simulatedChain(this.ledger, this.node), through);
    const store = fused(this.journal, through);
    const relays = this.relays.map((mood, index) =>
      fused(
        simulatedRelay(`relay-${index}`, this.ledger, mood, (submission) =>
          this.#checking.push(this.#check(submission)),
        ),
        through,
      ),
    );
    return simulatedWorld({ chain, store, relays, signers: [fused(simulatedSigner, through)] });
  }

  async tick(through?: Fuse): Promise<readonly TickResult[]> {
    const results = await tickFleet(this.world(through), this.vaults);
    await Promise.all(this.#checking.splice(0));
    expect(this.violation).toBeNull();
    return results;
  }

  readonly #checking: Promise<void>[] = [];

  /** Drops the newest blocks, but none that ever had enough blocks on top to be final. */
  reorg(depth: number): void {
    const { number } = this.ledger.head.facts;
    this.#highest = max(number, this.#highest);
    const finalNumber = this.#highest - BigInt(finality);
    this.ledger.reorg(Math.min(depth, Number(number - finalNumber)));
  }

  #highest = 0n;

  async orders(): Promise<readonly OrderHistory[]> {
    const perVault = await Promise.all(
      this.vaults.map(({ terms }) => this.journal.orders(terms.name, 10_000)),
    );
    return perVault.flat();
  }

  async #check(submission: Submission): Promise<void> {
    const { transactionHash: hash } = submission;
    const content = fromData<SignedContent>(submission.rawTransaction);
    const earlier = [...this.released].filter(([other]) => other !== hash);
    const isNew = !this.released.has(hash);
    this.released.set(hash, content);
    const { state, facts } = this.ledger.head;
    const nonce = state.nonces[keeperAddress] ?? 0;
    const journaled = await this.orders();
    const fillers = await this.journal.openFillers(1, keeperAddress);
    const signed = [
      ...journaled.flatMap(({ events }) =>
        events.flatMap(({ event }) => (event.kind === 'signed' ? [event.attempt] : [])),
      ),
      ...fillers.map(({ record }) => record.attempt),
    ];
    const replaced = new Set(
      journaled.flatMap(({ events }) =>
        events.some(({ event }) => event.kind === 'replaced')
          ? events.flatMap(({ event }) => (event.kind === 'signed' ? [event.attempt.transactionHash] : []))
          : [],
      ),
    );
    if (!signed.some(({ transactionHash }) => transactionHash === hash)) {
      this.#break(`${hash} was released before it was journaled`);
    }
    if (!isNew) return;
    const own = callOf(content);
    for (const [other, { data, nonce: otherNonce, ...fees }] of earlier) {
      const call = callOf({ data });
      const isDead =
        this.ledger.holding(other) !== undefined ||
        nonce > otherNonce ||
        call === null ||
        (state.vaults[call.vault]?.nextSequence ?? 0n) > call.order.sequence ||
        facts.timestampSeconds >= call.order.deadlineSeconds;
      const isSameOrder = otherNonce === content.nonce && data === content.data;
      if (own !== null && call?.vault === own.vault && !isDead && !isSameOrder)
        this.#break(`${own.vault}#${own.order.sequence} released while ${other} may execute`);
      if (nonce > otherNonce || otherNonce !== content.nonce) continue;
      if (!isDead && !isSameOrder && !replaced.has(other))
        this.#break(`nonce ${otherNonce} given away while ${other} may execute`);
      const bumped =
        content.maxPriorityFeePerGasWei >= 8n * goingTipWei ||
        (content.maxFeePerGasWei * 10n >= fees.maxFeePerGasWei * 11n &&
          content.maxPriorityFeePerGasWei * 10n >= fees.maxPriorityFeePerGasWei * 11n);
      if (!bumped) this.#break(`nonce ${otherNonce} reused without outbidding ${other}`);
    }
    const known = new Set(signed.map((attempt) => attempt.nonce));
    for (let n = nonce; n < content.nonce; n += 1) if (!known.has(n)) this.#break(`nonce ${n} was left out`);
  }

  #break(what: string): void {
    this.violation ??= what;
  }

  /** Everything works again for long enough: the fleet must end neutral, with nothing open and everything booked. */
  async heal(): Promise<void> {
    for (const mood of this.relays) Object.assign(mood, { passesOn: true, says: 'accepted' });
    this.node.receiptLagBlocks = 0;
    for (let block = 0; block < 12; block += 1) {
      await this.tick();
      this.ledger.mine();
    }
    for (let block = 0; block < finality; block += 1) this.ledger.mine();
    const last = await this.tick();
    for (const { decision, open } of last) {
      expect(decision).toMatchObject({ kind: 'hold', code: 'insideBand' });
      expect(open).toEqual([]);
    }
  }

  /** What happened to the orders so far: every kind of event after every kind of event. */
  async happened(): Promise<readonly string[]> {
    const nameOf = ({ event }: OrderHistory['events'][number]) =>
      event.kind === 'expired' ? `expired ${event.why}` : event.kind;
    return (await this.orders()).flatMap(({ events }) =>
      events
        .filter(({ event }) => event.kind !== 'answered')
        .map(
          (event, index, all) =>
            `${index === 0 ? 'decided' : nameOf(all[index - 1] as typeof event)} > ${nameOf(event)}`,
        ),
    );
  }

  /**
   * The journal says exactly what the chain says: every effect is booked once, in the block that has it. Nothing is
   * unsettled but expired orders whose nonce nobody has used since.
   */
  async expectEverythingBooked(): Promise<void> {
    const onChain = this.ledger.blocks.flatMap(({ facts, included }) =>
      included
        .filter(({ content }) => content.data !== '0x')
        .map(({ hash, succeeded }) => `${hash} ${succeeded ? 'filled' : 'reverted'} in ${facts.hash}`),
    );
    const nonce = this.ledger.head.state.nonces[keeperAddress] ?? 0;
    const booked: string[] = [];
    for (const history of await this.orders()) {
      const state = orderState(history);
      const isUnused = state.status === 'expired' && state.attempt.nonce >= nonce;
      expect(isUnused || isSettled(state), `${history.record.id} is ${state.status}`).toBe(true);
      const outcome = state.status === 'final' ? state.outcome : state;
      if (outcome.status === 'filled') {
        booked.push(`${outcome.fill.transactionHash} filled in ${outcome.fill.blockHash}`);
      }
      if (outcome.status === 'reverted') {
        booked.push(`${outcome.revert.transactionHash} reverted in ${outcome.revert.blockHash}`);
      }
    }
    expect(booked.sort()).toEqual(onChain.sort());
  }
}
