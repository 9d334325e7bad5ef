import type { Address } from '../../core/units.ts';
import type { AnvilNode } from '../node.ts';
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

/**
 * Chooses what goes into a block: the best-paying entries first, each only if it holds on top of what was chosen before
 * it. An entry is left out (for this block) when a nonce does not fit, a fee cap is under the base fee, it earns the
 * block's producer nothing, a transaction reverts that may not, or the block is full.
 *
 * @param preceding what the builder puts in front
 * @returns transactions in the order in which they should stand
 * @throws DevnetError when the node does not answer for the nonces
 */
export async function selectForBlock(
  node: AnvilNode,
  entries: readonly PoolEntry[],
  preceding: readonly SignedTransaction[],
  block: BlockToBuild,
  producer: Address,
): Promise<readonly SignedTransaction[]> {
  const nonces = createNonceBook(node, 'latest');
  const progress = { node, block, producer, nonces, preceding };
  await nonces.problem(preceding, block.baseFeePerGasWei);
  nonces.use(preceding);
  const waiting = byTip(entries, block.baseFeePerGasWei);
  const chosen: SignedTransaction[] = [];
  let index = 0;
  for (let looks = 0; index < waiting.length && looks < MAX_LOOKS; looks += 1) {
    const { transactions, mayRevert } = waiting[index] as PoolEntry;
    const problem = await nonces.problem(transactions, block.baseFeePerGasWei);
    if (problem?.kind === 'nonceTooHigh') {
      index += 1;
      continue;
    }
    waiting.splice(index, 1);
    if (problem !== null || !(await fits(progress, chosen, transactions, mayRevert))) continue;
    chosen.push(...transactions);
    nonces.use(transactions);
    index = 0;
  }
  return chosen;
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

async function fits(
  progress: BlockInProgress,
  chosen: readonly SignedTransaction[],
  offered: readonly SignedTransaction[],
  mayRevert: ReadonlySet<string>,
): Promise<boolean> {
  const { node, block, producer, preceding } = progress;
  const row = [...preceding, ...chosen, ...offered];
  if (sumOf(row, ({ gasLimit }) => gasLimit) > block.gasLimit) return false;
  try {
    const simulated = await simulate(node, row, { ...block, producer, stateBlock: 'latest' });
    const own = simulated.slice(-offered.length);
    const reverts = own.some(
      ({ succeeded }, index) => !succeeded && !mayRevert.has(offered[index]?.hash ?? ''),
    );
    return !reverts && earnings(offered, own, block.baseFeePerGasWei) > 0n;
  } catch {
    return false;
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
