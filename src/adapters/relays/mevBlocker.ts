import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { sendRawTransaction } from './internal/rawTransaction.ts';
import { relayTimeout, relayUrl } from './internal/relayUrl.ts';

const config = z.strictObject({
  url: relayUrl.describe('without the protection’s path, for example https://rpc.mevblocker.io'),
  protection: z
    .enum(['fast', 'noreverts', 'fullprivacy', 'maxbackruns'])
    .default('noreverts')
    .describe('noreverts drops what would revert; fullprivacy also tells searchers nothing'),
  timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
});

/**
 * MEV Blocker (docs.cow.fi, MEV Blocker endpoints): eth_sendRawTransaction to the path of a protection. The endpoint
 * knows no last block, so that only the order's own deadline and nonce end it, and it cannot take anything back.
 */
export const mevBlocker = defineRelay<z.infer<typeof config>>({
  summary: 'private: eth_sendRawTransaction to MEV Blocker, in one of its protections',
  config,
  sample: { url: 'http://127.0.0.1:18545', protection: 'noreverts', timeoutMs: 3_000 },
  open(name, { url, protection, timeoutMs }, { fetch }) {
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/$/, '')}/${protection}`;
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      submit: (submission) => sendRawTransaction({ url: address.toString(), timeoutMs, fetch }, submission),
    };
  },
});
