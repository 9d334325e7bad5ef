import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey } from 'viem/accounts';
import { InvalidInputError } from '../../core/errors.ts';
import type { Address } from '../../core/units.ts';
import type { BlockBuilder } from '../../devnet/market/blocks.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import { startDevRelay } from '../../devnet/relay/index.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { SecretSource, Signer } from '../../ports/signer.ts';
import { plugin } from '../bind.ts';
import type { ChainConfig } from '../config/chain.ts';
import type { Plugged } from '../config/kinds.ts';
import type { Config } from '../config/schema.ts';
import { forkChain } from '../fork/forkChain.ts';
import { commonPorts, openJournal } from './parts.ts';
import { alertsToLog, type OpenWorld, type WorldTools } from './tools.ts';

const NODE_TIMEOUT_SECONDS = 10;

/** What a forked world is made with. */
export interface ForkOptions {
  /** The block to fork at; the newest where absent. */
  readonly blockNumber?: bigint;
  /** Where the journal goes; a file of its own that is gone afterwards where null. */
  readonly journalPath: string | null;
}

/** A world on a fork, and what builds its blocks. */
export interface ForkWorld extends OpenWorld {
  readonly node: AnvilNode;
  readonly builder: BlockBuilder;
  readonly blockNumber: bigint;
  readonly keeper: Address;
  /** The config as it stands here: the fork's own chain and journal. */
  readonly config: Config;
}

/**
 * The configured chain, forked on this machine. Nothing of the config that touches a key or the outside world is looked
 * at: a chain that was forked has the real one's id, and what is signed on it is valid there. So the key is made here and
 * thrown away, the relay is the local one, and the journal is a file of the fork's own. The vaults' accounts name the
 * throw-away key as keeper by impersonation, within the mandates that they have.
 *
 * @param config loaded without {@link OUTSIDE_PARTS}
 */
export async function openFork(config: Config, tools: WorldTools, options: ForkOptions): Promise<ForkWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-fork-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of endings.splice(0)) await end();
  };
  try {
    const signer = await throwAwaySigner(tools);
    const { blockNumber } = options;
    const forked = await forkChain(config, tools, signer.address, blockNumber);
    endings.unshift(() => forked.stop());
    const { node, builder, chain, vaults } = forked;
    const relay = await startDevRelay({ rpcUrl: node.url });
    endings.unshift(() => relay.stop());
    const path = options.journalPath ?? join(folder, 'journal.sqlite');
    const journal: Plugged = { kind: 'sqlite', config: { path, readOnly: false } };
    const store = await openJournal(journal, tools);
    endings.unshift(() => store.close());
    builder.addPrivatePool(relay.pool);
    const flashbots = plugin(tools.registry.relays, { kind: 'flashbots', config: null });
    const identity = await throwAwaySigner(tools);
    const devRelay = flashbots.open('devRelay', flashbots.config.parse({ url: relay.url }), {
      identity,
      fetch: globalThis.fetch,
    });
    return {
      mode: 'fork',
      world: {
        ...commonPorts(tools),
        // Nobody is told by the configured channels what happens on a copy.
        alert: alertsToLog(tools.log),
        chain,
        store,
        relays: [devRelay],
        signers: [signer],
      },
      vaults: vaults.map((vault): VaultSetup => ({ ...vault, keeper: signer.address })),
      node,
      builder,
      blockNumber: forked.blockNumber,
      keeper: signer.address,
      config: { ...config, journal, chain: onNode(config.chain, node.url) },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A chain that one node on this machine stands for. */
function onNode(chain: ChainConfig, url: string): ChainConfig {
  const endpoint = { perSecond: null, timeoutSeconds: NODE_TIMEOUT_SECONDS, wsUrl: null } as const;
  return {
    ...chain,
    rpc: url,
    quorum: null,
    endpoints: [{ ...endpoint, name: 'fork', url, roles: ['read', 'head', 'send'] }],
  };
}

/** A key made on the spot; it is nowhere but in this process. */
async function throwAwaySigner({ registry }: WorldTools): Promise<Signer> {
  const key = generatePrivateKey();
  const secrets: SecretSource = {
    environment: () => key,
    readFile: (path) => Promise.reject(new InvalidInputError('key file', path, 'none on a fork')),
  };
  return plugin(registry.signers, { kind: 'env', config: null }).open({ variable: 'FORK_KEY' }, secrets);
}
