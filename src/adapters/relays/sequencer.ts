import { z } from 'zod';
import { defineRelay } from '../../ports/relay.ts';
import { isLoopbackUrl } from '../chain/loopback.ts';
import { sendRawTransaction } from './internal/rawTransaction.ts';
import { relayTimeout } from './internal/relayUrl.ts';
import { exactlyOne, sendEndpointShape, sendUrlOf } from './internal/sendEndpoint.ts';

const config = z
  .strictObject({
    ...sendEndpointShape('the sequencer’s own endpoint, for example https://mainnet-sequencer.base.org'),
    timeoutMs: relayTimeout.default(3_000).describe('longest wait for an answer, milliseconds'),
  })
  .refine(...exactlyOne);

/**
 * The sequencer of a second layer, whose pool nobody else sees: eth_sendRawTransaction to its own endpoint. It must not
 * be a node that passes transactions on in public: that is the kind `publicRpc`. It has no target blocks and no
 * cancellation, and binds the transaction to no state: slippage bound and deadline do.
 */
export const sequencer = defineRelay<z.infer<typeof config>>({
  summary: 'private: eth_sendRawTransaction to the sequencer of a second layer',
  config,
  sample: { url: 'http://127.0.0.1:18545', timeoutMs: 3_000 },
  open: (name, { timeoutMs, ...where }, { fetch }) => {
    const url = sendUrlOf(where);
    return {
      name,
      isPrivate: true,
      isLoopback: isLoopbackUrl(url),
      submit: (submission) => sendRawTransaction({ url, timeoutMs, fetch }, submission),
    };
  },
});
