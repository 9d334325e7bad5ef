import type { PoolEntry, SignedTransaction } from '../../../../src/devnet/relay/types.ts';

/** A transaction that was never signed: the pool's rules look at its fields only. */
export function transaction(wish: Partial<SignedTransaction> = {}): SignedTransaction {
  const { sender = `0x${'aa'.repeat(20)}`, nonce = 0, feeCapWei = 100n, tipCapWei = 10n } = wish;
  const hash = `0x${BigInt(`0x${sender.slice(2, 10)}${nonce}${feeCapWei}${tipCapWei}`)
    .toString(16)
    .padStart(64, '0')}`;
  return {
    raw: '0x0011',
    hash: hash as `0x${string}`,
    sender,
    nonce,
    to: sender,
    data: '0x',
    valueWei: 0n,
    gasLimit: 21_000n,
    feeCapWei,
    tipCapWei,
    accessList: [],
    ...wish,
  };
}

/** A bundle for one block. */
export function bundle(transactions: readonly SignedTransaction[], wish: Partial<PoolEntry> = {}): PoolEntry {
  return {
    kind: 'bundle',
    identity: `0x${'01'.repeat(20)}`,
    hash: transactions[0]?.hash ?? '0x',
    transactions,
    firstBlock: 10n,
    lastBlock: 10n,
    minTimestampSeconds: null,
    maxTimestampSeconds: null,
    mayRevert: new Set(),
    replacementUuid: null,
    ...wish,
  };
}
