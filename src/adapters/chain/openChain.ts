import type { BlockFacts } from '../../core/snapshot.ts';
import type { Address } from '../../core/units.ts';
import type { Chain } from '../../ports/chain.ts';
import { atBlock } from './atBlock.ts';
import type { EndpointOptions } from './endpoint.ts';
import { type GroupOptions, openGroup } from './endpoints/group.ts';
import { announcedHeads } from './endpoints/heads.ts';
import type { EndpointRole, Health, Member } from './endpoints/member.ts';
import { recentBaseFeesWei, suggestedTipWei, type TipOptions } from './fees.ts';
import { keepAnswers } from './keptAnswers.ts';
import { MULTICALL3 } from './multicall.ts';
import { askRound, type BatchLimits } from './round.ts';
import { keepRounds } from './roundCodec.ts';
import { runReads } from './scheduler.ts';
import { simulate } from './simulate.ts';
import { quantityOf } from './wire.ts';

/** A chain to be read: where, which one, and how much at once. */
export type ChainOptions = ChainSource & ChainLimits;

/** One endpoint by its URL, or several with names and roles. */
export type ChainSource =
  | (EndpointOptions & { readonly endpoints?: undefined })
  | (Pick<GroupOptions, 'endpoints'> & { readonly url?: undefined });

/** What is asked of the endpoints, and when they are believed. */
export interface ChainLimits extends Omit<GroupOptions, 'endpoints'> {
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
  /** Of those the ones whose answer was new, or another than last time: what had to be decoded. */
  readonly changed: number;
  /** JSON-RPC requests of any kind. */
  readonly requests: number;
}

/** What is known of one endpoint. */
export interface EndpointStatus {
  readonly name: string;
  readonly roles: readonly EndpointRole[];
  readonly health: Health;
  /** The newest block that it told of. */
  readonly head: BlockFacts | null;
  readonly requests: number;
}

/** A chain over JSON-RPC, with its counters. */
export interface OpenedChain extends Chain {
  onHead(wake: () => void): () => void;
  counters(): ChainCounters;
  endpoints(): readonly EndpointStatus[];
  /** Closes every socket. */
  close(): void;
}

const defaultBatch: BatchLimits = { calls: 500, bytes: 250_000 };

/**
 * Opens a chain for reading over HTTP, through one endpoint or several.
 *
 * @throws WrongChainError when the endpoints serve another chain than `chainId`
 * @throws ChainUnavailableError when none answers
 */
export async function openChain(options: ChainOptions): Promise<OpenedChain> {
  const group = await openGroup({
    ...options,
    endpoints: options.endpoints ?? [{ name: 'rpc', ...options }],
  });
  const multicall = options.multicall ?? MULTICALL3;
  const limits = { ...defaultBatch, ...options.batch };
  const codec = keepRounds(8);
  const kept = keepAnswers();
  const heads = announcedHeads(group.members);
  let rounds = 0;
  let calls = 0;
  const count = (distinctCalls: number) => {
    rounds += 1;
    calls += distinctCalls;
  };
  return {
    chainId: group.chainId,
    counters: () => ({ rounds, calls, changed: kept.changed(), requests: group.requests() }),
    endpoints: () => group.members.map(statusOf),
    head: () => group.head(),
    finalized: () => group.finalized(),
    blockAt: (number) => group.blockAt(number),
    read: (reads, at) =>
      runReads(
        reads,
        async (round) => {
          const answers = await group.reading(at, (endpoint) =>
            askRound({ endpoint, multicall, limits, at, codec }, round),
          );
          return kept.unchanged(round, answers);
        },
        count,
      ),
    confirmedNonce: (account, at) => group.confirmedNonce(account, at),
    balanceWei: (account, at) =>
      group.reading(at, async (endpoint) =>
        quantityOf('balance', await atBlock(endpoint, 'eth_getBalance', account, at)),
      ),
    receipt: (hash, within) => group.receipt(hash, within),
    recentBaseFeesWei: (blocks) => group.reading(null, (endpoint) => recentBaseFeesWei(endpoint, blocks)),
    suggestedTipWei: () => group.reading(null, (endpoint) => suggestedTipWei(endpoint, options.tip ?? {})),
    simulate: (transaction, at) => group.reading(at, (endpoint) => simulate(endpoint, transaction, at)),
    onHead: (wake) => heads.listen(wake),
    close() {
      heads.close();
      group.close();
    },
  };
}

function statusOf({ name, roles, health, head, endpoint }: Member): EndpointStatus {
  return { name, roles: [...roles], health, head, requests: endpoint.requests() };
}
