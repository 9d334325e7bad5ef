import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { sendRawTransaction } from './internal/rawTransaction.ts';
import { relayTimeout } from './internal/relayUrl.ts';
import { exactlyOne, sendEndpointShape, sendUrlOf } from './internal/sendEndpoint.ts';

const config = z
  .strictObject({
    ...sendEndpointShape('a node that takes eth_sendRawTransaction'),
    allowPublicMempool: z
      .literal(true, {
        error:
          'true, to allow that everybody sees the hedge before it executes; a private relay needs no such line',
      })
      .describe('must be written out: everybody sees what is sent here, and can trade in front of it'),
    timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  })
  .refine(...exactlyOne);

/** A node's public mempool, for who allows it in so many words. */
export const publicRpc = defineRelay<z.infer<typeof config>>({
  summary: 'public: eth_sendRawTransaction, visible to everybody; has to be allowed in so many words',
  config,
  sample: { url: 'http://127.0.0.1:18545', allowPublicMempool: true, timeoutMs: 3_000 },
  open: (name, { timeoutMs, ...where }, { fetch }) => {
    const url = sendUrlOf(where);
    return {
      name,
      isPrivate: false,
      isLoopback: isLoopbackUrl(url),
      submit: (submission) => sendRawTransaction({ url, timeoutMs, fetch }, submission),
    };
  },
});
