import { defineRelay, isLoopbackUrl, messageOf, type RelayAnswer } from 'ballast';
import { z } from 'zod';

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('takes eth_sendPrivateRawTransaction'),
  timeoutMs: z.number().int().min(50).max(60_000).default(3_000).describe('longest wait for an answer'),
});
const answered = z.union([
  z.object({ result: z.string() }),
  z.object({ error: z.object({ message: z.string() }) }),
]);

/**
 * A relay: a way to block builders. It sends once, never throws, and says `refused` only where the bytes will certainly not be
 * passed on; a timeout or a broken answer is `unknown`, and the chain settles it.
 */
export const ownBuilder = defineRelay<z.infer<typeof config>>({
  summary: 'private: a builder of your own, by eth_sendPrivateRawTransaction',
  config,
  sample: { url: 'http://127.0.0.1:18545', timeoutMs: 3_000 },
  open: (name, { url, timeoutMs }, { fetch }) => ({
    name,
    isPrivate: true,
    isLoopback: isLoopbackUrl(url),
    async submit({ rawTransaction }): Promise<RelayAnswer> {
      const body = {
        jsonrpc: '2.0',
        id: 1,
        method: 'eth_sendPrivateRawTransaction',
        params: [rawTransaction],
      };
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        const answer = answered.parse(await response.json());
        return 'result' in answer
          ? { status: 'accepted', detail: 'taken' }
          : { status: 'unknown', detail: answer.error.message };
      } catch (error) {
        return { status: 'unknown', detail: messageOf(error), isRelayFault: true };
      }
    },
  }),
});
