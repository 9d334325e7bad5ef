import { z } from 'zod';
import { known } from '../../core/read.ts';
import { defineVolatilityFeed } from '../../ports/feed.ts';

const config = z.strictObject({
  volatility: z.number().positive().max(10).describe('annualised, 1.00 = 100 %'),
});

/** A volatility that somebody decided on and wrote into the config. */
export const fixedVolatility = defineVolatilityFeed<z.infer<typeof config>>({
  summary: 'one volatility for every option, from the config',
  verified: 'contracts',
  config,
  sample: { volatility: 0.65 },
  read: ({ volatility }, { block }) =>
    known({
      value: { source: 'fixedVolatility', volatility, observedAtSeconds: block.timestampSeconds },
      memory: undefined,
    }),
});
