import { z } from 'zod';
import { defaultLimits } from '../../core/risk/limits.ts';
import type { Address } from '../../core/units.ts';
import { defaultRelayPolicy } from '../../engine/relay/relayGuard.ts';
import { breakersSchema, stressSchema } from './precautions.ts';

/** When the keeper looks: at every block, every so many seconds, or as cron says. */
export type Schedule =
  | { readonly kind: 'block' }
  | { readonly kind: 'interval'; readonly seconds: number }
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string };

/** A token by well-known symbol, by address, or spelt out. */
export type TokenConfig =
  | { readonly symbol: string }
  | {
      readonly address: Address;
      readonly symbol?: string | undefined;
      readonly decimals?: number | undefined;
    };

/** An HTTP endpoint. */
export const url = z.url({ protocol: /^https?$/ });

/** An address, kept as written. */
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: '0x and 40 hexadecimal digits' })
  .transform((text) => text as Address);

const bps = z.number().int().min(1).max(10_000);
const fallback = defaultLimits;

const mostOf = (words: string) => z.number().positive().nullable().default(null).describe(words);

/** Limits of the keeper itself, each with a default. */
export const limitsSchema = z
  .strictObject({
    maxSlippageBps: bps
      .default(fallback.maxSlippageBps)
      .describe('worst price against the oracle, either side'),
    quoteToleranceBps: bps
      .default(fallback.quoteToleranceBps)
      .describe("worst price against the pools' own arithmetic"),
    maxDivergenceBps: bps
      .default(fallback.maxDivergenceBps)
      .describe('oracle and pools further apart than this halt the vault'),
    minTradeQuote: z
      .number()
      .min(0)
      .default(fallback.minTradeQuote)
      .describe('smaller trades are left alone, in quote'),
    maxTradeQuote: z
      .number()
      .positive()
      .default(fallback.maxTradeQuote)
      .describe('a larger trade is cut to this, in quote'),
    minFillBps: bps
      .default(fallback.minFillBps)
      .describe('an order that would fill less than this share reverts'),
    minSpacingSeconds: z
      .number()
      .min(0)
      .default(fallback.minSpacingSeconds)
      .describe('least time between two hedges'),
    maxGasQuote: z
      .number()
      .positive()
      .default(fallback.maxGasQuote)
      .describe('a hedge whose gas costs more waits, in quote'),
    maxGasPerDayQuote: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe('a hedge that would bring a day’s gas above this waits, in quote; null: no such limit'),
    maxConsecutiveFailures: z
      .number()
      .int()
      .min(1)
      .default(fallback.maxConsecutiveFailures)
      .describe('orders in a row that failed on chain, after which the vault halts'),
    halts: z
      .strictObject({
        lossPerDayQuote: mostOf(
          'what a day’s hedges may lose against the fair price, gas included, in quote',
        ),
        turnoverPerDayQuote: mostOf('what a day’s hedges may trade, in quote'),
        gasPerDayQuote: mostOf('what a day’s gas may cost, in quote'),
        slippageBps: mostOf('how much worse than the fair price it was decided at a hedge may fill, bps'),
        staleSeconds: mostOf('how long beyond its heartbeat a price or volatility may stay stale'),
      })
      .nullable()
      .default(null)
      .describe('what stops the vault until ballast resume; null: only failures in a row'),
    breakers: breakersSchema.nullable().default(null),
    stress: stressSchema.nullable().default(null),
    mayBorrow: z
      .boolean()
      .default(true)
      .describe('whether base may be borrowed for a hedge, as far as the mandate allows'),
    slice: z
      .strictObject({
        intervalSeconds: z.number().positive().describe('time in which arbitrage brings pools back'),
        mostSlices: z
          .number()
          .int()
          .min(1)
          .max(100)
          .default(10)
          .describe('into how many an order is cut at most'),
        riskAversion: z.number().min(0).describe('lambda, 1/quote: what waiting with the rest costs'),
      })
      .nullable()
      .optional()
      .describe('cuts an order that is large for its pools to its first slice; left out: never'),
    gasUnits: z
      .strictObject({
        firstLeg: z.number().int().positive().describe('of an order with one leg'),
        furtherLeg: z.number().int().positive().describe('for each leg more'),
        lendingStep: z
          .number()
          .int()
          .positive()
          .default(250_000)
          .describe('for each step on the lending market'),
      })
      .default({ ...fallback.gasUnits, lendingStep: 250_000 })
      .describe('gas that a hedge is counted with before it is simulated'),
  })
  .describe('what this keeper allows itself, beside what the mandate holds on chain');

