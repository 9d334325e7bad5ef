import type { Address, Hex } from '../../core/units.ts';
import type { BlockRequest, BuiltBlock } from '../../devnet/index.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import type { PrivatePool } from '../../devnet/relay/index.ts';
import { plugin } from '../bind.ts';
import type { Config } from '../config/schema.ts';
import { onOneRelay } from '../fork/forkChain.ts';
import { registry } from '../registry.ts';

/** A chain on this machine with a vault on it, on which faults can be tried any number of times. */
export interface Stage {
  readonly node: AnvilNode;
  /** The vaults and their terms; whatever of it touches a key or the outside world is not used. */
  readonly config: Config;
  /** The key that hedges here, of no worth anywhere else. */
  readonly keeperKey: Hex;
  /** Where the vaults' hedges are announced. */
  readonly accounts: readonly {
    readonly vault: string;
    readonly account: Address;
    readonly module: Address;
  }[];
  /** Price of base when a run begins; null where the market cannot be moved. */
  readonly startPrice: number | null;
  /** Builds one block, the market at this price from here on. */
  build(request: BlockRequest & { readonly price?: number }): Promise<BuiltBlock>;
  /** Asks this pool for transactions at every block. @returns a function that ends it */
  addPrivatePool(pool: PrivatePool): () => void;
  /** Gives a vault so much more base than it has, so that there is something to hedge. */
  give(account: Address, vault: string, base: number): Promise<void>;
  /** Remembers chain and market; the answer takes both back to here, once. */
  snapshot(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** Variables that the keeper of a rehearsal reads its keys from. */
export const REHEARSAL_KEYS = { keeper: 'REHEARSAL_KEY', identity: 'REHEARSAL_IDENTITY' } as const;

/** What stands in for the outside world in a rehearsal. */
export interface StandIns {
  readonly rpcUrl: string;
  readonly relayUrl: string;
  readonly journalPath: string;
  /** Longest wait for the node and for the relay: hanging ones would make a rehearsal long. */
  readonly nodeTimeoutSeconds: number;
  readonly relayTimeoutSeconds: number;
  /** How orders are handed to the relay: as bundles, or as private transactions, one request for each. */
  readonly relayKind: RelayStandIn;
}

/** Kinds of relay that the dev relay stands in for here. */
export type RelayStandIn = 'flashbots' | 'flashbotsPrivate';

/** Blocks until an outcome is final here: deeper than any reorg of a rehearsal, and soon reached. */
export const REHEARSAL_FINALITY_BLOCKS = 7;

/**
 * The config as it is, but for what touches a key or the outside world: node, relays, journal and keys are the
 * rehearsal's own. Every rung of a ladder may use the one relay that there is.
 */
export function ownConfig(config: Config, standIns: StandIns): Config {
  const { rpcUrl, relayUrl, journalPath, nodeTimeoutSeconds, relayTimeoutSeconds, relayKind } = standIns;
  const { submission } = config;
  const key = (variable: string) => ({ kind: 'env', config: { variable } });
  const relay = plugin(registry.relays, { kind: relayKind, config: null });
  const timeoutMs = relayTimeoutSeconds * 1_000;
  return {
    ...config,
    chain: {
      ...config.chain,
      rpc: rpcUrl,
      quorum: null,
      endpoints: [
        {
          name: 'rpc',
          url: rpcUrl,
          wsUrl: null,
          roles: ['read', 'head', 'send'],
          perSecond: null,
          timeoutSeconds: nodeTimeoutSeconds,
        },
      ],
    },
    journal: { kind: 'sqlite', config: { path: journalPath, readOnly: false } },
    signer: key(REHEARSAL_KEYS.keeper),
    signers: [],
    identity: key(REHEARSAL_KEYS.identity),
    relays: {
      devRelay: {
        kind: relayKind,
        config: relay.config.parse({ url: relayUrl, timeoutMs }),
        timeoutSeconds: relayTimeoutSeconds,
        retries: 1,
        perMinute: 10_000,
      },
    },
    submission: {
      ...onOneRelay(submission),
      finality: 'blocks',
      finalityBlocks: Math.min(submission.finalityBlocks, REHEARSAL_FINALITY_BLOCKS),
    },
    vaults: config.vaults.map((vault) => ({ ...vault, keeper: null })),
  };
}
