import { z } from 'zod';

/** How a feed makes one number of equally spaced returns; the config of `VolatilityMethod`. */
export const methodSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('realized') }),
    z.strictObject({
      kind: z.literal('ewma'),
      halfLifeSeconds: z.number().positive().describe('age at which a return weighs half'),
    }),
    z.strictObject({
      kind: z.literal('garch'),
      model: z.enum(['garch', 'gjr', 'egarch']),
      horizonSeconds: z.number().positive().describe('the forecast is the average over this time'),
    }),
  ])
  .describe(
    'realized (all returns weigh the same), ewma (the newest weigh most) or garch (a fitted forecast)',
  );
