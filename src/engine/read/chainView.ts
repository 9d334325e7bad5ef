import { askedOnce } from '../../core/askedOnce.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import { type Address, type Hash, max } from '../../core/units.ts';
import type { Chain, Receipt } from '../../ports/chain.ts';
import { attempt } from '../faults.ts';

/** A block by what tells it from all others. */
export interface BlockPlace {
  readonly number: bigint;
  readonly hash: Hash;
}

/** A chain as seen from one head: each fact is asked for once per tick, however many orders and vaults need it. */
export interface ChainView {
  readonly head: BlockFacts;
  confirmedNonce(account: Address): Promise<number>;
  balanceWei(account: Address): Promise<bigint>;
  suggestedTipWei(): Promise<bigint>;
  /** Whether a block is canonical and not above the head. */
  stands(block: BlockPlace): Promise<boolean>;
  /**
   * What became of a block: it stands, it is not in the chain below the head, or the node does not say what is at its
   * height.
   */
  fateOf(block: BlockPlace): Promise<'stands' | 'replaced' | 'unknown'>;
  /** Whether the head is canonical still, asked anew each time: what was read before may come from another branch otherwise. */
  headStands(): Promise<boolean>;
  /** The receipt where its block stands; null otherwise. */
  standingReceipt(hash: Hash): Promise<Receipt | null>;
  /** The receipt out of a block where it stands, also where the node has no index of transactions; null otherwise. */
  receiptWithin(hash: Hash, number: bigint): Promise<Receipt | null>;
  /** Whether a nonce was used by the end of a block. @throws ChainUnavailableError where the node does not know */
  usedBy(account: Address, nonce: number, number: bigint): Promise<boolean>;
  /** Base fees of so many recent blocks, wei; empty where the node does not tell. */
  recentBaseFeesWei(blocks: number): Promise<readonly bigint[]>;
  /**
   * Blocks that an outcome must have on top to be final at this head: `blocks` itself, or with `finalized` as many as the
   * chain's own finalised block has; more than there are where the node names none.
   */
  finalityDepth(blocks: number, by: 'blocks' | 'finalized'): Promise<number>;
  /** Whether a nonce was used already so many blocks below the head; false where the node does not know that any more. */
  usedBelow(account: Address, nonce: number, blocks: number): Promise<boolean>;
}

function once<K, V>(ask: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const asked = new Map<K, Promise<V>>();
  return (key) => {
    const known = asked.get(key) ?? ask(key);
    asked.set(key, known);
    return known;
  };
}

/**
 * Looks at a chain from one head. What lies above the head does not exist for it: a fill that the head's reads cannot
 * have seen must not be taken into account either.
 *
 * @param suggestedTipWei the going tip, where it was asked for together with the head
 */
export function viewFrom(
  chain: Chain,
  head: BlockFacts,
  suggestedTipWei: () => Promise<bigint> = askedOnce(() => chain.suggestedTipWei()),
): ChainView {
  const blockAt = once((number: bigint) => chain.blockAt(number));
  const receipt = once((hash: Hash) => chain.receipt(hash));
  const fateOf = async (block: BlockPlace) => {
    if (block.number > head.number) return 'replaced';
    const there = await blockAt(block.number);
    if (there === null) return 'unknown';
    return there.hash === block.hash ? 'stands' : 'replaced';
  };
  const stands = async (block: BlockPlace) => (await fateOf(block)) === 'stands';
  const standing = async (found: Receipt | null) => {
    if (found === null) return null;
    return (await stands({ number: found.blockNumber, hash: found.blockHash })) ? found : null;
  };
  const nonceBelow = once(async (key: `${Address}:${number}`) => {
    const [account, blocks] = key.split(':') as [Address, string];
    const block = await blockAt(head.number - BigInt(blocks));
    return block === null ? 0 : chain.confirmedNonce(account, block);
  });
  const baseFees = once(async (blocks: number) => (await chain.recentBaseFeesWei?.(blocks)) ?? []);
  const finalized = askedOnce(async () => (await chain.finalized?.()) ?? null);
  return {
    head,
    recentBaseFeesWei: baseFees,
    finalityDepth: async (blocks, by) => {
      if (by === 'blocks') return blocks;
      const block = await finalized();
      const number = block === null ? -1n : block.number;
      return Number(max(head.number - number, 0n));
    },
    confirmedNonce: once((account: Address) => chain.confirmedNonce(account, head)),
    balanceWei: once((account: Address) => chain.balanceWei(account, head)),
    suggestedTipWei,
    stands,
    fateOf,
    headStands: async () => (await chain.blockAt(head.number))?.hash === head.hash,
    usedBelow: async (account, nonce, blocks) => {
      const below = await attempt(() => nonceBelow(`${account}:${blocks}`));
      return below.ok && below.value > nonce;
    },
    standingReceipt: async (hash) => standing(await receipt(hash)),
    receiptWithin: async (hash, number) => {
      const block = await blockAt(number);
      return block === null ? null : standing(await chain.receipt(hash, block));
    },
    usedBy: async (account, nonce, number) =>
      (await nonceBelow(`${account}:${Number(head.number - number)}`)) > nonce,
  };
}
