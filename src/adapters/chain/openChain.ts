import { CorruptDataError } from '../../core/errors.ts';
import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { Chain } from '../../ports/chain.ts';
import { type Endpoint, type EndpointOptions, openEndpoint } from './endpoint.ts';
import { RpcError, WrongChainError } from './errors.ts';
import { suggestedTipWei, type TipOptions } from './fees.ts';
import { encodeAndKeep, MULTICALL3 } from './multicall.ts';
import { askRound, type BatchLimits, pinned, requireCanonical } from './round.ts';
import { runReads } from './scheduler.ts';
import { simulate } from './simulate.ts';
import { blockOf, integerOf, quantityOf, receiptOf } from './wire.ts';

/** A chain to be read: where, which one, and how much at once. */
export interface ChainOptions extends EndpointOptions {
  /** Refuses an endpoint of any other chain; unchecked where absent. */
  readonly chainId?: number;
  /** Multicall3's address where it is not the usual one. */
  readonly multicall?: Address;
  /** What one `eth_call` may carry; 500 calls and 250,000 bytes of calldata unless given. */
  readonly batch?: Partial<BatchLimits>;
  readonly tip?: TipOptions;
}

/** What has been asked of the node so far. */
export interface ChainCounters {
  /** Rounds of reads, however many batches each took. */
  readonly rounds: number;
  /** Distinct calls in those rounds. */
  readonly calls: number;
  /** JSON-RPC requests of any kind. */
  readonly requests: number;
}

/** A chain over JSON-RPC, with its counters. */
export interface OpenedChain extends Chain {
  counters(): ChainCounters;
}

const defaultBatch: BatchLimits = { calls: 500, bytes: 250_000 };

/**
 * Opens a chain for reading over HTTP.
 *
 * @throws WrongChainError when the endpoint serves another chain than `chainId`
 * @throws ChainUnavailableError when it does not answer
 */
export async function openChain(options: ChainOptions): Promise<OpenedChain> {
  const endpoint = openEndpoint(options);
  const chainId = integerOf('eth_chainId', await endpoint.request('eth_chainId', []));
  if (options.chainId !== undefined && options.chainId !== chainId)
    throw new WrongChainError(options.chainId, chainId);
  const multicall = options.multicall ?? MULTICALL3;
  const limits = { ...defaultBatch, ...options.batch };
  const encode = encodeAndKeep(8);
  let rounds = 0;
  let calls = 0;
  const count = (distinctCalls: number) => {
    rounds += 1;
    calls += distinctCalls;
  };
  return {
    chainId,
    counters: () => ({ rounds, calls, requests: endpoint.requests() }),
    head: () => head(endpoint),
    blockAt: async (number) =>
      blockOf(await endpoint.request('eth_getBlockByNumber', [quantity(number), false])),
    read: (reads, at) =>
      runReads(reads, (round) => askRound({ endpoint, multicall, limits, at, encode }, round), count),
    confirmedNonce: async (account, at) =>
      integerOf('nonce', await atBlock(endpoint, 'eth_getTransactionCount', account, at)),
    balanceWei: async (account, at) =>
      quantityOf('balance', await atBlock(endpoint, 'eth_getBalance', account, at)),
    receipt: (hash) => receipt(endpoint, hash),
    suggestedTipWei: () => suggestedTipWei(endpoint, options.tip ?? {}),
    simulate: (transaction, at) => simulate(endpoint, transaction, at),
  };
}

function quantity(number: bigint): string {
  return `0x${number.toString(16)}`;
}

async function head(endpoint: Endpoint): Promise<BlockFacts> {
  const block = blockOf(await endpoint.request('eth_getBlockByNumber', ['latest', false]));
  if (!block) throw new CorruptDataError('latest block', null, 'a block');
  return block;
}

/** A fact of an account at one block hash. */
async function atBlock(
  endpoint: Endpoint,
  method: string,
  account: Address,
  at: BlockFacts,
): Promise<unknown> {
  try {
    return await endpoint.request(method, [account, pinned(at.hash)]);
  } catch (error) {
    if (error instanceof RpcError) await requireCanonical({ endpoint, at }, error);
    throw error;
  }
}

/**
 * A receipt counts only while its block is the canonical one at its height: nodes behind one balancer may be on
 * different forks.
 */
async function receipt(endpoint: Endpoint, hash: string): ReturnType<Chain['receipt']> {
  const found = receiptOf(await endpoint.request('eth_getTransactionReceipt', [hash]));
  if (!found) return null;
  if (found.transactionHash.toLowerCase() !== hash.toLowerCase()) {
    throw new CorruptDataError('receipt.transactionHash', found.transactionHash, hash);
  }
  const block = blockOf(await endpoint.request('eth_getBlockByNumber', [quantity(found.blockNumber), false]));
  return block?.hash === found.blockHash ? found : null;
}
