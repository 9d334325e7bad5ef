import { z } from 'zod';
import { defaultBreakerLimits } from '../../core/risk/breakers/readBreakers.ts';
import { defaultStressLimits } from '../../core/risk/stress/stressLimits.ts';

const breakers = defaultBreakerLimits;
const stress = defaultStressLimits;

const orOff = (schema: z.ZodNumber, fallback: number | null, words: string) =>
  schema.nullable().default(fallback).describe(`${words}; null: not watched`);
const bps = z.number().int().min(1).max(10_000);
const ratio = z.number().positive();

/** Circuit breakers over the market; each with a default, each can be switched off. */
export const breakersSchema = z
  .strictObject({
    oracleAgainstPoolsBps: orOff(
      bps,
      breakers.oracleAgainstPoolsBps,
      'a pool further than this from the oracle halts',
    ),
    secondFeedBps: orOff(bps, breakers.secondFeedBps, 'another feed further than this from the oracle halts'),
    feedsNeeded: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(breakers.feedsNeeded)
      .describe('with fewer fresh price feeds nothing is borrowed'),
    quotePegBps: orOff(
      bps,
      breakers.quotePegBps,
      'with the quote token further from its peg nothing is borrowed (needs quotePeg)',
    ),
    priceJumpBps: orOff(
      bps,
      breakers.priceJumpBps,
      'a larger move from one look to the next waits for the next',
    ),
    volatilityGap: orOff(
      ratio,
      breakers.volatilityGap,
      'realised over forecast volatility, above which nothing is borrowed',
    ),
    depthFall: orOff(
      ratio,
      breakers.depthFall,
      'depth of the pools over their usual, below which nothing is borrowed',
    ),
    ownImpact: orOff(
      ratio,
      breakers.ownImpact,
      'own recent hedges over what the pools take, above which the next one waits',
    ),
    warmUpSeconds: z
      .number()
      .min(0)
      .default(breakers.warmUpSeconds)
      .describe('time that averages must stand on before a breaker leans on them'),
  })
  .describe('what stops, delays or narrows hedging when the market looks wrong');

const threshold = (fallback: { readonly enter: number; readonly exit: number }, words: string) =>
  z
    .strictObject({
      enter: ratio.describe('share of the limit at which the level begins'),
      exit: z.number().min(0).describe('share below which it ends'),
    })
    .refine(({ enter, exit }) => exit <= enter, { error: 'exit at or below enter' })
    .default({ ...fallback })
    .describe(words);

/** What a vault is tried against before each decision. */
export const stressSchema = z
  .strictObject({
    within: z
      .number()
      .positive()
      .max(0.9)
      .default(stress.within)
      .describe('moves of the price up to this share count for the level'),
    maxCostQuote: z
      .number()
      .positive()
      .default(stress.maxCostQuote)
      .describe('the most that getting back to neutral may cost in the worst of them, in quote'),
    reach: z
      .number()
      .positive()
      .max(0.9)
      .default(stress.reach)
      .describe('how far the price must be able to go with the vault kept neutral, as a share of it'),
    minHealthFactor: z
      .number()
      .min(1)
      .default(stress.minHealthFactor)
      .describe("health factor to be kept in the worst of them; the mandate's own where that is higher"),
    thresholds: z
      .strictObject({
        cautious: threshold(stress.thresholds.cautious, 'the band is halved'),
        reduce: threshold(stress.thresholds.reduce, 'margin is eased before anything is hedged'),
        halt: threshold(stress.thresholds.halt, 'nothing is done where nothing eases it'),
      })
      .refine(({ cautious, reduce, halt }) => cautious.enter <= reduce.enter && reduce.enter <= halt.enter, {
        error: 'levels entered in the order cautious, reduce, halt',
      })
      .default({
        cautious: { ...stress.thresholds.cautious },
        reduce: { ...stress.thresholds.reduce },
        halt: { ...stress.thresholds.halt },
      })
      .describe('shares of a limit at which a level is entered and left'),
    priceChanges: z
      .array(z.number().gt(-1).max(10))
      .min(1)
      .max(50)
      .default([...stress.priceChanges])
      .describe('moves of the price, -0.2 = a fifth down'),
    volatilityChanges: z
      .array(z.number().min(-5).max(5))
      .min(1)
      .max(10)
      .default([...stress.volatilityChanges])
      .describe('added to the volatility, 0.5 = 50 points'),
    conditions: z
      .strictObject({
        gasFactor: z.number().min(1).default(stress.conditions.gasFactor).describe('gas dearer by so much'),
        depthDivisor: z
          .number()
          .min(1)
          .default(stress.conditions.depthDivisor)
          .describe('pools thinner by so much'),
        quotePegPrice: z
          .number()
          .positive()
          .max(1)
          .default(stress.conditions.quotePegPrice)
          .describe('what the quote token falls to'),
      })
      .default({ ...stress.conditions })
      .describe('how dear gas, how thin pools and how cheap quote get'),
  })
  .describe('what the vault is tried against before each decision, and what it has to stand');

/** Where dated events come from. */
export const calendarSchema = z
  .strictObject({
    from: z
      .string()
      .min(1)
      .meta({
        description: 'the path of a YAML or JSON file, from where Ballast runs, or an http(s) URL',
        examples: ['events.yaml'],
      }),
    refreshSeconds: z.number().min(10).default(600).describe('how often it is read again'),
  })
  .describe('dated events around which limits are tighter and bands narrower');

/** An L2's uptime feed. */
export const sequencerSchema = z
  .strictObject({
    feed: z
      .string()
      .regex(/^0x[0-9a-fA-F]{40}$/, { error: '0x and 40 hexadecimal digits' })
      .transform((text) => text as `0x${string}`)
      .describe('the Chainlink uptime feed of the chain'),
    graceSeconds: z
      .number()
      .min(0)
      .default(3_600)
      .describe('how long after it comes up again prices are not trusted'),
  })
  .describe("the L2's sequencer, watched by limits.breakers");
