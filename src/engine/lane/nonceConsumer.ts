import { type Address, max, min } from '../../core/units.ts';
import type { Receipt } from '../../ports/chain.ts';
import type { SignedAttempt } from '../../ports/store.ts';
import { attempt as outcomeOf } from '../faults.ts';
import type { ChainView } from '../read/chainView.ts';

/** Blocks after which a receipt that is still missing is not late any more. */
export const lateReceiptBlocks = 5;
/** The most that are searched: an order and everybody who overstays with it are long past after so many. */
const mostBlocks = 1_024n;

/** The block in which a nonce was used, by halving: used at the head, not yet used in the block before the first. */
async function blockOfNonce(
  view: ChainView,
  signer: Address,
  nonce: number,
  firstBlock: bigint,
): Promise<bigint> {
  const furthest = view.head.number - mostBlocks;
  let before = max(firstBlock - 1n, furthest);
  let by = view.head.number;
  while (by - before > 1n) {
    const middle = (before + by) / 2n;
    if (await view.usedBy(signer, nonce, middle)) by = middle;
    else before = middle;
  }
  return by;
}

/**
 * The receipt of whichever of some attempts used their nonce, looked for in the very block that did: a node without an index
 * of transactions serves no receipt by its hash, filled or reverted, and still has the block. Null where none of them is in
 * it, and where the node does not say.
 *
 * @param attempts with one nonce, which is used at the view's head
 */
export async function consumerReceipt(
  view: ChainView,
  signer: Address,
  attempts: readonly SignedAttempt[],
): Promise<Receipt | null> {
  const [one] = attempts;
  if (one === undefined) return null;
  const firstBlock = attempts.map(({ firstBlock: first }) => first).reduce(min);
  const found = await outcomeOf(async () => {
    const number = await blockOfNonce(view, signer, one.nonce, firstBlock);
    for (const { transactionHash } of attempts) {
      const receipt = await view.receiptWithin(transactionHash, number);
      if (receipt !== null) return receipt;
    }
    return null;
  });
  return found.ok ? found.value : null;
}
