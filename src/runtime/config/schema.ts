import { z } from 'zod';
import type { Address } from '../../core/units.ts';
import type { SubmissionSettings } from '../../engine/world.ts';
import type { CalendarSource } from '../calendar/openCalendar.ts';
import type { Registry } from '../registry.ts';
import { type ChainConfig, chainSchema } from './chain.ts';
import { type Families, type KindSchemas, type Plugged, plugged } from './kinds.ts';
import {
  type AlertConfig,
  type ArmingConfig,
  alertShape,
  armingSchema,
  type DashboardConfig,
  dashboardSchema,
  type HeartbeatConfig,
  heartbeatSchema,
  type MetricsConfig,
  metricsSchema,
} from './operations.ts';
import {
  address,
  limitsSchema,
  mandateSchema,
  type RelayGuardConfig,
  relayGuardShape,
  type Schedule,
  schedule,
  type TokenConfig,
  token,
} from './parts.ts';
import { type PositionConfig, positionShape } from './positions.ts';
import { calendarSchema, sequencerSchema } from './precautions.ts';
import { submissionSchema } from './submission.ts';

/** A config schema with what the JSON Schema of it needs to spell out plug-ins. */
export interface ConfigSchema {
  readonly schema: z.ZodType<Config>;
  readonly families: Families;
}

/** What the vault's owner wants to allow on chain; `ballast mandate` makes the transactions of it. */
export type MandateConfig = z.infer<typeof mandateSchema>;

/** One vault as the config describes it. */
export interface VaultConfig {
  readonly name: string;
  readonly account: Plugged & { readonly address: Address };
  readonly base: TokenConfig;
  readonly quote: TokenConfig;
  /** Tokens that a hedge may pass through. */
  readonly bridges: readonly TokenConfig[];
  readonly positions: readonly PositionConfig[];
  readonly venues: readonly Plugged[];
  readonly prices: readonly Plugged[];
  /** In order of preference. */
  readonly volatility: readonly Plugged[];
  /** The quote token in the currency it is meant to be worth 1 of; null where nothing watches it. */
  readonly quotePeg: Plugged | null;
  readonly sequencer: z.infer<typeof sequencerSchema> | null;
  readonly calendar: CalendarSource | null;
  readonly policy: Plugged;
  readonly limits: z.infer<typeof limitsSchema>;
  readonly rate: number;
  readonly targetDelta: number;
  readonly numeraire: 'quote' | 'base';
  readonly nativePrice: 'base' | number;
  readonly keeper: Address | null;
  readonly mandate: MandateConfig | null;
}

/** A config that passed every check. */
export interface Config {
  readonly chain: ChainConfig;
  readonly journal: Plugged;
  readonly signer: Plugged | null;
  /** Further keys, beside `signer`. */
  readonly signers: readonly Plugged[];
  readonly identity: Plugged | null;
  readonly relays: Readonly<Record<string, Plugged & RelayGuardConfig>>;
  readonly schedule: Schedule;
  readonly submission: SubmissionSettings;
  readonly arming: ArmingConfig;
  readonly alerts: readonly AlertConfig[];
  readonly heartbeat: HeartbeatConfig | null;
  readonly metrics: MetricsConfig;
  readonly dashboard: DashboardConfig;
  readonly vaults: readonly VaultConfig[];
}

/** Everything in a config that may touch a key or the outside world; a fork never looks at it. */
export const OUTSIDE_PARTS: readonly string[] = [
  'signer',
  'signers',
  'identity',
  'relays',
  'alerts',
  'heartbeat',
  'metrics',
  'dashboard',
];

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
    quote: token.meta({ examples: ['USDC'] }),
    bridges: z
      .array(token)
      .max(4)
      .default([])
      .describe('tokens that a hedge may pass through, over two of the venues in a row'),
    positions: z
      .array(
        plugged(
          kinds(registry.protocols, (protocol) => protocol.config),
          families,
          'one kind of position',
          positionShape,
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
    volatility: oneOrMore(
      part(feeds('volatility'), 'a volatility that options are priced with'),
      'the volatility that options are priced with; of a list, the first that can be used',
    ),
    quotePeg: part(feeds('price'), 'the quote token in the currency it is meant to be worth 1 of')
      .nullable()
      .default(null),
    sequencer: sequencerSchema.nullable().default(null),
    calendar: calendarSchema.nullable().default(null),
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
    mandate: mandateSchema.nullable().default(null),
  });

  const schema = z.strictObject({
    chain: chainSchema,
    journal: part(
      kinds(registry.stores, (store) => store.config),
      'where decisions and orders are written',
    ),
    signer: part(signers, 'the key that signs transactions: the keeper').nullable().default(null),
    signers: z
      .array(part(signers, 'one key that signs transactions'))
      .max(16)
      .default([])
      .describe('further keys, one nonce lane each; a vault uses any that its mandate allows'),
    identity: part(signers, 'the key that signs relay requests; never the keeper').nullable().default(null),
    relays: z
      .record(
        z.string(),
        plugged(
          kinds(registry.relays, (relay) => relay.config),
          families,
          'a way to block builders',
          relayGuardShape,
        ),
      )
      .default({})
      .describe('ways to block builders, by names of your own; a ladder calls them by these'),
    schedule,
    submission: submissionSchema.default(submissionSchema.parse({})),
    arming: armingSchema.default(armingSchema.parse({})),
    alerts: z
      .array(
        plugged(
          kinds(registry.alerts, (alert) => alert.config),
          families,
          'a way to tell people',
          alertShape,
        ),
      )
      .max(16)
      .default([])
      .describe('who is told what'),
    heartbeat: heartbeatSchema.nullable().default(null),
    metrics: metricsSchema.default(metricsSchema.parse({})),
    dashboard: dashboardSchema.default(dashboardSchema.parse({})),
    vaults: z.array(vault).min(1).describe('the vaults to keep neutral'),
  });
  return { schema, families };
}

/** One of something, or a list of them in order of preference. */
function oneOrMore(one: z.ZodType<Plugged>, words: string): z.ZodType<readonly Plugged[]> {
  return z.union([one.transform((only) => [only]), z.array(one).min(1)]).describe(words);
}

/** A plug-in's schema; a parser that is not zod's own is wrapped, so that the config can still be checked with it. */
export function asZod(schema: unknown): z.ZodType {
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
