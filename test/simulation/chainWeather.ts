import type { Address, Hash } from '../../src/core/units.ts';
import type { RandomStream } from '../../src/sim/random.ts';
import type { Faults } from './faults.ts';
import type { BlockTemplate, Ledger, LedgerBlock, PoolEntry } from './world/ledger.ts';
import { marketAt } from './world/module.ts';
import { healthyNode, type NodeMood } from './world/node.ts';
import type { BuilderPool } from './world/relay.ts';
import { simulatedFinalityBlocks } from './world/vault.ts';

const gwei = 10n ** 9n;
const usualBaseFeeWei = 10n * gwei;
const stepDeviation = 0.001;
/** No branch and no reorg is deeper, but for those that break finality: one block less than what is final. */
const deepest = BigInt(simulatedFinalityBlocks - 1);
/** Blocks that a reorg takes at most. */
export const deepestReorg = simulatedFinalityBlocks + 5;

/** Conditions that last some blocks once they begin. */
type Spell =
  | 'baseFeeSpikes'
  | 'gasMoneyGone'
  | 'absurdTips'
  | 'oracleStale'
  | 'oracleOff'
  | 'thinPool'
  | 'modulePaused'
  | 'keeperRevoked'
  | 'nodeLags'
  | 'nodeForks'
  | 'nonceLags'
  | 'nodeOutage'
  | 'nodePrunes'
  | 'nodeUnindexed'
  | 'finalityStalls'
  | 'receiptsLate'
  | 'receiptsStale'
  | 'receiptsForged'
  | 'simulationLies'
  | 'diskFull'
  | 'censorship';

const longest: Readonly<Record<Spell, number>> = {
  baseFeeSpikes: 10,
  gasMoneyGone: 6,
  absurdTips: 4,
  oracleStale: 6,
  oracleOff: 4,
  thinPool: 6,
  modulePaused: 6,
  keeperRevoked: 6,
  nodeLags: 5,
  nodeForks: 4,
  nonceLags: 5,
  nodeOutage: 5,
  nodePrunes: 8,
  nodeUnindexed: 24,
  finalityStalls: 12,
  receiptsLate: 8,
  receiptsStale: 8,
  receiptsForged: 8,
  simulationLies: 5,
  diskFull: 5,
  censorship: 8,
};
const spells = Object.keys(longest) as Spell[];

/** Blocks, market, and what befalls them: everything of a history that does not depend on the keeper's calls. */
export class ChainWeather {
  readonly mood: NodeMood = healthyNode();
  readonly foreign = new Set<Hash>();
  readonly #ledger: Ledger;
  readonly #pool: BuilderPool;
  readonly #faults: Faults;
  readonly #random: RandomStream;
  readonly #workload: RandomStream;
  readonly #keepers: readonly Address[];
  readonly #left = new Map<Spell, number>();
  readonly #share: number;
  #highest: bigint;
  #isCalm = false;

  constructor(
    ledger: Ledger,
    pool: BuilderPool,
    faults: Faults,
    streams: { readonly schedule: RandomStream; readonly workload: RandomStream },
    keepers: readonly Address[],
  ) {
    this.#ledger = ledger;
    this.#pool = pool;
    this.#faults = faults;
    this.#random = streams.schedule;
    this.#workload = streams.workload;
    this.#keepers = keepers;
    this.#highest = ledger.head.facts.number;
    this.#share = 0.4 + 0.6 * this.#random.uniform();
  }

