import { sameAddress } from '../../core/units.ts';
import { callBundle } from './callBundle.ts';
import { type MethodContext, type Methods, type SignedRequest, submission } from './method.ts';
import * as read from './params.ts';
import { readSendBundle, readSendPrivateRawTransaction, readSendPrivateTransaction } from './submissions.ts';
import { readTransaction } from './transaction.ts';

/** The methods of the Flashbots relay that this one has. */
export const flashbotsMethods: Methods = {
  eth_sendBundle: submission(readSendBundle),
  eth_sendPrivateTransaction: submission(readSendPrivateTransaction),
  eth_sendPrivateRawTransaction: submission(readSendPrivateRawTransaction),
  eth_callBundle: simulateBundle,
  eth_cancelBundle: cancelBundle,
  eth_cancelPrivateTransaction: cancelPrivateTransaction,
};

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
