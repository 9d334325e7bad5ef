import type { BlockFacts } from '../../../src/core/snapshot.ts';
import { type Address, type Hash, max } from '../../../src/core/units.ts';
import type { OrderCall, SignedContent } from '../../support/orderCall.ts';
import { accrued, executeOrder, type MarketState, type VaultState } from './module.ts';

/** A transaction in a block. */
export interface Included {
  readonly hash: Hash;
  readonly content: SignedContent;
  /** Null where it carries no order: somebody else's, or one that only uses its nonce. */
  readonly call: OrderCall | null;
  readonly succeeded: boolean;
  /** Quote that the order moved, quote smallest units; zero where it moved none. */
  readonly quoteRaw: bigint;
}

/** Everything that the chain knows at one block. */
export interface LedgerState {
  readonly nonces: ReadonlyMap<Address, number>;
  readonly vaults: ReadonlyMap<string, VaultState>;
  readonly market: MarketState;
}

/** A block of any branch. */
export interface LedgerBlock {
  readonly facts: BlockFacts;
  readonly parent: LedgerBlock | null;
  readonly included: readonly Included[];
  readonly state: LedgerState;
}

/** A transaction as a builder holds it. */
export interface PoolEntry {
  readonly hash: Hash;
  readonly content: SignedContent;
  readonly call: OrderCall | null;
  /** First and last block that the builder may put it into. */
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  /** Whether it is included even where it reverts, as a public builder does. */
  readonly reverts: boolean;
}

/** What a new block is made from. */
export interface BlockTemplate {
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
  readonly market: MarketState;
  /** What builders hold for this block, in the order in which they try it. */
  readonly entries: readonly PoolEntry[];
  /** Base that owners put into their vaults before everything else, smallest units; negative for what they take out. */
  readonly moved?: ReadonlyMap<string, bigint>;
}

const firstNumber = 100n;

function hexOf(index: number): Hash {
  return `0x${index.toString(16).padStart(64, 'b')}`;
}

/**
 * The truth of a simulated chain: blocks of all branches, what is in them, and the state after each. Every block keeps its
 * own state, so that a reorg is nothing but another head.
 *
 * For thousands of seeded histories: bytes are handles, hashes are counted, price, pool and turnover move, and every port
 * may lose, delay or die. `test/support/simulatedLedger.ts` is for tests that say by hand what happens in each block.
 */
export class Ledger {
  head: LedgerBlock;
  readonly #canonical: LedgerBlock[];
  readonly #byHash = new Map<Hash, LedgerBlock>();
  readonly #holding = new Map<Hash, LedgerBlock[]>();

  constructor(vaults: ReadonlyMap<string, VaultState>, market: MarketState, timestampSeconds: number) {
    const facts: BlockFacts = {
      number: firstNumber,
      hash: hexOf(0),
      parentHash: hexOf(0),
      timestampSeconds,
      baseFeePerGasWei: 10n ** 10n,
    };
    const state: LedgerState = { nonces: new Map(), vaults, market };
    this.head = { facts, parent: null, included: [], state };
    this.#canonical = [this.head];
    this.#byHash.set(facts.hash, this.head);
  }

  /** A block of any branch. */
  byHash(hash: Hash): LedgerBlock | undefined {
    return this.#byHash.get(hash);
  }

  /** The block at a height of the branch that ends in `tip`; undefined above it and before the beginning. */
  at(number: bigint, tip: LedgerBlock = this.head): LedgerBlock | undefined {
    let block: LedgerBlock | null = tip;
    while (block !== null && block.facts.number > number && !this.#isCanonical(block)) block = block.parent;
    if (block === null || block.facts.number < number) return undefined;
    if (block.facts.number === number) return block;
    return this.#canonical[Number(number - firstNumber)];
  }

  /** Whether a block is on the branch that ends in `tip`. */
  isOn(block: LedgerBlock, tip: LedgerBlock = this.head): boolean {
    return this.at(block.facts.number, tip) === block;
  }

  #isCanonical(block: LedgerBlock): boolean {
    return this.#canonical[Number(block.facts.number - firstNumber)] === block;
  }

