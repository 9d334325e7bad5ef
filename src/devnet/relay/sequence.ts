import type { AnvilNode } from '../node/node.ts';
import { toQuantity } from './blocks.ts';
import { effectiveTipWei } from './feeRules.ts';
import type { SignedTransaction } from './types.ts';

/** What keeps transactions from standing in a row in a block, in the words of geth. */
export type SequenceProblem = {
  readonly kind: 'nonceTooHigh' | 'nonceTooLow' | 'underBaseFee';
  readonly transaction: SignedTransaction;
  readonly message: string;
};

/** The next nonce of every sender, as the transactions of a block use them up. */
export interface NonceBook {
  /** The first problem of these transactions in a row, or null; reads nonces that it does not know yet. */
  problem(
    transactions: readonly SignedTransaction[],
    baseFeePerGasWei: bigint,
  ): Promise<SequenceProblem | null>;
  /** Books transactions as being in the block. */
  use(transactions: readonly SignedTransaction[]): void;
}

/** Nonces as they are after a block. */
export function createNonceBook(node: AnvilNode, stateBlock: bigint | 'latest'): NonceBook {
  const state = stateBlock === 'latest' ? 'latest' : toQuantity(stateBlock);
  const next = new Map<string, number>();

  const load = async ({ sender }: SignedTransaction) => {
    const key = sender.toLowerCase();
    if (!next.has(key)) next.set(key, Number(await node.request('eth_getTransactionCount', [sender, state])));
  };

  return {
    async problem(transactions, baseFeePerGasWei) {
      for (const transaction of transactions) await load(transaction);
      return firstProblem(transactions, new Map(next), baseFeePerGasWei);
    },
    use(transactions) {
      for (const { sender, nonce } of transactions) next.set(sender.toLowerCase(), nonce + 1);
    },
  };
}

function firstProblem(
  transactions: readonly SignedTransaction[],
  next: Map<string, number>,
  baseFeePerGasWei: bigint,
): SequenceProblem | null {
  for (const transaction of transactions) {
    const key = transaction.sender.toLowerCase();
    const expected = next.get(key) ?? 0;
    const { nonce, sender } = transaction;
    if (nonce !== expected) {
      const kind = nonce > expected ? 'nonceTooHigh' : 'nonceTooLow';
      const words = nonce > expected ? 'nonce too high' : 'nonce too low';
      return { kind, transaction, message: `${words}: address ${sender}, tx: ${nonce} state: ${expected}` };
    }
    if (effectiveTipWei(transaction, baseFeePerGasWei) < 0n) {
      const message = `max fee per gas less than block base fee: address ${sender}, maxFeePerGas: ${transaction.feeCapWei}, baseFee: ${baseFeePerGasWei}`;
      return { kind: 'underBaseFee', transaction, message };
    }
    next.set(key, nonce + 1);
  }
  return null;
}
