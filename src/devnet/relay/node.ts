import { messageOf } from '../../core/errors.ts';
import { DevNodeError } from './errors.ts';

const TIMEOUT_MILLISECONDS = 10_000;

/** The local node's JSON-RPC. */
export interface DevNode {
  /** @throws DevNodeError when it does not answer within ten seconds, or answers an error */
  call(method: string, ...params: readonly unknown[]): Promise<unknown>;
}

/** Speaks JSON-RPC with a node over HTTP, one request at a time, without retries. */
export function devNode(rpcUrl: string): DevNode {
  return {
    async call(method, ...params) {
      const answer = await exchange(rpcUrl, method, params);
      if (answer.error) throw new DevNodeError(method, answer.error.message ?? 'an error without a message');
      return answer.result;
    },
  };
}

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
}

async function exchange(url: string, method: string, params: readonly unknown[]): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    return (await response.json()) as Answer;
  } catch (error) {
    throw new DevNodeError(method, messageOf(error));
  }
}

/** A block as the relay needs it. */
export interface NodeBlock {
  readonly number: bigint;
  readonly timestampSeconds: number;
  readonly baseFeePerGasWei: bigint;
  readonly gasLimit: bigint;
  readonly miner: `0x${string}`;
  readonly transactionHashes: readonly `0x${string}`[];
}

/** Reads a block by number or tag; null where there is none. @throws DevNodeError */
export async function readBlock(
  node: DevNode,
  block: bigint | 'latest' | 'pending',
): Promise<NodeBlock | null> {
  const tag = typeof block === 'bigint' ? toQuantity(block) : block;
  const found = (await node.call('eth_getBlockByNumber', tag, false)) as Record<string, unknown> | null;
  if (found === null) return null;
  return {
    number: BigInt(String(found.number)),
    timestampSeconds: Number(found.timestamp),
    baseFeePerGasWei: BigInt(String(found.baseFeePerGas ?? 0)),
    gasLimit: BigInt(String(found.gasLimit)),
    miner: found.miner as `0x${string}`,
    transactionHashes: found.transactions as readonly `0x${string}`[],
  };
}

/** The number of the newest block. @throws DevNodeError */
export async function readHeight(node: DevNode): Promise<bigint> {
  return BigInt(String(await node.call('eth_blockNumber')));
}

/** A non-negative number as JSON-RPC writes it. */
export function toQuantity(value: bigint | number): `0x${string}` {
  return `0x${value.toString(16)}`;
}
