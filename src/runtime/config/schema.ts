import { z } from 'zod';
import { defaultLimits } from '../../core/risk/limits.ts';
import type { Address } from '../../core/units.ts';
import { defaultSubmission, type SubmissionSettings } from '../../engine/world.ts';
import type { Registry } from '../registry.ts';
import { type Families, type KindSchemas, type Plugged, plugged } from './kinds.ts';

/** A config schema with what the JSON Schema of it needs to spell out plug-ins. */
export interface ConfigSchema {
  readonly schema: z.ZodType<Config>;
  readonly families: Families;
}

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

/** One vault as the config describes it. */
export interface VaultConfig {
  readonly name: string;
  readonly account: Plugged & { readonly address: Address };
  readonly base: TokenConfig;
  readonly quote: TokenConfig;
  readonly positions: readonly Plugged[];
  readonly venues: readonly Plugged[];
  readonly prices: readonly Plugged[];
  readonly volatility: Plugged;
  readonly policy: Plugged;
  readonly limits: z.infer<typeof limitsSchema>;
  readonly rate: number;
  readonly targetDelta: number;
  readonly numeraire: 'quote' | 'base';
  readonly nativePrice: 'base' | number;
  readonly keeper: Address | null;
}

/** A config that passed every check. */
export interface Config {
  readonly chain: { readonly id: number; readonly rpc: string };
  readonly journal: Plugged;
  readonly signer: Plugged | null;
  readonly identity: Plugged | null;
  readonly relays: Readonly<Record<string, Plugged>>;
  readonly schedule: Schedule;
  readonly submission: SubmissionSettings;
  readonly vaults: readonly VaultConfig[];
}

/** Everything in a config that may touch a key or the outside world; a fork never looks at it. */
export const OUTSIDE_PARTS: readonly string[] = ['signer', 'identity', 'relays', 'alerts'];

const url = z.url({ protocol: /^https?$/ });

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { error: '0x and 40 hexadecimal digits' })
  .transform((text) => text as Address);

const bps = z.number().int().min(1).max(10_000);
const fallback = defaultLimits;

const limitsSchema = z
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

const token = z
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

const schedule = z
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

const gwei = (found: number) => BigInt(Math.round(found * 1e9));
const usual = defaultSubmission;

const submissionSchema = z
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
    ({ maxFeeGwei, minTipGwei, ...rest }): SubmissionSettings => ({
      ...rest,
      maxFeePerGasWei: gwei(maxFeeGwei),
      minTipWei: gwei(minTipGwei),
    }),
  )
  .describe('how orders are priced, bounded in time and followed');

/** The schema of a config file, for a set of plug-ins. */
export function configSchema(registry: Registry): ConfigSchema {
  const families: Families = new WeakMap();
  const kinds = <T>(family: Readonly<Record<string, T>>, own: (plugin: T) => unknown): KindSchemas =>
    Object.fromEntries(Object.entries(family).map(([kind, plugin]) => [kind, asZod(own(plugin))]));
  const part = (schemas: KindSchemas, words: string) => plugged(schemas, families, words);
  const feeds = (gives: 'price' | 'volatility') =>
    kinds(
      Object.fromEntries(Object.entries(registry.feeds).filter(([, feed]) => feed.gives === gives)),
      (feed) => feed.config,
    );
  const signers = kinds(registry.signers, (signer) => signer.config);

  const vault = z.strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: 'lower-case letters, digits and dashes, at most 31' })
      .meta({ description: 'how the vault is called everywhere', examples: ['eth-calls'] }),
    account: plugged(
      kinds(registry.accounts, (account) => account.config),
      families,
      'how the vault acts on chain',
      {
        address: address.describe('the account that holds the positions'),
      },
    ),
    base: token,
    quote: token,
    positions: z
      .array(
        part(
          kinds(registry.protocols, (protocol) => protocol.config),
          'one kind of position',
        ),
      )
      .min(1)
      .describe('what the vault holds and owes'),
    venues: z
      .array(
        part(
          kinds(registry.venues, (venue) => venue.config),
          'one pool to hedge on',
        ),
      )
      .min(1)
      .describe('the pools to hedge on'),
    prices: z
      .array(part(feeds('price'), 'a price that does not depend on the pools'))
      .min(1)
      .describe('the prices to check the pools against'),
    volatility: part(feeds('volatility'), 'the volatility that options are priced with'),
    policy: part(
      kinds(registry.policies, (policy) => policy.parameters),
      'when to hedge, and how far',
    ),
    limits: limitsSchema.default(limitsSchema.parse({})),
    rate: z.number().min(-1).max(1).default(0).describe('continuously compounded rate per year, 0.05 = 5 %'),
    targetDelta: z.number().default(0).describe('net delta is measured from here, in base'),
    numeraire: z.enum(['quote', 'base']).default('quote').describe('what the vault counts in'),
    nativePrice: z
      .union([z.literal('base'), z.number().positive()])
      .default('base')
      .describe('what gas money costs: base where base is its wrapped form, else a price in quote'),
    keeper: address
      .nullable()
      .default(null)
      .describe("whose rights are looked at where no key is at hand; the signer's own otherwise"),
  });

  const schema = z.strictObject({
    chain: z
      .strictObject({
        id: z
          .number()
          .int()
          .positive()
          .meta({ description: 'the chain id', examples: [1] }),
        rpc: url.meta({ description: 'the JSON-RPC endpoint', examples: ['http://127.0.0.1:8545'] }),
      })
      .describe('id and rpc'),
    journal: part(
      kinds(registry.stores, (store) => store.config),
      'where decisions and orders are written',
    ),
    signer: part(signers, 'the key that signs transactions: the keeper').nullable().default(null),
    identity: part(signers, 'the key that signs relay requests; never the keeper').nullable().default(null),
    relays: z
      .record(
        z.string(),
        part(
          kinds(registry.relays, (relay) => relay.config),
          'a way to block builders',
        ),
      )
      .default({}),
    schedule,
    submission: submissionSchema.default(submissionSchema.parse({})),
    vaults: z.array(vault).min(1).describe('the vaults to keep neutral'),
  });
  return { schema, families };
}

/** A plug-in's schema; a parser that is not zod's own is wrapped, so that the config can still be checked with it. */
function asZod(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  const parser = schema as { parse(input: unknown): unknown };
  return z.unknown().transform((input, context) => {
    try {
      return parser.parse(input);
    } catch (error) {
      context.issues.push({ code: 'custom', message: String(error), input });
      return z.NEVER;
    }
  });
}
