import type { RelayAnswer, Submission } from '../../../ports/relay.ts';
import type { Signer } from '../../../ports/signer.ts';
import { answerOf } from './answers.ts';
import type { Endpoint } from './exchange.ts';
import { isHashOf, signedExchange, toHex } from './flashbotsRequests.ts';

/**
 * Hands a transaction over by eth_sendPrivateTransaction, once, for all blocks up to its last one. Never throws.
 *
 * @param preferences as the relay documents them; empty: the relay's own
 */
export async function sendPrivateTransaction(
  endpoint: Endpoint,
  identity: Signer,
  preferences: object,
  { rawTransaction, transactionHash, lastBlock, refusal }: Submission,
): Promise<RelayAnswer> {
  const wishes = Object.keys(preferences).length === 0 ? {} : { preferences };
  const params = [{ tx: rawTransaction, maxBlockNumber: toHex(lastBlock), ...wishes }];
  const leaving = { ...endpoint, refusal };
  const answer = await signedExchange(leaving, identity, 'eth_sendPrivateTransaction', params);
  return answerOf(answer, isHashOf(transactionHash), endpoint);
}

/** Asks to take a private transaction back; only the identity that sent it can. Never throws. */
export async function cancelPrivateTransaction(
  endpoint: Endpoint,
  identity: Signer,
  { transactionHash }: Submission,
): Promise<RelayAnswer> {
  const params = [{ txHash: transactionHash }];
  const answer = await signedExchange(endpoint, identity, 'eth_cancelPrivateTransaction', params);
  return answerOf(answer, (result) => result === true, endpoint);
}
