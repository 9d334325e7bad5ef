import { min } from '../../core/units.ts';
import type { SignedTransaction } from './types.ts';

/** Percent by which both caps of a replacement must be above the old ones (geth: txpool price bump). */
const PRICE_BUMP_PERCENT = 10n;

/** Whether a transaction may take the place of another with the same sender and nonce, by geth's rule. */
export function isEnoughBump(held: SignedTransaction, offered: SignedTransaction): boolean {
  return isRaised(held.feeCapWei, offered.feeCapWei) && isRaised(held.tipCapWei, offered.tipCapWei);
}

function isRaised(heldWei: bigint, offeredWei: bigint): boolean {
  return offeredWei > heldWei && offeredWei * 100n >= heldWei * (100n + PRICE_BUMP_PERCENT);
}

/** What a block's producer gets per gas: min(tip cap, fee cap - base fee), in wei (EIP-1559); negative under the base fee. */
export function effectiveTipWei(transaction: SignedTransaction, baseFeePerGasWei: bigint): bigint {
  return min(transaction.tipCapWei, transaction.feeCapWei - baseFeePerGasWei);
}
