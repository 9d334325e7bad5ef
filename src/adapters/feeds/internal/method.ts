import { z } from 'zod';

/** How a feed makes one number of equally spaced returns; the config of `VolatilityMethod`. */
export const methodSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('realized').describe('all returns weigh the same') }),
    z.strictObject({
      kind: z.literal('ewma').describe('the newest returns weigh most'),
      halfLifeSeconds: z.number().positive().describe('age at which a return weighs half'),
    }),
    z.strictObject({
      kind: z.literal('garch').describe('a fitted forecast'),
      model: z.enum(['garch', 'gjr', 'egarch']).describe('gjr and egarch: falls weigh more than rises'),
      horizonSeconds: z.number().positive().describe('the forecast is the average over this time'),
    }),
  ])
  .describe(
    'realized (all returns weigh the same), ewma (the newest weigh most) or garch (a fitted forecast)',
  );
