import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { requireIdentity } from './internal/identity.ts';
import { cancelPrivateTransaction, sendPrivateTransaction } from './internal/privateTransaction.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';
import { builderNames, hint, privacyOf, refundShares } from './internal/sharing.ts';

const config = z.strictObject({
  url: relayUrl.describe('for example https://relay.flashbots.net'),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  fast: z
    .boolean()
    .default(false)
    .describe('shares with every registered builder; a transaction sent so cannot be taken back'),
  hints: z
    .array(hint)
    .default([])
    .describe('what searchers may be told; empty: what the relay tells by its own rule'),
  builders: builderNames,
  refund: refundShares,
});

/**
 * eth_sendPrivateTransaction of the Flashbots relay (docs.flashbots.net): one request for the whole range, taken back by
 * eth_cancelPrivateTransaction. It does not ask for a simulation, and a cancellation does not reach builders that were
 * given the transaction already.
 */
export const flashbotsPrivate = defineRelay<z.infer<typeof config>>({
  summary: 'private: eth_sendPrivateTransaction with preferences, up to a last block; can be taken back',
  config,
  sample: {
    url: 'http://127.0.0.1:18545',
    timeoutMs: 3_000,
    fast: false,
    hints: ['hash'],
    builders: [],
    refund: [],
  },
  open(name, { url, timeoutMs, fast, hints, builders, refund }, { identity: given, fetch }) {
    const identity = requireIdentity(name, given);
    const endpoint = { url, timeoutMs, fetch };
    const preferences = {
      fast,
      ...privacyOf(hints, builders),
      ...(refund.length === 0 ? {} : { validity: { refund } }),
    };
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      submit: (submission) => sendPrivateTransaction(endpoint, identity, preferences, submission),
      cancel: (submission) => cancelPrivateTransaction(endpoint, identity, submission),
    };
  },
});
