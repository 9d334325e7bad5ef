import type { Address, Hash, Hex } from '../../core/units.ts';
import type { AnvilNode } from '../node/node.ts';

/** A block as the relay needs it. */
export interface NodeBlock {
  readonly number: bigint;
  readonly hash: Hash;
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
  readonly gasLimit: bigint;
  readonly miner: Address;
  readonly transactionHashes: readonly Hash[];
}

/** Reads a block by number or tag; null where there is none. @throws DevnetError */
export async function readBlock(
  node: AnvilNode,
  block: bigint | 'latest' | 'pending',
): Promise<NodeBlock | null> {
  const tag = typeof block === 'bigint' ? toQuantity(block) : block;
  const found = (await node.request('eth_getBlockByNumber', [tag, false])) as Record<string, unknown> | null;
  if (found === null) return null;
  return {
    number: BigInt(String(found.number)),
    hash: found.hash as Hash,
    timestampSeconds: Number(found.timestamp),
    baseFeePerGasWei: BigInt(String(found.baseFeePerGas ?? 0)),
    gasLimit: BigInt(String(found.gasLimit)),
    miner: found.miner as Address,
    transactionHashes: found.transactions as readonly Hash[],
  };
}

/** The number of the newest block. @throws DevnetError */
export async function readHeight(node: AnvilNode): Promise<bigint> {
  return BigInt(String(await node.request('eth_blockNumber')));
}

/** A non-negative number as JSON-RPC writes it. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}
