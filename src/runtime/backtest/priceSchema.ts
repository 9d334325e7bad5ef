import { z } from 'zod';

const grid = {
  startPrice: z.number().positive().default(3_000),
  days: z.number().positive().max(3_660).default(90),
  stepSeconds: z.number().int().min(12).max(86_400).default(3_600),
  paths: z.number().int().min(1).max(10_000).default(1),
  start: z.iso
    .date()
    .default('2025-01-01')
    .transform((text) => Date.parse(text) / 1_000)
    .describe('the first day, in UTC'),
};
const drift = z.number().default(0).describe('growth of the mean, per year');
const volatility = z.number().min(0).default(0.7).describe('per year, 1.00 = 100 %');

/** Where prices may come from, each kind with its parameters. */
export const priceKinds = {
  recorded: z.strictObject({
    files: z
      .array(z.string().min(1))
      .min(1)
      .describe('CSV files with a column time and a column price or close; .gz too'),
    stepSeconds: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('only rows at multiples of this are taken; every row where left out'),
    shortGapRows: z
      .number()
      .int()
      .min(0)
      .default(3)
      .describe('missing rows up to which a gap is one longer step; more are a hole'),
  }),
  gbm: z.strictObject({ ...grid, drift, volatility }),
  merton: z.strictObject({
    ...grid,
    drift,
    volatility,
    jumps: z.strictObject({
      intensity: z.number().min(0).describe('jumps a year'),
      meanLogJump: z.number(),
      stdDevLogJump: z.number().min(0),
    }),
  }),
  heston: z.strictObject({
    ...grid,
    drift,
    startVariance: z.number().min(0).default(0.49),
    longVariance: z.number().min(0).default(0.49),
    reversion: z.number().min(0).default(5),
    volatilityOfVariance: z.number().min(0).default(1),
    correlation: z.number().min(-1).max(1).default(-0.3),
  }),
  garchBootstrap: z.strictObject({
    ...grid,
    files: z
      .array(z.string().min(1))
      .min(1)
      .describe('recorded prices that the model is fitted on and shocks are drawn from'),
    model: z.enum(['garch', 'gjr', 'egarch']).default('garch'),
  }),
};

/** Parameters of each kind, filled in. */
export type PriceConfig = {
  readonly [kind in keyof typeof priceKinds]: z.output<(typeof priceKinds)[kind]>;
};
