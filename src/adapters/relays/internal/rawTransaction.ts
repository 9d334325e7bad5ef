import type { RelayAnswer, Submission } from '../../../ports/relay.ts';
import { answerOf } from './answers.ts';
import { type Endpoint, exchange, requestBody } from './exchange.ts';
import { isHashOf } from './flashbotsRequests.ts';

/** Hands a transaction over by eth_sendRawTransaction, once. Never throws. */
export async function sendRawTransaction(
  endpoint: Endpoint,
  { rawTransaction, transactionHash }: Submission,
): Promise<RelayAnswer> {
  const answer = await exchange(endpoint, requestBody('eth_sendRawTransaction', [rawTransaction]), {});
  return answerOf(answer, isHashOf(transactionHash), endpoint);
}
