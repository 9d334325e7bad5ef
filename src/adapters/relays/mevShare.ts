import { z } from 'zod';
import { min } from '../../core/units.ts';
import { defineRelay } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { answerOf } from './internal/answers.ts';
import { isBundleAccepted, signedExchange, toHex } from './internal/flashbotsRequests.ts';
import { requireIdentity } from './internal/identity.ts';
import { MAX_TARGET_BLOCKS } from './internal/perBlock.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';
import { builderNames, hint, privacyOf, refundShares } from './internal/sharing.ts';

const config = z.strictObject({
  url: relayUrl.describe('for example https://relay.flashbots.net'),
  hints: z
    .array(hint)
    .min(1, { error: 'at least one hint; hash alone is the most private' })
    .describe('what searchers may be told; hash alone is the most private'),
  builders: builderNames,
  refund: refundShares,
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
});

/**
 * A bundle of one transaction by mev_sendBundle, version v0.1 (github.com/flashbots/mev-share, bundle specification): one
 * request for the range, shared with searchers as far as the hints say. It does not look for transactions of others to
 * trade behind, and the format has no cancellation.
 */
export const mevShare = defineRelay<z.infer<typeof config>>({
  summary: 'private: mev_sendBundle of MEV-Share, with the hints spelled out',
  config,
  sample: { url: 'http://127.0.0.1:18545', hints: ['hash'], builders: [], refund: [], timeoutMs: 3_000 },
  open(name, { url, hints, builders, refund, timeoutMs }, { identity: given, fetch }) {
    const identity = requireIdentity(name, given);
    const endpoint = { url, timeoutMs, fetch };
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      async submit({ rawTransaction, firstBlock, lastBlock, refusal }) {
        if (lastBlock < firstBlock) return { status: 'refused', detail: 'there is no block to target' };
        const maxBlock = min(lastBlock, firstBlock + MAX_TARGET_BLOCKS - 1n);
        const bundle = {
          version: 'v0.1',
          inclusion: { block: toHex(firstBlock), maxBlock: toHex(maxBlock) },
          body: [{ tx: rawTransaction, canRevert: false }],
          ...(refund.length === 0 ? {} : { validity: { refundConfig: refund } }),
          ...privacyOf(hints, builders),
        };
        const answer = await signedExchange({ ...endpoint, refusal }, identity, 'mev_sendBundle', [bundle]);
        return answerOf(answer, isBundleAccepted, endpoint);
      },
    };
  },
});
