import { defineObservedVolatilityFeed, messageOf } from 'ballast';
import { z } from 'zod';

const config = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('answers {"volatility": 0.65, "atSeconds": 1767225600}'),
  staleAfterSeconds: z.number().positive().default(600).describe('an older figure is not used'),
});
const answer = z.object({ volatility: z.number().positive().max(10), atSeconds: z.number().positive() });

/** A volatility from outside the chain, here from a desk's own endpoint. What does not answer is a fault, never a guess. */
export const jsonVolatility = defineObservedVolatilityFeed<z.infer<typeof config>>({
  summary: 'a volatility that an endpoint of your own states',
  verified: 'abi-only',
  config,
  sample: { url: 'http://127.0.0.1:8080/volatility', staleAfterSeconds: 600 },
  async observe({ url, staleAfterSeconds }, { fetch, nowSeconds, signal }) {
    const source = 'jsonVolatility';
    try {
      const response = await fetch(url, { redirect: 'error', signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { volatility, atSeconds } = answer.parse(await response.json());
      return { source, volatility, observedAtSeconds: atSeconds, staleAfterSeconds, fault: null };
    } catch (error) {
      const fault = `the endpoint states no volatility: ${messageOf(error)}`;
      return { source, volatility: 0, observedAtSeconds: nowSeconds, fault };
    }
  },
});
