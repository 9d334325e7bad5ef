import {
  type BallastError,
  BlockGoneError,
  ChainUnavailableError,
  CorruptDataError,
} from '../../../src/core/errors.ts';
import type { Read } from '../../../src/core/read.ts';
import type { BlockFacts } from '../../../src/core/snapshot.ts';
import type { Address, Hash, Hex } from '../../../src/core/units.ts';
import { max, min } from '../../../src/core/units.ts';
import type { Chain, EventLog, Outcome, Receipt, Simulation } from '../../../src/ports/chain.ts';
import type { OrderCall, SignedContent } from '../../support/orderCall.ts';
import { type Bytes, bytesOfHash } from './bytes.ts';
import type { Included, Ledger, LedgerBlock } from './ledger.ts';
import type { SimulatedProcess } from './simulatedProcess.ts';
import { simulatedFinalityBlocks, simulatedModule } from './vault.ts';

/** Gas that every simulated order uses. */
const simulatedGasUsed = 160_000n;

/** How a simulated node sees the chain; change it while the world runs. */
export interface NodeMood {
  /** Blocks that its head is behind. */
  lagBlocks: number;
  /** The tip of another branch that it follows; null = the canonical one. */
  forkTip: LedgerBlock | null;
  /** Receipts of transactions in so many newest blocks are not served. */
  receiptLagBlocks: number;
  /** Serves receipts from blocks that have left the chain. */
  staleReceipts: boolean;
  /**
   * Serves a receipt of success for transactions whose nonce is not used yet. Where it is used, nothing but another node can
   * tell a forged receipt from a true one.
   */
  forgedReceipts: boolean;
  /** Has no index of transactions: serves no receipt at all. */
  unindexed: boolean;
  /** Blocks that the nonces which it tells are behind the block that it is asked for. */
  nonceLagBlocks: number;
  /** Whether it does not give a whole block's receipts either. */
  withoutBlockReceipts: boolean;
  /** Blocks that finality is further behind than usual. */
  finalityLagBlocks: number;
  /** Has forgotten blocks that left the chain: reads pinned to them fail. */
  prunes: boolean;
  balanceWei: bigint;
  tipWei: bigint;
  /** What every simulation fails with; null = what would really happen. */
  simulationFailure: string | null;
}

/** A node that works. */
export function healthyNode(): NodeMood {
  return {
    lagBlocks: 0,
    forkTip: null,
    receiptLagBlocks: 0,
    staleReceipts: false,
    forgedReceipts: false,
    unindexed: false,
    nonceLagBlocks: 0,
    withoutBlockReceipts: false,
    finalityLagBlocks: 0,
    prunes: false,
    balanceWei: 10n ** 24n,
    tipWei: 10n ** 9n,
    simulationFailure: null,
  };
}

function runRead<T>(read: Read<T>, answer: Hex): Outcome<T> {
  try {
    let step = read.next();
    while (!step.done) step = read.next(step.value.map(() => ({ ok: true, data: answer })));
    return { ok: true, value: step.value };
  } catch (thrown) {
    return { ok: false, error: thrown as BallastError };
  }
}

/** A node: the truth as far as its mood lets it through. */
export class SimulatedNode {
  readonly #ledger: Ledger;
  readonly #bytes: Bytes;
  readonly #mood: NodeMood;

  constructor(ledger: Ledger, bytes: Bytes, mood: NodeMood) {
    this.#ledger = ledger;
    this.#bytes = bytes;
    this.#mood = mood;
  }

  /** The block that it takes for the newest. */
  get tip(): LedgerBlock {
    const { forkTip, lagBlocks } = this.#mood;
    if (forkTip !== null) return forkTip;
    const { head } = this.#ledger;
    const number = head.facts.number - BigInt(lagBlocks);
    return this.#ledger.at(number) ?? (this.#ledger.blocks[0] as LedgerBlock);
  }

