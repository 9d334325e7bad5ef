import type { Hash } from '../../core/units.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { type FullSubmissionContext, type MethodContext, type Methods, submission } from './method.ts';
import * as read from './params.ts';
import { readRawTransaction } from './rawTransactions.ts';
import type { Submitted } from './submissions.ts';

/** What searchers may be told, in the words of MEV-Share. */
export const HINTS: readonly string[] = [
  'calldata',
  'contract_address',
  'function_selector',
  'logs',
  'default_logs',
  'hash',
  'tx_hash',
];

const NAMES: readonly string[] = [
  'hint',
  'builder',
  'refund',
  'canRevert',
  'blockRange',
  'auctionTimeout',
  'originId',
];
const MAX_BLOCK_RANGE = 1_000;

/** Flashbots Protect: eth_sendRawTransaction, with what may be told in the query. */
export const protectMethods: Methods = { eth_sendRawTransaction: submission(readProtected) };

async function readProtected(params: unknown, context: FullSubmissionContext): Promise<Submitted> {
  const { query, height } = context;
  for (const name of query.keys()) checkName(name);
  const all = (name: string) => query.getAll(name).map((value) => ({ value, path: name }));
  for (const hint of all('hint')) read.readOneOf(hint, HINTS);
  for (const builder of all('builder')) read.readText(builder);
  for (const refund of all('refund')) checkRefund(refund);
  const mayRevert = query.get('canRevert') === 'true';
  const range = query.get('blockRange');
  const lastBlock = range === null ? null : height + BigInt(readRange(range));
  const submitted = await readRawTransaction(params, context, lastBlock, { mayRevert });
  if (submitted.entry.transactions.some(({ tipCapWei }) => tipCapWei === 0n)) {
    throw new RelayRefusalError(RPC_CODE.rejected, 'the max priority fee per gas must be above zero');
  }
  return submitted;
}

function checkName(name: string): void {
  if (/^(?:useMempool|mempoolRpc)$/i.test(name)) {
    throw new RelayRefusalError(
      RPC_CODE.rejected,
      `${name}: nothing that was entrusted here goes to the public pool`,
    );
  }
  read.readOneOf({ value: name, path: 'a name in the query' }, NAMES);
}

function checkRefund(param: read.Param): void {
  const [address, percent] = String(param.value).split(':');
  read.readAddress({ value: address, path: param.path });
  read.readPercent({ value: Number(percent), path: param.path }, 1, 100);
}

function readRange(text: string): number {
  const blocks = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (blocks < 1 || blocks > MAX_BLOCK_RANGE)
    throw read.mismatch({ value: text, path: 'blockRange' }, `1 to ${MAX_BLOCK_RANGE}`);
  return blocks;
}

/** The answer to `GET /protect/tx/<hash>`; null for any other path. */
export async function protectStatus({ node, store }: MethodContext, path: string): Promise<object | null> {
  const hash = /^\/protect\/tx\/(0x[0-9a-fA-F]{64})$/.exec(path)?.[1]?.toLowerCase() as Hash | undefined;
  if (hash === undefined) return null;
  const held = store.find((entry) => entry.hash === hash);
  const receipt = held === null ? await node.request('eth_getTransactionReceipt', [hash]) : null;
  const known = receipt === null ? 'UNKNOWN' : 'INCLUDED';
  return {
    status: held === null ? known : 'PENDING',
    hash,
    maxBlockNumber: Number(held?.lastBlock ?? 0n),
    fastMode: false,
    seenInMempool: false,
  };
}
