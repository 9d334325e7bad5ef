import { type Hash, type Hex, min } from '../../core/units.ts';
import { callBundle } from './callBundle.ts';
import { RelayRefusalError, RPC_CODE } from './errors.ts';
import { type FullSubmissionContext, type Method, type Methods, submission } from './method.ts';
import { type MevBody, mevBundleHash, readMevBundle } from './mevBundle.ts';
import * as read from './params.ts';
import { checkLastBlock, type Submitted } from './submissions.ts';
import { readTransaction } from './transaction.ts';
import type { PoolEntry, SignedTransaction } from './types.ts';

/** Blocks after the first that a bundle may be tried in, as the MEV-Share node bounds it. */
const MAX_RANGE = 30n;

/** The methods of MEV-Share. */
export const mevShareMethods: Methods = {
  mev_sendBundle: submission(readSendMevBundle),
  mev_simBundle: simulateMevBundle,
};

async function readSendMevBundle(params: unknown, context: FullSubmissionContext): Promise<Submitted> {
  const bundle = readMevBundle(read.positional(params, 0, 1));
  const { block, maxBlock } = bundle;
  if (maxBlock < block || maxBlock > block + MAX_RANGE) {
    throw new RelayRefusalError(
      RPC_CODE.invalidParams,
      `inclusion.maxBlock is ${maxBlock}, expected ${block} to ${block + MAX_RANGE}`,
    );
  }
  checkLastBlock(maxBlock, context.height, 'params[0].inclusion.maxBlock');
  const transactions = await transactionsOf(bundle.body, context.chainId, (hash) =>
    context.store.find((entry) => entry.hash === hash && entry.kind === 'privateTransaction'),
  );
  const hash = mevBundleHash(bundle.body);
  return {
    entry: {
      kind: 'bundle',
      identity: context.identity,
      hash,
      transactions,
      firstBlock: min(block, maxBlock),
      lastBlock: maxBlock,
      minTimestampSeconds: null,
      maxTimestampSeconds: null,
      mayRevert: new Set(bundle.body.flatMap(revertible)),
      replacementUuid: null,
    },
    result: { bundleHash: hash },
  };
}

function revertible(item: MevBody): readonly string[] {
  if (item.kind === 'bundle') return item.body.flatMap(revertible);
  return item.kind === 'tx' && item.canRevert ? [item.hash] : [];
}

/** The transactions of a bundle in order; one that is named by its hash is the one that somebody entrusted before. */
async function transactionsOf(
  body: readonly MevBody[],
  chainId: number,
  find: (hash: Hash) => PoolEntry | null,
): Promise<readonly SignedTransaction[]> {
  const transactions: SignedTransaction[] = [];
  for (const item of body) {
    if (item.kind === 'bundle') transactions.push(...(await transactionsOf(item.body, chainId, find)));
    if (item.kind === 'tx') transactions.push(await readTransaction(item.raw, item.path, chainId));
    if (item.kind === 'hash') {
      const held = find(item.hash);
      if (held === null)
        throw read.mismatch({ value: item.hash, path: item.path }, 'the hash of a transaction held here');
      transactions.push(...held.transactions);
    }
  }
  return transactions;
}

/** The documented result of mev_simBundle, amounts in hex; a bundle that could not be in a block is no success. */
async function simulateMevBundle(
  { node, chainId, store }: Parameters<Method>[0],
  { params }: Parameters<Method>[1],
): Promise<object> {
  const bundle = readMevBundle(read.positional(params, 0, 2));
  const options = read.positional(params, 1, 2);
  const option = <T>(name: string, readValue: (param: read.Param) => T): T | null =>
    options.value === undefined ? null : read.optional(read.member(options, name), readValue);
  const stateBlock = option('parentBlock', read.readBlockTag) ?? 'latest';
  const find = (hash: Hash) => store.find((entry) => entry.hash === hash);
  const transactions = await transactionsOf(bundle.body, chainId, find);
  try {
    const simulated = (await callBundle(node, {
      transactions,
      blockNumber: option('blockNumber', read.readBlockNumber) ?? bundle.block,
      stateBlock,
      timestampSeconds: option('timestamp', read.readInteger),
      producer: option('coinbase', read.readAddress),
    })) as Simulated;
    return describe(simulated, new Set(bundle.body.flatMap(revertible)));
  } catch (error) {
    if (!(error instanceof RelayRefusalError)) throw error;
    return { ...NOTHING, success: false, error: error.message };
  }
}

interface Simulated {
  readonly bundleGasPrice: string;
  readonly coinbaseDiff: string;
  readonly totalGasUsed: number;
  readonly stateBlockNumber: number;
  readonly results: readonly { readonly txHash: string; readonly error?: string }[];
}

const quantity = (value: string | number): Hex => `0x${BigInt(value).toString(16)}`;
const NOTHING = {
  stateBlock: '0x0',
  mevGasPrice: '0x0',
  profit: '0x0',
  refundableValue: '0x0',
  gasUsed: '0x0',
  logs: [],
};

function describe(simulated: Simulated, mayRevert: ReadonlySet<string>): object {
  const failed = simulated.results.find(({ txHash, error }) => error !== undefined && !mayRevert.has(txHash));
  return {
    success: failed === undefined,
    ...(failed === undefined ? {} : { error: `tx ${failed.txHash}: ${failed.error}` }),
    stateBlock: quantity(simulated.stateBlockNumber),
    mevGasPrice: quantity(simulated.bundleGasPrice),
    profit: quantity(simulated.coinbaseDiff),
    refundableValue: quantity(simulated.coinbaseDiff),
    gasUsed: quantity(simulated.totalGasUsed),
    logs: [],
  };
}
