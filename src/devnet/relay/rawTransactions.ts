import { type Method, type Methods, submission } from './method.ts';
import * as read from './params.ts';
import { privateEntry, type SubmissionContext, type Submitted } from './submissions.ts';
import { readTransaction } from './transaction.ts';

/** How an endpoint treats what it takes. */
export interface RawTransactionRules {
  /** Whether it includes what reverts. */
  readonly mayRevert: boolean;
}

/** Reads the one parameter of eth_sendRawTransaction. @throws RelayRefusalError naming the parameter */
export async function readRawTransaction(
  params: unknown,
  context: SubmissionContext,
  lastBlock: bigint | null,
  { mayRevert }: RawTransactionRules,
): Promise<Submitted> {
  const raw = read.positional(params, 0, 1);
  const transaction = await readTransaction(read.readBytes(raw), raw.path, context.chainId);
  const entry = privateEntry(transaction, lastBlock, context);
  const reverting = new Set<string>(mayRevert ? [transaction.hash] : []);
  return { entry: { ...entry, mayRevert: reverting }, result: transaction.hash };
}

/** An endpoint that takes eth_sendRawTransaction and shows nobody: MEV Blocker's, or a sequencer's. */
export function rawTransactionMethods(rules: RawTransactionRules): Methods {
  const send: Method = submission((params, context) => readRawTransaction(params, context, null, rules));
  return { eth_sendRawTransaction: send };
}
