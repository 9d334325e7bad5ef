import { messageOf } from '../../core/errors.ts';
import type { Address } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';
import { effectiveTipWei } from './feeRules.ts';
import { createNonceBook, type NonceBook } from './sequence.ts';
import { type SimulatedTransaction, simulate } from './simulation.ts';
import type { BlockToBuild, PoolEntry, SignedTransaction } from './types.ts';

/** Looks at candidates per block, retries after a predecessor was taken included. */
const MAX_LOOKS = 1_000;

interface BlockInProgress {
  readonly node: AnvilNode;
  readonly block: BlockToBuild;
  readonly producer: Address;
  readonly nonces: NonceBook;
  readonly preceding: readonly SignedTransaction[];
}

/** An entry that is left out of a block, and why. */
export interface Skip {
  readonly entry: PoolEntry;
  readonly reason: string;
}

/** What goes into a block, in order, and what does not. */
export interface Selection {
  readonly chosen: readonly SignedTransaction[];
  readonly skipped: readonly Skip[];
}

/**
 * Chooses what goes into a block: the best-paying entries first, each only if it holds on top of what was chosen before
 * it. An entry is left out (for this block) when a nonce does not fit, a fee cap is under the base fee, it earns the
 * block's producer nothing, a transaction reverts that may not, or the block is full.
 *
 * @param preceding what the builder puts in front
 * @throws DevnetError when the node does not answer for the nonces
 */
export async function selectForBlock(
  node: AnvilNode,
  entries: readonly PoolEntry[],
  preceding: readonly SignedTransaction[],
  block: BlockToBuild,
  producer: Address,
): Promise<Selection> {
  const nonces = createNonceBook(node, 'latest');
  const progress = { node, block, producer, nonces, preceding };
  await nonces.problem(preceding, block.baseFeePerGasWei);
  nonces.use(preceding);
  const waiting = byTip(entries, block.baseFeePerGasWei);
  const chosen: SignedTransaction[] = [];
  const skipped: Skip[] = [];
  let index = 0;
  for (let looks = 0; index < waiting.length && looks < MAX_LOOKS; looks += 1) {
    const entry = waiting[index] as PoolEntry;
    const problem = await nonces.problem(entry.transactions, block.baseFeePerGasWei);
    if (problem?.kind === 'nonceTooHigh') {
      index += 1;
      continue;
    }
    waiting.splice(index, 1);
    const reason = problem === null ? await objection(progress, chosen, entry) : problem.message;
    if (reason !== null) {
      skipped.push({ entry, reason });
      continue;
    }
    chosen.push(...entry.transactions);
    nonces.use(entry.transactions);
    index = 0;
  }
  return { chosen, skipped: [...skipped, ...waiting.map((entry) => ({ entry, reason: 'nonce too high' }))] };
}

/** Highest tip per gas first; the sort is stable, so equals stay in order of arrival. */
function byTip(entries: readonly PoolEntry[], baseFeePerGasWei: bigint): PoolEntry[] {
  return entries
    .map((entry) => ({ entry, tip: tipPerGas(entry, baseFeePerGasWei) }))
    .sort((a, b) => (a.tip === b.tip ? 0 : a.tip > b.tip ? -1 : 1))
    .map(({ entry }) => entry);
}

function tipPerGas({ transactions }: PoolEntry, baseFeePerGasWei: bigint): bigint {
  const gas = sumOf(transactions, ({ gasLimit }) => gasLimit);
  const tips = sumOf(
    transactions,
    (transaction) => effectiveTipWei(transaction, baseFeePerGasWei) * transaction.gasLimit,
  );
  return gas === 0n ? 0n : tips / gas;
}

/** Why an entry cannot stand behind what was chosen so far; null where it can. */
async function objection(
  progress: BlockInProgress,
  chosen: readonly SignedTransaction[],
  { transactions, mayRevert }: PoolEntry,
): Promise<string | null> {
  const { node, block, producer, preceding } = progress;
  const row = [...preceding, ...chosen, ...transactions];
  if (sumOf(row, ({ gasLimit }) => gasLimit) > block.gasLimit) return 'the block is full';
  try {
    const simulated = await simulate(node, row, { ...block, producer, stateBlock: 'latest' });
    const own = simulated.slice(-transactions.length);
    const reverting = transactions.find(
      ({ hash }, index) => own[index]?.succeeded !== true && !mayRevert.has(hash),
    );
    if (reverting !== undefined) return `transaction ${reverting.hash} reverts`;
    return earnings(transactions, own, block.baseFeePerGasWei) > 0n
      ? null
      : 'it earns the block’s producer nothing';
  } catch (error) {
    return messageOf(error);
  }
}

/** What the producer gets in wei: tips on the gas used and ETH sent to it. */
function earnings(
  transactions: readonly SignedTransaction[],
  simulated: readonly SimulatedTransaction[],
  baseFeePerGasWei: bigint,
): bigint {
  return sumOf(simulated, ({ gasUsed, sentToProducerWei }, index) => {
    const transaction = transactions[index] as SignedTransaction;
    return sentToProducerWei + gasUsed * effectiveTipWei(transaction, baseFeePerGasWei);
  });
}

function sumOf<T>(items: readonly T[], value: (item: T, index: number) => bigint): bigint {
  return items.reduce((sum, item, index) => sum + value(item, index), 0n);
}
