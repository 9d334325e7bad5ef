import { z } from 'zod';
import { url } from './parts.ts';

/** An endpoint as the config names it, every default filled in. */
export interface EndpointConfig {
  readonly name: string;
  readonly url: string;
  readonly wsUrl: string | null;
  readonly roles: readonly ('read' | 'head' | 'send')[];
  /** Requests a second that the provider allows; null where it does not limit them. */
  readonly perSecond: number | null;
  readonly timeoutSeconds: number;
}

/** The chain as the config names it. */
export interface ChainConfig {
  readonly id: number;
  /** The first endpoint that reads: what is forked, and what single-endpoint tools ask. */
  readonly rpc: string;
  readonly endpoints: readonly EndpointConfig[];
  /** Endpoints that must agree; null for the majority. */
  readonly quorum: number | null;
  readonly lagBlocks: number;
  readonly lagSeconds: number;
  readonly probationSeconds: number;
  /** How far the newest block's time may be from this machine's; null = however far. */
  readonly maxSkewSeconds: number | null;
}

const webSocketUrl = z.url({ protocol: /^wss?$/ });
const roles = ['read', 'head', 'send'] as const;
const usualTimeoutSeconds = 10;

const endpointSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, { error: 'lower-case letters, digits and dashes, at most 31' })
    .meta({ description: 'how it is called in logs and alerts', examples: ['own-node'] }),
  url: url.meta({ description: 'its JSON-RPC address', examples: ['http://127.0.0.1:8545'] }),
  wsUrl: webSocketUrl
    .nullable()
    .default(null)
    .describe('where it announces new heads; polling finds them without'),
  roles: z
    .array(z.enum(roles))
    .min(1)
    .default([...roles])
    .describe(
      'what it is for: state (read), heads and receipts (head), and being the endpoint of a relay (send)',
    ),
  perSecond: z.number().int().positive().nullable().default(null).describe('requests a second it allows'),
  timeoutSeconds: z.number().positive().default(usualTimeoutSeconds).describe('longest wait for an answer'),
});

/** The chain in a config: one `rpc`, or several `endpoints` with roles. */
export const chainSchema = z
  .strictObject({
    id: z
      .number()
      .int()
      .positive()
      .meta({ description: 'the chain id', examples: [1] }),
    rpc: url.optional().meta({
      description: 'the JSON-RPC endpoint, where one is enough',
      examples: ['http://127.0.0.1:8545'],
    }),
    wsUrl: webSocketUrl.optional().describe('where the endpoint of rpc announces new heads'),
    endpoints: z
      .array(endpointSchema)
      .min(1)
      .max(16)
      .optional()
      .describe('several endpoints, instead of rpc; what they do not agree on is not believed'),
    quorum: z
      .number()
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe('endpoints that must agree; the majority of those that answer where null'),
    lagBlocks: z.number().int().min(1).default(3).describe('blocks behind the others that count as lagging'),
    lagSeconds: z.number().min(0).default(30).describe('seconds of lagging after which one is left out'),
    probationSeconds: z
      .number()
      .min(1)
      .default(60)
      .describe('seconds until one that was left out is looked at again'),
    maxSkewSeconds: z
      .number()
      .min(1)
      .nullable()
      .default(300)
      .describe(
        'how far the time of the newest block may be from this machine’s, seconds: beyond, a live keeper decides nothing, for either the node stands still or the clock is wrong; null: however far. Endpoints on this machine may be as far as they like',
      ),
  })
  .superRefine(({ rpc, wsUrl, endpoints, quorum }, context) => {
    const say = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((rpc === undefined) === (endpoints === undefined)) say('rpc', 'either rpc or endpoints, one of them');
    if (wsUrl !== undefined && rpc === undefined) say('wsUrl', 'beside rpc; endpoints have one each');
    if (endpoints === undefined) return;
    const names = endpoints.map(({ name }) => name);
    if (new Set(names).size < names.length) say('endpoints', 'names that differ');
    for (const role of ['read', 'head'] as const)
      if (!endpoints.some((one) => one.roles.includes(role))) say('endpoints', `one with the role ${role}`);
    const heads = endpoints.filter((one) => one.roles.includes('head')).length;
    if (quorum !== null && quorum > heads) say('quorum', `at most ${heads}: so many have the role head`);
  })
  .transform(({ rpc, wsUrl, endpoints, ...rest }): ChainConfig => {
    const all = endpoints ?? [onlyEndpoint(rpc ?? '', wsUrl ?? null)];
    const reading = all.find((one) => one.roles.includes('read')) ?? all[0];
    return { ...rest, rpc: reading?.url ?? '', endpoints: all };
  })
  .describe('id, and rpc or endpoints');

function onlyEndpoint(rpc: string, wsUrl: string | null): EndpointConfig {
  return { name: 'rpc', url: rpc, wsUrl, roles, perSecond: null, timeoutSeconds: usualTimeoutSeconds };
}