  /** Whether a condition holds now. */
  has(spell: Spell): boolean {
    return (this.#left.get(spell) ?? 0) > 0;
  }

  /** Whether the node shows everything as it is. */
  get isClear(): boolean {
    const { lagBlocks, forkTip, receiptLagBlocks, staleReceipts, forgedReceipts } = this.mood;
    const { unindexed, nonceLagBlocks } = this.mood;
    return (
      nonceLagBlocks === 0 &&
      !unindexed &&
      lagBlocks === 0 &&
      forkTip === null &&
      receiptLagBlocks === 0 &&
      !staleReceipts &&
      !forgedReceipts
    );
  }

  /** Everything works from now on, and the price stands still. */
  heal(): void {
    this.#isCalm = true;
    this.#left.clear();
    Object.assign(this.mood, healthyNode());
  }

  /** The next block, with all that may happen around it. */
  nextBlock(timestampSeconds: number): LedgerBlock {
    this.#turn();
    if (this.#faults.strikes('eviction', 0.3)) this.#pool.length = 0;
    if (this.#faults.strikes('foreignTransactions', 0.3)) this.#foreignTransaction();
    if (this.#faults.strikes('reorgs', 0.7)) this.reorg();
    if (this.#faults.strikes('deepReorgs', 0.1)) this.#deepReorg();
    const block = this.#mineOn(this.#ledger.head, timestampSeconds);
    this.#adopt(block);
    this.#setMood();
    this.#tidy();
    return block;
  }

  #turn(): void {
    for (const [spell, left] of this.#left) this.#left.set(spell, left - 1);
    for (const spell of spells) {
      if (!this.has(spell) && this.#faults.strikes(spell, 0.4)) {
        this.#left.set(spell, 1 + this.#random.index(longest[spell]));
      }
    }
  }

  #mineOn(parent: LedgerBlock, timestampSeconds: number): LedgerBlock {
    const { baseFeePerGasWei } = parent.facts;
    const spiked = (baseFeePerGasWei * 9n) / 8n;
    const eased = (baseFeePerGasWei * 7n) / 8n;
    const calmFee = eased > usualBaseFeeWei ? eased : usualBaseFeeWei;
    const template: BlockTemplate = {
      timestampSeconds,
      baseFeePerGasWei: this.has('baseFeeSpikes') ? spiked : this.#isCalm ? usualBaseFeeWei : calmFee,
      market: this.#marketAfter(parent, timestampSeconds),
      entries: this.#offered(),
      moved: this.#movedByOwners(parent),
    };
    return this.#ledger.build(parent, template);
  }

  #marketAfter(parent: LedgerBlock, timestampSeconds: number) {
    const { logReturn } = parent.state.market;
    const jump = this.#faults.strikes('priceJumps', 0.5) ? 0.01 * this.#workload.normal() : 0;
    const moved = this.#isCalm ? logReturn : logReturn + stepDeviation * this.#workload.normal() + jump;
    const bounded = Math.max(-0.03, Math.min(0.03, moved));
    return marketAt(bounded, timestampSeconds, {
      ...(this.has('thinPool') ? { depthBase: 1 } : {}),
      ...(this.has('oracleStale') ? { oracleAgeSeconds: 7_200 } : {}),
      ...(this.has('oracleOff') ? { oracleOff: 0.05 } : {}),
      paused: this.has('modulePaused'),
      revoked: this.has('keeperRevoked'),
    });
  }

  /** An owner puts base into a vault, or takes some out, whatever is on its way. */
  #movedByOwners(parent: LedgerBlock): ReadonlyMap<string, bigint> {
    if (!this.#faults.strikes('ownerMoves', 0.3)) return new Map();
    const names = [...parent.state.vaults.keys()];
    const name = names[this.#random.index(names.length)] as string;
    return new Map([[name, BigInt(Math.round((this.#random.uniform() - 0.5) * 40)) * 10n ** 17n]]);
  }

  /** What a builder tries, in its own order: another builder makes every block. */
  #offered(): readonly PoolEntry[] {
    if (this.has('censorship')) return this.#pool.filter(({ hash }) => this.foreign.has(hash));
    if (this.#isCalm) return [...this.#pool];
    const taken = this.#pool.filter(
      ({ hash }) => this.foreign.has(hash) || this.#random.uniform() < this.#share,
    );
    return this.#random.uniform() < 0.5 ? taken : taken.reverse();
  }

  #adopt(block: LedgerBlock): void {
    this.#ledger.adopt(block);
    if (block.facts.number > this.#highest) this.#highest = block.facts.number;
  }

  /** The ancestor of the head so many blocks below it, but none whose child could be final already. */
  #forkPoint(depth: number): LedgerBlock | null {
    const lowest = this.#highest - deepest;
    const number = this.#ledger.head.facts.number - BigInt(depth);
    return this.#ledger.at(number > lowest ? number : lowest) ?? null;
  }

  /** Another branch becomes the chain: of the same height, or one block shorter. */
  reorg(): void {
    const depth = 1 + this.#random.index(this.#random.uniform() < 0.2 ? Number(deepest) : 3);
    this.#reorgFrom(this.#forkPoint(depth));
  }

  /** The same from deeper than what counts as final. */
  #deepReorg(): void {
    const depth = deepest + 1n + BigInt(this.#random.index(deepestReorg - simulatedFinalityBlocks + 1));
    const fork = this.#ledger.at(this.#ledger.head.facts.number - depth) ?? null;
    if (fork !== null && this.#random.uniform() < 0.7) this.#offerAgain(fork);
    this.#reorgFrom(fork);
  }

  /** What is above a block goes back to builders, as nodes put it back into their pools. */
  #offerAgain(fork: LedgerBlock): void {
    const { head } = this.#ledger;
    const window = { firstBlock: fork.facts.number, lastBlock: head.facts.number + deepest, reverts: false };
    for (let block = head; block !== fork; block = block.parent as LedgerBlock) {
      for (const { hash, content, call } of block.included)
        this.#pool.push({ hash, content, call, ...window });
    }
  }

  #reorgFrom(fork: LedgerBlock | null): void {
    if (fork === null || fork === this.#ledger.head) return;
    const dropped = this.#ledger.head;
    const times: number[] = [];
    for (let block = dropped; block !== fork; block = block.parent as LedgerBlock) {
      times.unshift(block.facts.timestampSeconds);
    }
    if (times.length > 1 && this.#random.uniform() < 0.2) times.pop();
    let tip = fork;
    for (const seconds of times) tip = this.#mineOn(tip, seconds);
    this.#adopt(tip);
  }

  #foreignTransaction(): void {
    const from = this.#keepers[this.#random.index(this.#keepers.length)] as Address;
    const { state, facts } = this.#ledger.head;
    const nonce = state.nonces.get(from) ?? 0;
    const hash = `0x${this.foreign.size.toString(16).padStart(64, 'd')}` as const;
    this.foreign.add(hash);
    const priced = { maxFeePerGasWei: 10_000n * gwei, maxPriorityFeePerGasWei: gwei, gasLimit: 21_000n };
    const content = { chainId: 1, nonce, to: from, data: '0xf0', valueWei: 1n, ...priced, from } as const;
    const window = { firstBlock: facts.number, lastBlock: facts.number + 20n };
    this.#pool.unshift({ hash, content, call: null, reverts: true, ...window });
  }

  #setMood(): void {
    const { mood } = this;
    mood.lagBlocks = this.has('nodeLags') ? 1 + this.#random.index(3) : 0;
    mood.receiptLagBlocks = this.has('receiptsLate') ? 1 + this.#random.index(4) : 0;
    mood.staleReceipts = this.has('receiptsStale');
    mood.forgedReceipts = this.has('receiptsForged');
    mood.unindexed = this.has('nodeUnindexed');
    // Some of those nodes have whole blocks' receipts, some do not.
    mood.withoutBlockReceipts = mood.unindexed && this.#ledger.head.facts.number % 64n < 32n;
    mood.finalityLagBlocks = this.has('finalityStalls') ? 20 : 0;
    mood.prunes = this.has('nodePrunes');
    mood.balanceWei = this.has('gasMoneyGone') ? 0n : healthyNode().balanceWei;
    mood.tipWei = (this.has('absurdTips') ? 1_000n : 1n) * gwei;
    mood.simulationFailure = this.has('simulationLies') ? 'the node says so' : null;
    mood.nonceLagBlocks = this.has('nonceLags') ? 1 + this.#random.index(3) : 0;
    mood.forkTip = this.has('nodeForks') ? this.#branch(mood.forkTip) : null;
  }

  /** A branch of its own that the node follows for a while. */
  #branch(tip: LedgerBlock | null): LedgerBlock | null {
    const from = tip ?? this.#forkPoint(1 + this.#random.index(3));
    if (from === null) return null;
    const isLong = tip !== null && !this.#canGrow(tip);
    if (isLong) return tip;
    const grown = this.#mineOn(from, from.facts.timestampSeconds + 12);
    if (grown.facts.number > this.#highest) this.#highest = grown.facts.number;
    return grown;
  }

  #canGrow(tip: LedgerBlock): boolean {
    let length = 0n;
    for (let block = tip; !this.#ledger.isOn(block) && block.parent !== null; block = block.parent)
      length += 1n;
    return length > 0n && length < deepest - 3n;
  }

  /** Drops what no branch can take any more. */
  #tidy(): void {
    const final = this.#ledger.at(this.#highest - deepest - 1n);
    if (final === undefined) return;
    for (let index = this.#pool.length - 1; index >= 0; index -= 1) {
      const { content, lastBlock } = this.#pool[index] as PoolEntry;
      const isUsed = (final.state.nonces.get(content.from) ?? 0) > content.nonce;
      if (isUsed || lastBlock + 8n < final.facts.number) this.#pool.splice(index, 1);
    }
  }
}
