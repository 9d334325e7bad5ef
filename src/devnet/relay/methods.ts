import type { Address } from '../../core/units.ts';
import { sameAddress } from '../../core/units.ts';
import type { AnvilNode } from '../node.ts';
import { readHeight } from './blocks.ts';
import { callBundle } from './callBundle.ts';
import type { EntryStore } from './entryStore.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { distort } from './misbehaviours.ts';
import * as read from './params.ts';
import type { PublicWatch } from './publicWatch.ts';
import {
  readSendBundle,
  readSendPrivateRawTransaction,
  readSendPrivateTransaction,
  type SubmissionContext,
  type Submitted,
} from './submissions.ts';
import { readTransaction } from './transaction.ts';
import type { Misbehaviour } from './types.ts';

/** What the methods work on. */
export interface MethodContext {
  readonly node: AnvilNode;
  readonly chainId: number;
  readonly store: EntryStore;
  readonly watch: PublicWatch;
}

/** One request whose signature was right. */
export interface SignedRequest {
  readonly method: string;
  readonly params: unknown;
  readonly identity: Address;
}

const SUBMISSIONS: Readonly<
  Record<string, (params: unknown, context: SubmissionContext) => Promise<Submitted>>
> = {
  eth_sendBundle: readSendBundle,
  eth_sendPrivateTransaction: readSendPrivateTransaction,
  eth_sendPrivateRawTransaction: readSendPrivateRawTransaction,
};

const OTHERS: Readonly<Record<string, (context: MethodContext, request: SignedRequest) => unknown>> = {
  eth_callBundle: simulateBundle,
  eth_cancelBundle: cancelBundle,
  eth_cancelPrivateTransaction: cancelPrivateTransaction,
};

/**
 * Carries out one request.
 *
 * @param misbehaviour what to do wrong with the transactions; the wrong answer is the server's part
 * @returns the JSON-RPC result
 * @throws RelayRefusalError in answer to a wrong request, DevnetError when the node does not answer
 */
export async function carryOut(
  context: MethodContext,
  request: SignedRequest,
  misbehaviour: Misbehaviour | null,
): Promise<unknown> {
  const submission = Object.hasOwn(SUBMISSIONS, request.method) ? SUBMISSIONS[request.method] : undefined;
  if (submission !== undefined) return submit(context, request, misbehaviour, submission);
  const other = Object.hasOwn(OTHERS, request.method) ? OTHERS[request.method] : undefined;
  if (other !== undefined) return other(context, request);
  throw new RelayRefusalError(
    RPC_CODE.methodNotFound,
    `the method ${request.method.slice(0, 60)} is not available`,
  );
}

async function submit(
  { node, chainId, store, watch }: MethodContext,
  { params, identity }: SignedRequest,
  misbehaviour: Misbehaviour | null,
  readSubmission: (params: unknown, context: SubmissionContext) => Promise<Submitted>,
): Promise<unknown> {
  const height = await readHeight(node);
  const { entry, result } = await readSubmission(params, { identity, chainId, height });
  for (const { hash } of entry.transactions) watch.entrust(hash);
  store.book({ number: height, transactionHashes: [] });
  const kept = distort(entry, misbehaviour);
  if (kept !== null) store.add(kept);
  return result;
}

async function simulateBundle({ node, chainId }: MethodContext, { params }: SignedRequest): Promise<object> {
  const bundle = read.positional(params, 0, 1);
  const txs = read.member(bundle, 'txs');
  const raws = read.readBundleTransactions(txs);
  const blockNumber = read.readBlockNumber(read.member(bundle, 'blockNumber'));
  const stateBlock = read.optional(read.member(bundle, 'stateBlockNumber'), read.readBlockTag) ?? 'latest';
  const timestampSeconds = read.optional(read.member(bundle, 'timestamp'), read.readInteger) || null;
  const producer = read.optional(read.member(bundle, 'coinbase'), read.readAddress);
  const transactions = [];
  for (const [index, raw] of raws.entries()) {
    transactions.push(await readTransaction(raw, `${txs.path}[${index}]`, chainId));
  }
  return callBundle(node, { transactions, blockNumber, stateBlock, timestampSeconds, producer });
}

/** Answers the hashes of the bundles that were taken out; cancelling what is not there is no error. */
function cancelBundle({ store }: MethodContext, { params, identity }: SignedRequest): readonly string[] {
  const uuid = read.readUuid(read.member(read.positional(params, 0, 1), 'replacementUuid'));
  return store
    .remove((entry) => entry.replacementUuid === uuid && sameAddress(entry.identity, identity))
    .map(({ hash }) => hash);
}

/** Answers whether a transaction was taken out; only the identity that sent it can. */
function cancelPrivateTransaction({ store }: MethodContext, { params, identity }: SignedRequest): boolean {
  const hash = read.readHash(read.member(read.positional(params, 0, 1), 'txHash'));
  const removed = store.remove(
    (entry) =>
      entry.kind === 'privateTransaction' && entry.hash === hash && sameAddress(entry.identity, identity),
  );
  return removed.length > 0;
}
