import { z } from 'zod';
import { typicalMarket } from '../../sim/market/buildMarket.ts';

const positive = z.number().positive();
const atLeastZero = z.number().min(0);
const { baseFee, inclusion, liquidity, oracle, volatility } = typicalMarket;
const moveLoading = atLeastZero
  .default(baseFee.moveLoading)
  .describe('what a move of one standard deviation of an hour adds to the logarithm');
const files = z.array(z.string().min(1)).min(1);

/** Where base fees may come from. */
export const feeKinds = {
  model: z.strictObject({
    medianGwei: positive.default(baseFee.medianGwei),
    logStdDev: atLeastZero.default(baseFee.logStdDev).describe('of the logarithm in the long run'),
    halfLifeSeconds: positive.default(baseFee.halfLifeSeconds),
    moveLoading,
  }),
  fitted: z.strictObject({
    file: z.string().min(1).describe('CSV with a column time and one of baseFeePerGas (wei) or gwei'),
    from: z.iso.date().optional().describe('rows before this day are left out'),
    moveLoading,
  }),
  recorded: z.strictObject({
    file: z.string().min(1).describe('CSV with a column time and one of baseFeePerGas (wei) or gwei'),
    staleAfterSeconds: positive
      .default(7_200)
      .describe('where the last value is older than this, the model fitted to the file fills in'),
    moveLoading,
  }),
};

/** How pools thin and refill. */
export const liquidityKinds = {
  model: z.strictObject({
    thinningPerStdDev: atLeastZero.default(liquidity.thinningPerStdDev),
    refillHalfLifeSeconds: positive.default(liquidity.refillHalfLifeSeconds),
    floor: z.number().min(0).max(1).default(liquidity.floor),
  }),
  fitted: z.strictObject({
    files: files.describe('CSV of a pool by the minute: timestamp, closeTick, currentLiquidity'),
  }),
};

/** How orders get into blocks. */
export const inclusionKinds = {
  model: z.strictObject({
    perBlock: z
      .number()
      .min(0)
      .max(1)
      .default(inclusion.perBlock)
      .describe('probability that a block takes an order'),
    windowBlocks: z.number().int().min(1).max(254).default(inclusion.windowBlocks),
    crowdedAtFeeRatio: positive
      .default(inclusion.crowdedAtFeeRatio)
      .describe('base fee over its median from which on the probability is halved'),
  }),
  fitted: z.strictObject({
    journal: z.string().min(1).describe('a journal of a keeper, whose orders say how they got in'),
  }),
};

/** The price feed. */
export const oracleSchema = z.strictObject({
  deviation: positive.default(oracle.deviation),
  heartbeatSeconds: positive.default(oracle.heartbeatSeconds),
  delaySeconds: atLeastZero.default(oracle.delaySeconds),
});

/** What is forecast, and what options are marked with. */
export const volatilitySchema = z.strictObject({
  halfLifeSeconds: positive.default(volatility.halfLifeSeconds),
  longVolatility: positive.default(volatility.longVolatility),
  markToLong: z.number().min(0).max(1).default(volatility.markToLong),
  riskPremium: positive.default(volatility.riskPremium),
  implied: z
    .strictObject({
      file: z
        .string()
        .min(1)
        .describe('CSV with a column time and one of volatility, iv, iv_dvol or atm_iv_30d'),
      staleAfterSeconds: positive
        .default(172_800)
        .describe('where the last value is older than this, the model fills in'),
    })
    .optional()
    .describe('recorded implied volatility'),
});

/** Parameters of each kind, filled in. */
export type FeeConfig = { readonly [kind in keyof typeof feeKinds]: z.output<(typeof feeKinds)[kind]> };
/** Parameters of each kind, filled in. */
export type LiquidityConfig = {
  readonly [kind in keyof typeof liquidityKinds]: z.output<(typeof liquidityKinds)[kind]>;
};
/** Parameters of each kind, filled in. */
export type InclusionConfig = {
  readonly [kind in keyof typeof inclusionKinds]: z.output<(typeof inclusionKinds)[kind]>;
};
