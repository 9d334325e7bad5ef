import { type OpenedChain, openChain } from '../../adapters/chain/index.ts';
import type { Address } from '../../core/units.ts';
import { startAnvil } from '../../devnet/index.ts';
import { BlockBuilder } from '../../devnet/market/blocks.ts';
import { AnvilNode } from '../../devnet/node/node.ts';
import type { SubmissionSettings, VaultSetup } from '../../engine/world.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { loopbackOnly } from '../loopback.ts';
import { openVaults } from '../worlds/parts.ts';
import type { WorldTools } from '../worlds/tools.ts';
import { fund } from './impersonate.ts';
import { appointKeeper } from './keeper.ts';

const KEEPER_WEI = 100n * 10n ** 18n;

/** A configured chain on this machine, with what builds its blocks. */
export interface ForkedChain {
  readonly node: AnvilNode;
  readonly chain: OpenedChain;
  readonly vaults: readonly VaultSetup[];
  readonly builder: BlockBuilder;
  /** Where it was forked. */
  readonly blockNumber: bigint;
  stop(): Promise<void>;
}

/** The same settings where the one relay that there is stands in for those that a ladder names. */
export function onOneRelay(submission: SubmissionSettings): SubmissionSettings {
  const { ladder } = submission;
  if (ladder === undefined) return submission;
  return { ...submission, ladder: ladder.map((rung) => ({ ...rung, relays: null, publicMempool: false })) };
}

/**
 * Forks the configured chain on this machine and makes a key keeper of every vault, with money for gas.
 *
 * @param blockNumber the newest where absent
 * @throws AnvilStartError when the fork does not start
 * @throws the first fault of a vault that cannot be read or whose mandate cannot be set
 */
export async function forkChain(
  config: Config,
  tools: WorldTools,
  keeper: Address,
  blockNumber: bigint | undefined,
): Promise<ForkedChain> {
  const fork = { url: config.chain.rpc, ...(blockNumber === undefined ? {} : { blockNumber }) };
  const anvil = await startAnvil({ fork, chainId: config.chain.id, mining: 'manual' });
  try {
    const node = new AnvilNode(anvil.url);
    const start = await node.head();
    await fund(node, keeper, KEEPER_WEI);
    const chain = await openChain({ url: anvil.url, chainId: config.chain.id });
    const own = { ...config, submission: onOneRelay(config.submission) };
    const vaults = await openVaults(own, chain, { ...tools, fetch: loopbackOnly(tools.fetch) });
    for (const [index, vault] of vaults.entries()) {
      const vaultConfig = config.vaults[index] as VaultConfig;
      await appointKeeper(node, chain, { vault, vaultConfig, keeper });
    }
    const builder = new BlockBuilder(node, {
      blockSeconds: config.submission.blockSeconds,
      baseFeeWei: start.baseFeeWei,
    });
    return { node, chain, vaults, builder, blockNumber: start.number, stop: () => anvil.stop() };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
