import { z } from 'zod';
import { typicalPools } from '../../sim/backtest/poolPlan.ts';
import { typicalMarket } from '../../sim/market/buildMarket.ts';
import { type Families, type KindSchemas, type Plugged, plugged } from '../config/kinds.ts';
import { limitsSchema } from '../config/parts.ts';
import { asZod } from '../config/schema.ts';
import type { Registry } from '../registry.ts';
import { feeKinds, inclusionKinds, liquidityKinds, oracleSchema, volatilitySchema } from './marketSchema.ts';
import { priceKinds } from './priceSchema.ts';

const positive = z.number().positive();

/** A day, or a moment, in UTC. */
const moment = z
  .union([z.iso.date(), z.iso.datetime()])
  .transform((text) => Date.parse(text) / 1_000)
  .meta({ description: 'a day or a moment in UTC', examples: ['2024-01-01'] });

const pool = z.union([
  z.strictObject({
    name: z.string().min(1),
    feePips: z.number().int().min(0).max(1_000_000).describe('fee in hundredths of a basis point'),
    tickSpacing: z.number().int().min(1).max(16_383),
    layers: z
      .array(
        z.strictObject({
          halfWidthTicks: z
            .number()
            .int()
            .positive()
            .nullable()
            .describe('how far it reaches to either side; null: everywhere'),
          depthBase: positive.describe('a sale of q within it moves the average price by q / depthBase'),
        }),
      )
      .min(1)
      .describe('liquidity in layers over each other that stay around the price'),
  }),
  z.strictObject({
    recorded: z.string().min(1).describe('a file that ballast record-pools wrote, centred at the price'),
    name: z.string().min(1).optional(),
  }),
]);

const option = z.strictObject({
  type: z.enum(['call', 'put']),
  strikeOverSpot: positive.describe('strike over spot when it is opened: 1.1 = ten per cent above'),
  days: positive.describe('days from opening to expiry'),
  everyDays: positive.describe('days from one opening to the next'),
  sizeBase: z.number().describe('base units; below zero = written'),
  settlement: z.enum(['quote', 'base']).default('quote').describe('what expiry pays in'),
});

const vaultSchema = z.strictObject({
  name: z.string().min(1).default('vault'),
  base: z.number().default(0).describe('free base at the start'),
  quote: z.number().default(0).describe('free quote at the start'),
  options: z.array(option).default([]).describe('options that are written or bought again and again'),
  liquidity: z
    .array(
      z
        .strictObject({ lowerOverSpot: positive, upperOverSpot: positive, valueQuote: positive })
        .refine(({ lowerOverSpot, upperOverSpot }) => upperOverSpot > lowerOverSpot, {
          message: 'upperOverSpot above lowerOverSpot',
        }),
    )
    .default([])
    .describe('ranges in the first pool, laid around spot at the start'),
  targetDelta: z.number().default(0).describe('net delta is measured from here, in base'),
  rate: z.number().min(-1).max(1).default(0).describe('continuously compounded, per year'),
});

const guardSchema = z.strictObject({
  maxSlippageBps: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .describe('worst price against the oracle, held on chain'),
});

const policyFields = {
  name: z.string().min(1).optional().describe('what tables call it; its kind where left out'),
  scales: z
    .array(positive)
    .min(1)
    .max(32)
    .default([1])
    .describe('its width, interval or risk aversion is tried times each of these: the frontier'),
};

const toxicitySchema = z.strictObject({
  files: z.array(z.string().min(1)).min(1).describe('CSV of a pool by the minute: netAmount0, netAmount1'),
  bucketBase: positive.describe('volume of a bucket, base'),
  bucketCount: z.number().int().min(1).max(10_000).default(50),
  baseIsToken0: z.boolean().default(false),
  baseDecimals: z.number().int().min(0).max(36).default(18),
});

/** A policy to compare, with the factors that its main parameter is tried at. */
export type PolicyConfig = Plugged & {
  readonly name?: string | undefined;
  readonly scales: readonly number[];
};

/** A study as its file says it. */
export interface StudyConfig {
  readonly name: string;
  readonly seed: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly base: string;
  readonly prices: Plugged;
  readonly pools: readonly z.infer<typeof pool>[];
  readonly gas: Plugged;
  readonly tipGwei: number;
  readonly volatility: z.infer<typeof volatilitySchema>;
  readonly oracle: z.infer<typeof oracleSchema>;
  readonly inclusion: Plugged;
  readonly liquidity: Plugged;
  readonly toxicity?: z.infer<typeof toxicitySchema> | undefined;
  readonly vault: z.infer<typeof vaultSchema>;
  readonly policies: readonly PolicyConfig[];
  readonly limits: z.infer<typeof limitsSchema>;
  readonly guard: z.infer<typeof guardSchema>;
}

/** The schema of a study file, for a set of plug-ins. */
export function studySchema(registry: Pick<Registry, 'policies'>): {
  readonly schema: z.ZodType<StudyConfig>;
  readonly families: Families;
} {
  const families: Families = new WeakMap();
  const policies: KindSchemas = Object.fromEntries(
    Object.entries(registry.policies).map(([kind, policy]) => [kind, asZod(policy.parameters)]),
  );
  const model: Plugged = { kind: 'model', config: {} };
  const schema = z.strictObject({
    name: z.string().min(1).default('backtest'),
    seed: z.number().int().min(0).default(1).describe('the same seed, the same answer'),
    from: moment.nullable().default(null),
    to: moment.nullable().default(null),
    base: z.string().min(1).default('WETH').describe('symbol of the base in recorded pools'),
    prices: plugged(priceKinds, families, 'where prices come from'),
    pools: z
      .array(pool)
      .min(1)
      .default(typicalPools.map((plan) => ({ ...plan, layers: plan.layers.map((layer) => ({ ...layer })) })))
      .describe('the pools to hedge on'),
    gas: plugged(feeKinds, families, 'base fees').default({ ...model, config: feeKinds.model.parse({}) }),
    tipGwei: z.number().min(0).default(typicalMarket.tipGwei),
    volatility: volatilitySchema.default(volatilitySchema.parse({})),
    oracle: oracleSchema.default(oracleSchema.parse({})),
    inclusion: plugged(inclusionKinds, families, 'how orders get into blocks').default({
      ...model,
      config: inclusionKinds.model.parse({}),
    }),
    liquidity: plugged(liquidityKinds, families, 'how pools thin and refill').default({
      ...model,
      config: liquidityKinds.model.parse({}),
    }),
    toxicity: toxicitySchema.optional().describe('order flow that policies may look at'),
    vault: vaultSchema.describe('the vault that is hedged'),
    policies: z
      .array(plugged(policies, families, 'a policy to compare', policyFields))
      .min(1)
      .describe('the policies to compare, the baseline first'),
    limits: limitsSchema.default(limitsSchema.parse({})),
    guard: guardSchema.default(guardSchema.parse({})),
  });
  return { schema, families };
}