  /** @throws BlockGoneError */
  pinned(at: BlockFacts): LedgerBlock {
    const block = this.#ledger.byHash(at.hash);
    const isGone = block === undefined || (this.#mood.prunes && !this.#ledger.isOn(block, this.tip));
    if (isGone) throw new BlockGoneError(at.hash);
    return block;
  }

  blockAt(number: bigint): BlockFacts | null {
    return this.#ledger.at(number, this.tip)?.facts ?? null;
  }

  /** @throws BlockGoneError */
  nonce(account: Address, at: BlockFacts): number {
    let block = this.pinned(at);
    for (let left = this.#mood.nonceLagBlocks; left > 0 && block.parent !== null; left -= 1)
      block = block.parent;
    return block.state.nonces.get(account) ?? 0;
  }

  read<T>(reads: readonly Read<T>[], at: BlockFacts): readonly Outcome<T>[] {
    const answer = this.#bytes.of(`block ${at.hash}`, this.pinned(at));
    return reads.map((read) => runRead(read, answer));
  }

  /** The newest block that this node calls final. */
  finalized(): BlockFacts | null {
    const depth = BigInt(simulatedFinalityBlocks + this.#mood.finalityLagBlocks);
    return this.blockAt(this.tip.facts.number - depth);
  }

  /** Base fees of so many newest blocks, the newest last. */
  recentBaseFeesWei(blocks: number): readonly bigint[] {
    const fees: bigint[] = [];
    for (
      let block: LedgerBlock | null = this.tip;
      block !== null && fees.length < blocks;
      block = block.parent
    )
      fees.unshift(block.facts.baseFeePerGasWei);
    return fees;
  }

  /** @param within a block to look through, which takes no index */
  receipt(hash: Hash, within?: BlockFacts): Receipt | null {
    if (within !== undefined && !this.#mood.withoutBlockReceipts) {
      const block = this.#ledger.at(within.number, this.tip);
      const isIn = block?.facts.hash === within.hash && block.included.some((one) => one.hash === hash);
      if (block && isIn) return this.#receiptIn(block, hash);
    }
    if (this.#mood.unindexed) return null;
    const block = this.#ledger.holding(hash, this.tip) ?? this.#staleBlock(hash);
    if (block === undefined) return this.#canForge(hash) ? this.#forged(hash) : null;
    if (this.tip.facts.number - block.facts.number < BigInt(this.#mood.receiptLagBlocks)) return null;
    return this.#receiptIn(block, hash);
  }

  #staleBlock(hash: Hash): LedgerBlock | undefined {
    return this.#mood.staleReceipts ? this.#ledger.everHolding(hash)[0] : undefined;
  }

  #receiptIn({ facts, included }: LedgerBlock, hash: Hash): Receipt {
    const one = included.find((some) => some.hash === hash) as Included;
    const { maxFeePerGasWei, maxPriorityFeePerGasWei } = one.content;
    const logs = one.succeeded && one.call !== null ? [this.#fillLog(one.call, one.quoteRaw)] : [];
    return {
      transactionHash: hash,
      blockNumber: facts.number,
      blockHash: facts.hash,
      succeeded: one.succeeded,
      gasUsed: one.call === null ? 21_000n : simulatedGasUsed,
      effectiveGasPriceWei: min(maxFeePerGasWei, facts.baseFeePerGasWei + maxPriorityFeePerGasWei),
      logs,
    };
  }

  #fillLog({ order }: OrderCall, quoteRaw: bigint): EventLog {
    const { baseRaw } = order;
    const data = this.#bytes.of(`fill ${baseRaw} ${quoteRaw}`, { baseRaw, quoteRaw });
    return { address: simulatedModule, topics: [], data };
  }

  #canForge(hash: Hash): boolean {
    if (!this.#mood.forgedReceipts) return false;
    const { from, nonce } = this.#bytes.read<SignedContent>(bytesOfHash(hash));
    return (this.tip.state.nonces.get(from) ?? 0) <= nonce;
  }

  #forged(hash: Hash): Receipt {
    const { number, hash: blockHash, baseFeePerGasWei } = this.tip.facts;
    const data = this.#bytes.of('fill 1 1', { baseRaw: 1n, quoteRaw: 1n });
    return {
      transactionHash: hash,
      blockNumber: number,
      blockHash,
      succeeded: true,
      gasUsed: simulatedGasUsed,
      effectiveGasPriceWei: baseFeePerGasWei,
      logs: [{ address: simulatedModule, topics: [], data }],
    };
  }

  simulate(data: Hex, at: BlockFacts): Simulation {
    const { simulationFailure } = this.#mood;
    if (simulationFailure !== null) return { ok: false, reason: simulationFailure, data: '0x' };
    const content = this.#bytes.read<Partial<OrderCall>>(data);
    if (content?.order === undefined) return { ok: true, gasUsed: 21_000n, returnData: '0x' };
    const fits = this.#ledger.simulate(content as OrderCall, this.pinned(at), 12);
    if (!fits) return { ok: false, reason: 'the module refuses', data: '0x' };
    return { ok: true, gasUsed: simulatedGasUsed, returnData: '0x' };
  }
}

/** Who is told what a node shows a process. */
export interface NodeWatch {
  /** The node has named its newest block; the answer may still be on its way. */
  readonly onHeadAsked: () => void;
  /** The process was given a head. */
  readonly onHead: (head: BlockFacts) => void;
  /** The node answered for a receipt. */
  readonly onReceipt: (hash: Hash, receipt: Receipt | null) => void;
}

/** The chain port over a node, through a process that may die at any call. */
export function simulatedChain(
  node: SimulatedNode,
  mood: NodeMood,
  host: SimulatedProcess,
  watch: NodeWatch,
): Chain {
  const ask = <T>(port: string, effect: () => T): Promise<T> =>
    host.call({
      port,
      effect,
      whenLost: () => {
        throw new ChainUnavailableError(`${port} timed out`);
      },
    });
  return {
    chainId: 1,
    head: async () => {
      const head = await ask('chain.head', () => {
        watch.onHeadAsked();
        return node.tip.facts;
      });
      watch.onHead(head);
      return head;
    },
    blockAt: (number) => ask('chain.blockAt', () => node.blockAt(number)),
    read: (reads, at) => ask('chain.read', () => node.read(reads, at)),
    confirmedNonce: (account, at) => ask('chain.confirmedNonce', () => node.nonce(account, at)),
    balanceWei: (_account, _at) => ask('chain.balanceWei', () => mood.balanceWei),
    receipt: (hash, within) =>
      ask('chain.receipt', () => {
        const receipt = node.receipt(hash, within);
        watch.onReceipt(hash, receipt);
        return receipt;
      }),
    finalized: () => ask('chain.finalized', () => node.finalized()),
    recentBaseFeesWei: (blocks) => ask('chain.recentBaseFeesWei', () => node.recentBaseFeesWei(blocks)),
    suggestedTipWei: () => ask('chain.suggestedTipWei', () => max(0n, mood.tipWei)),
    simulate: ({ to, data }, at) =>
      ask('chain.simulate', () => {
        if (to !== simulatedModule) return { ok: true as const, gasUsed: 21_000n, returnData: '0x' as const };
        if (data === '0x') throw new CorruptDataError('simulated call', data, 'an order');
        return node.simulate(data, at);
      }),
  };
}
