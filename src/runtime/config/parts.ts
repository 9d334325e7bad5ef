import { z } from 'zod';
import { defaultPatience } from '../../core/gas/patience.ts';
import { defaultLimits } from '../../core/risk/limits.ts';
import type { Address } from '../../core/units.ts';
import { defaultRelayPolicy } from '../../engine/relayGuard.ts';
import { defaultSubmission, type SubmissionSettings } from '../../engine/world.ts';

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
    gasUnits: z
      .strictObject({ firstLeg: z.number().int().positive(), furtherLeg: z.number().int().positive() })
      .default({ ...fallback.gasUnits })
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
      address,
      symbol: z.string().min(1).optional(),
      decimals: z.number().int().min(0).max(36).optional(),
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
        timeZone: z.string().default('UTC'),
      })
      .transform(({ cron, timeZone }): Schedule => ({ kind: 'cron', expression: cron, timeZone })),
  ])
  .default({ kind: 'block' })
  .meta({ description: 'block, { seconds: 60 } or { cron: "*/5 * * * *" }', examples: ['block'] });

const amount = z.number().min(0);

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
      .meta({ description: 'what can be traded at once, in quote', examples: [1_000_000] }),
    turnoverRefillPerDayQuote: amount.meta({
      description: 'what flows back in a day, in quote',
      examples: [500_000],
    }),
    minBase: amount.meta({ description: 'a sale may not leave less base than this', examples: [0] }),
    maxBase: amount.meta({ description: 'a purchase may not leave more base than this', examples: [500] }),
  })
  .describe('what the HedgeModule is to hold the keeper to');

const gwei = (found: number) => BigInt(Math.round(found * 1e9));
const usual = defaultSubmission;

const multiplier = z.number().min(1).max(20);

/** One step of the ladder that an order climbs while no block takes it. */
const rung = z
  .strictObject({
    relays: z
      .array(z.string().min(1))
      .min(1)
      .nullable()
      .default(null)
      .describe('names of the relays that are given the bytes; all of them unless given'),
    blocks: z.number().int().min(1).max(25).describe('blocks until the next rung'),
    tipMultiplier: multiplier.default(1).describe('of the going tip'),
    publicMempool: z
      .boolean()
      .optional()
      .describe(
        'whether relays into the public mempool may be used; as submission.publicMempool unless given',
      ),
  })
  .describe('which relays, for how many blocks, at which tip');

const patienceSchema = z
  .strictObject({
    quantile: z
      .number()
      .min(0)
      .max(1)
      .default(defaultPatience.quantile)
      .describe('a base fee above this quantile of recent blocks is dear'),
    blocks: z
      .number()
      .int()
      .min(1)
      .max(1_024)
      .default(defaultPatience.blocks)
      .describe('blocks looked back on'),
    urgentAt: z
      .number()
      .positive()
      .default(defaultPatience.urgentAt)
      .describe('half-widths of the band beyond its level, with what gamma adds, at which nothing waits'),
  })
  .describe('when a quiet drift waits for a cheaper block');

/** How orders are submitted, with fees in gwei. */
export const submissionSchema = z
  .strictObject({
    windowBlocks: z
      .number()
      .int()
      .min(1)
      .max(25)
      .default(usual.windowBlocks)
      .describe('blocks in which an order may be included'),
    blockSeconds: z
      .number()
      .positive()
      .default(usual.blockSeconds)
      .describe('expected seconds from block to block'),
    finalityBlocks: z
      .number()
      .int()
      .min(1)
      .default(usual.finalityBlocks)
      .describe('blocks on top of a block after which it is taken to stay'),
    finality: z
      .union([z.literal('finalized'), z.strictObject({ blocks: z.number().int().min(1) })])
      .optional()
      .meta({
        description: 'finalized: what the chain calls final; or so many blocks, as finalityBlocks',
        examples: ['finalized'],
      }),
    ladder: z
      .array(rung)
      .min(1)
      .max(8)
      .optional()
      .describe('what is tried one after the other with one nonce and one sequence; replaces windowBlocks'),
    publicMempool: z
      .boolean()
      .default(false)
      .describe('whether rungs of the ladder may use relays into the public mempool'),
    stuckAfterBlocks: z
      .number()
      .int()
      .min(1)
      .max(25)
      .default(2)
      .describe('blocks that passed an order over before an urgent one may take its nonce'),
    foreignTransactions: z
      .enum(['heal', 'halt'])
      .default('heal')
      .describe(
        'heal: a transaction of the key that the journal does not know is reported and worked around; halt: nothing is placed until it is acknowledged',
      ),
    patience: patienceSchema.nullable().default(defaultPatience),
    gasLimitMarginBps: z
      .number()
      .int()
      .min(0)
      .max(10_000)
      .default(usual.gasLimitMarginBps)
      .describe('added to the gas that the simulation used'),
    maxFeeGwei: z
      .number()
      .positive()
      .default(Number(usual.maxFeePerGasWei) / 1e9)
      .describe('an order that would have to offer more waits'),
    minTipGwei: z
      .number()
      .positive()
      .default(Number(usual.minTipWei) / 1e9)
      .describe('least tip, whatever recent blocks paid'),
  })
  .transform(
    ({ maxFeeGwei, minTipGwei, ladder, publicMempool, finality, patience, ...rest }): SubmissionSettings => ({
      ...rest,
      ...(typeof finality === 'object' ? { finalityBlocks: finality.blocks } : {}),
      finality: finality === 'finalized' ? 'finalized' : 'blocks',
      ...(patience === null ? {} : { patience }),
      ...(ladder === undefined
        ? {}
        : {
            ladder: ladder.map(({ tipMultiplier, ...step }) => ({
              ...step,
              tipMultiplierBps: Math.round(tipMultiplier * 10_000),
              publicMempool: step.publicMempool ?? publicMempool,
            })),
          }),
      maxFeePerGasWei: gwei(maxFeeGwei),
      minTipWei: gwei(minTipGwei),
    }),
  )
  .describe('how orders are priced, bounded in time and followed');

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
