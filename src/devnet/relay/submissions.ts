import type { Address, Hash } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import type { Param } from './params.ts';
import * as read from './params.ts';
import { bundleHash, readTransaction } from './transaction.ts';
import type { PoolEntry } from './types.ts';

/** Blocks that a private transaction is tried for where the sender does not say (as the Flashbots relay documents). */
const DEFAULT_PRIVATE_BLOCKS = 25n;
/** Nothing further ahead is held. */
const MAX_BLOCKS_AHEAD = 1_000n;

/** What a submission is read with. */
export interface SubmissionContext {
  readonly identity: Address;
  readonly chainId: number;
  readonly height: bigint;
}

/** A submission as it was read, with what the relay answers to it. */
export interface Submitted {
  readonly entry: PoolEntry;
  readonly result: unknown;
}

/** Reads the parameters of eth_sendBundle. @throws RelayRefusalError naming the parameter */
export async function readSendBundle(params: unknown, context: SubmissionContext): Promise<Submitted> {
  const bundle = read.positional(params, 0, 1);
  const txs = read.member(bundle, 'txs');
  const raws = read.readBundleTransactions(txs);
  const target = read.readBlockNumber(read.member(bundle, 'blockNumber'));
  const minTimestampSeconds = readBound(read.member(bundle, 'minTimestamp'));
  const maxTimestampSeconds = readBound(read.member(bundle, 'maxTimestamp'));
  const mayRevert = read.optional(read.member(bundle, 'revertingTxHashes'), read.readHashes) ?? [];
  const replacementUuid = read.optional(read.member(bundle, 'replacementUuid'), read.readUuid);
  checkLastBlock(target, context.height, 'params[0].blockNumber');
  const transactions = [];
  for (const [index, raw] of raws.entries()) {
    transactions.push(await readTransaction(raw, `${txs.path}[${index}]`, context.chainId));
  }
  const hash = bundleHash(transactions.map((transaction) => transaction.hash));
  return {
    entry: {
      kind: 'bundle',
      identity: context.identity,
      hash,
      transactions,
      firstBlock: target,
      lastBlock: target,
      minTimestampSeconds,
      maxTimestampSeconds,
      mayRevert: new Set<string>(mayRevert),
      replacementUuid,
    },
    result: { bundleHash: hash },
  };
}

/** Zero stands for no bound, as in the relay's own format. */
export function readBound(param: Param): number | null {
  return read.optional(param, read.readInteger) || null;
}

/** Reads the parameters of eth_sendPrivateTransaction. @throws RelayRefusalError naming the parameter */
export async function readSendPrivateTransaction(
  params: unknown,
  context: SubmissionContext,
): Promise<Submitted> {
  const request = read.positional(params, 0, 1);
  const tx = read.member(request, 'tx');
  const preferences = read.member(request, 'preferences');
  if (preferences.value !== undefined && preferences.value !== null) read.member(preferences, 'fast');
  const maxBlock = read.optional(read.member(request, 'maxBlockNumber'), read.readBlockNumber);
  if (maxBlock !== null) checkLastBlock(maxBlock, context.height, 'params[0].maxBlockNumber');
  return readPrivate(tx, maxBlock, context);
}

/** Reads the parameters of eth_sendPrivateRawTransaction. @throws RelayRefusalError naming the parameter */
export async function readSendPrivateRawTransaction(
  params: unknown,
  context: SubmissionContext,
): Promise<Submitted> {
  const preferences = read.positional(params, 1, 2);
  if (preferences.value !== undefined && preferences.value !== null) read.member(preferences, 'fast');
  return readPrivate(read.positional(params, 0, 2), null, context);
}

async function readPrivate(
  tx: Param,
  maxBlock: bigint | null,
  context: SubmissionContext,
): Promise<Submitted> {
  const transaction = await readTransaction(read.readBytes(tx), tx.path, context.chainId);
  if (transaction.tipCapWei === 0n) {
    throw new RelayRefusalError(RPC_CODE.rejected, 'the max priority fee per gas must be above zero');
  }
  return { entry: privateEntry(transaction, maxBlock, context), result: transaction.hash satisfies Hash };
}

/** A private transaction as a bundle of one, for the next 25 blocks unless a last one is named. */
export function privateEntry(
  transaction: PoolEntry['transactions'][number],
  maxBlock: bigint | null,
  { identity, height }: SubmissionContext,
): PoolEntry {
  return {
    kind: 'privateTransaction',
    identity,
    hash: transaction.hash,
    transactions: [transaction],
    firstBlock: height + 1n,
    lastBlock: maxBlock ?? height + DEFAULT_PRIVATE_BLOCKS,
    minTimestampSeconds: null,
    maxTimestampSeconds: null,
    mayRevert: new Set(),
    replacementUuid: null,
  };
}

/** Refuses a last block that is no future one, or too far ahead. @throws RelayRefusalError */
export function checkLastBlock(block: bigint, height: bigint, path: string): void {
  if (block <= height) {
    throw new RelayRefusalError(
      RPC_CODE.invalidParams,
      `${path} is ${block}, expected a block after the newest one, ${height}`,
    );
  }
  if (block > height + MAX_BLOCKS_AHEAD) {
    throw new RelayRefusalError(
      RPC_CODE.invalidParams,
      `${path} is ${block}, expected at most ${height + MAX_BLOCKS_AHEAD}`,
    );
  }
}