/** A token by symbol, by address, or spelt out. */
export const token = z
  .union([
    address.transform((found): TokenConfig => ({ address: found })),
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9.]{1,11}$/, { error: 'a well-known symbol such as WETH' })
      .transform((symbol): TokenConfig => ({ symbol })),
    z.strictObject({
      address: address.describe('the token'),
      symbol: z.string().min(1).optional().describe('how it is called; as the token says unless given'),
      decimals: z.number().int().min(0).max(36).optional().describe('as the token says unless given'),
    }),
  ])
  .meta({ description: 'a well-known symbol, or an address', examples: ['WETH'] });

/** When the keeper looks, as the config writes it. */
export const schedule = z
  .union([
    z.literal('block').transform((): Schedule => ({ kind: 'block' })),
    z
      .strictObject({ seconds: z.number().min(1).describe('seconds between two looks') })
      .transform(({ seconds }): Schedule => ({ kind: 'interval', seconds })),
    z
      .strictObject({
        cron: z
          .string()
          .min(9)
          .meta({ description: 'five or six cron fields', examples: ['*/5 * * * *'] }),
        timeZone: z.string().default('UTC').describe('what the fields are in, of the tz database'),
      })
      .transform(({ cron, timeZone }): Schedule => ({ kind: 'cron', expression: cron, timeZone })),
  ])
  .default({ kind: 'block' })
  .meta({ description: 'block, { seconds: 60 } or { cron: "*/5 * * * *" }', examples: ['block'] });

/** The module keeps amounts in 128 bits: more whole tokens than this, at 18 decimals, would not fit. */
const LARGEST_AMOUNT = 1e20;

const amount = z.number().min(0).max(LARGEST_AMOUNT);

/** What a mandate allows, in whole tokens. */
export const mandateSchema = z
  .strictObject({
    keepers: z
      .array(address)
      .max(16)
      .default([])
      .describe("who may hedge; the signer's address where none is named"),
    guardian: address.nullable().default(null).describe('who may pause, beside the account itself'),
    maxSlippageBps: z
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(fallback.maxSlippageBps)
      .describe('worst price against the oracle, held on chain'),
    turnoverCapacityQuote: z
      .number()
      .positive()
      .max(LARGEST_AMOUNT)
      .meta({ description: 'what can be traded at once, in quote', examples: [1_000_000] }),
    turnoverRefillPerDayQuote: amount.meta({
      description: 'what flows back in a day, in quote',
      examples: [500_000],
    }),
    minBase: z
      .number()
      .min(-LARGEST_AMOUNT)
      .max(LARGEST_AMOUNT)
      .meta({
        description: 'a sale may not leave less base than this; below zero only where lending is used',
        examples: [0],
      }),
    maxBase: amount.meta({ description: 'a purchase may not leave more base than this', examples: [500] }),
    allowance: z
      .strictObject({ base: amount.describe('of base'), quote: amount.describe('of quote') })
      .nullable()
      .default(null)
      .describe(
        'pays pools out of an allowance of these amounts instead of by calls of the account: cheaper, but disabling the module no longer stops it by itself',
      ),
    lending: z
      .strictObject({
        pool: address.describe("the Aave v3 market's Pool"),
        minHealthFactor: z.number().min(1.01).max(18).describe('no order may leave less'),
        maxBaseDebt: amount.describe('no borrowing may leave more base owed'),
        maxQuoteDebt: amount.describe('no borrowing may leave more quote owed'),
      })
      .nullable()
      .default(null)
      .describe('lends and borrows base and quote on an Aave v3 market'),
    positionManager: address
      .nullable()
      .default(null)
      .describe(
        "Uniswap v3's NonfungiblePositionManager, where the keeper may withdraw the liquidity of the account's own positions in pools of base and quote, to the account; not at all unless given",
      ),
  })
  .describe('what the HedgeModule is to hold the keeper to');

/** How one relay is dealt with, whatever its kind. */
export const relayGuardShape = {
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(60)
    .default(defaultRelayPolicy.timeoutSeconds)
    .describe('longest that handing an order over may take, retries included'),
  retries: z
    .number()
    .int()
    .min(0)
    .max(10)
    .default(defaultRelayPolicy.retry.retries)
    .describe('tries after the first where the relay does not answer; the same bytes execute at most once'),
  perMinute: z
    .number()
    .positive()
    .max(10_000)
    .default(defaultRelayPolicy.rateLimit.perMinute)
    .describe('most orders handed over in a minute'),
};

/** What `relayGuardShape` reads. */
export interface RelayGuardConfig {
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly perMinute: number;
}