  /** The block on a branch that holds a transaction. */
  holding(hash: Hash, tip: LedgerBlock = this.head): LedgerBlock | undefined {
    return this.#holding.get(hash)?.find((block) => this.isOn(block, tip));
  }

  /** Every block of every branch that holds a transaction. */
  everHolding(hash: Hash): readonly LedgerBlock[] {
    return this.#holding.get(hash) ?? [];
  }

  /** Canonical blocks, oldest first. */
  get blocks(): readonly LedgerBlock[] {
    return this.#canonical;
  }

  /** Makes a block on top of another; it is not canonical until it is adopted. */
  build(parent: LedgerBlock, template: BlockTemplate): LedgerBlock {
    const { timestampSeconds, baseFeePerGasWei, market } = template;
    const number = parent.facts.number + 1n;
    const nonces = new Map(parent.state.nonces);
    const vaults = new Map(parent.state.vaults);
    for (const [name, baseRaw] of template.moved ?? []) {
      const vault = vaults.get(name);
      if (vault !== undefined) vaults.set(name, { ...vault, baseRaw: max(0n, vault.baseRaw + baseRaw) });
    }
    const included: Included[] = [];
    const waiting = template.entries.filter(
      (entry) => entry.firstBlock <= number && number <= entry.lastBlock,
    );
    for (let progress = true; progress; ) {
      progress = false;
      for (const { hash, content, call, reverts } of waiting) {
        if ((nonces.get(content.from) ?? 0) !== content.nonce) continue;
        if (content.maxFeePerGasWei < baseFeePerGasWei) continue;
        const done =
          call === null ? null : executeOrder(vaults.get(call.vault), call.order, timestampSeconds, market);
        if (call !== null && done === null && !reverts) continue;
        if (call !== null && done !== null) vaults.set(call.vault, done.vault);
        nonces.set(content.from, content.nonce + 1);
        const succeeded = call === null || done !== null;
        included.push({ hash, content, call, succeeded, quoteRaw: done?.quoteRaw ?? 0n });
        progress = true;
      }
    }
    const hash = hexOf(this.#byHash.size);
    const facts = { number, hash, parentHash: parent.facts.hash, timestampSeconds, baseFeePerGasWei };
    const block: LedgerBlock = { facts, parent, included, state: { nonces, vaults, market } };
    this.#byHash.set(hash, block);
    for (const { hash: held } of included) {
      const blocks = this.#holding.get(held);
      if (blocks === undefined) this.#holding.set(held, [block]);
      else blocks.push(block);
    }
    return block;
  }

  /** Makes the branch that ends in a block the canonical one. */
  adopt(tip: LedgerBlock): void {
    const branch: LedgerBlock[] = [];
    for (
      let block: LedgerBlock | null = tip;
      block !== null && !this.#isCanonical(block);
      block = block.parent
    ) {
      branch.push(block);
    }
    const root = branch.at(-1)?.facts.number ?? tip.facts.number + 1n;
    this.#canonical.length = Number(root - firstNumber);
    this.#canonical.push(...branch.reverse());
    this.head = tip;
  }

  /** What a call would do on top of a block. */
  simulate({ vault, order }: OrderCall, at: LedgerBlock, blockSeconds: number): boolean {
    const seconds = at.facts.timestampSeconds + blockSeconds;
    return executeOrder(at.state.vaults.get(vault), order, seconds, at.state.market) !== null;
  }

  /** Turnover that a vault may still trade at a block, quote smallest units. */
  turnoverAvailable(vault: string, at: LedgerBlock): bigint {
    const state = at.state.vaults.get(vault);
    return state === undefined ? 0n : accrued(state, at.facts.timestampSeconds);
  }
}
