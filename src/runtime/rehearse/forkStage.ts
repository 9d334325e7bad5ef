import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { priceAtSqrtPrice } from '../../core/amm/price.ts';
import { type Address, sameAddress, toRawUp } from '../../core/units.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import type { VaultSetup } from '../../engine/world.ts';
import type { Config, VaultConfig } from '../config/schema.ts';
import { UsageError } from '../errors.ts';
import { type ForkedChain, forkChain } from '../fork/forkChain.ts';
import type { ForkMarket } from '../fork/market.ts';
import { forkMarketOf } from '../fork/runFork.ts';
import { moduleOf } from '../mandate/module.ts';
import type { WorldTools } from '../worlds/tools.ts';
import type { Stage } from './stage.ts';

/** A stage on a fork of somebody's chain. */
export interface ForkStage extends Stage {
  readonly blockNumber: bigint;
}

interface Moved {
  readonly market: ForkMarket;
  readonly startPrice: number;
}

const poolsOf = ({ venues }: VaultConfig): readonly string[] =>
  venues.map(({ config }) => String((config as { readonly pool?: Address }).pool).toLowerCase());

/** The market can be moved as a whole only where all pools are moved with the one feed. */
function canMove({ vaults }: Config): boolean {
  const [first] = vaults;
  const moved = first === undefined ? [] : poolsOf(first);
  return vaults.every(
    (vault) =>
      vault.venues.every(({ kind }) => kind === 'uniswapV3') &&
      poolsOf(vault).every((pool) => moved.includes(pool)),
  );
}

async function priceOf(node: AnvilNode, pool: Address, { terms }: VaultSetup): Promise<number> {
  const [sqrtPriceX96] = await node.read(pool, uniswapV3PoolAbi, 'slot0');
  const token0 = await node.read(pool, uniswapV3PoolAbi, 'token0');
  const baseIsToken0 = sameAddress(token0, terms.base.address);
  const units = { baseIsToken0, baseDecimals: terms.base.decimals, quoteDecimals: terms.quote.decimals };
  return priceAtSqrtPrice(sqrtPriceX96, units);
}

/** Null where the market has to stay as it is at the fork. */
async function movedMarket(config: Config, { node, vaults }: ForkedChain): Promise<Moved | null> {
  const [vault, setup] = [config.vaults[0], vaults[0]];
  if (vault === undefined || setup === undefined || !canMove(config)) return null;
  const [pool] = poolsOf(vault);
  const startPrice = await priceOf(node, pool as Address, setup);
  try {
    return { market: await forkMarketOf({ node, vaults }, config.chain.id, vault), startPrice };
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** @throws UsageError where a vault's hedges leave no event that they could be counted by */
function refuseUnjudged({ vaults }: Config, { registry }: WorldTools): void {
  const silent = vaults.find(({ account }) => registry.accounts[account.kind]?.sequence === 'counted');
  if (silent === undefined) return;
  throw new UsageError(
    'REHEARSAL_UNJUDGED',
    `a rehearsal counts hedges by the HedgeModule's events, and the account of vault ${silent.name} (${silent.account.kind}) makes none`,
    { action: 'ballast fork runs this vault; rehearse faults with an account of kind safe or optionVault' },
  );
}

/**
 * Forks the configured chain for a rehearsal: a throw-away key is its keeper, and nothing of the config that touches a
 * key or the outside world is looked at. Faults are carried out on the fork only.
 *
 * @param config loaded without the parts that only the real chain needs
 * @param blockNumber the newest where null
 * @throws UsageError where a vault's hedges could not be counted, or no key can be made its keeper
 */
export async function openForkStage(
  config: Config,
  tools: WorldTools,
  blockNumber: bigint | null,
): Promise<ForkStage> {
  refuseUnjudged(config, tools);
  const keeperKey = generatePrivateKey();
  const { address: keeper } = privateKeyToAccount(keeperKey);
  const forked = await forkChain(config, tools, keeper, blockNumber ?? undefined);
  forked.chain.close();
  const { node, builder, vaults } = forked;
  try {
    const moved = await movedMarket(config, forked);
    return {
      node,
      config,
      keeperKey,
      blockNumber: forked.blockNumber,
      accounts: config.vaults.map((vault) => ({
        vault: vault.name,
        account: vault.account.address,
        module: moduleOf(vault),
      })),
      startPrice: moved?.startPrice ?? null,
      build: ({ price, ...request }) =>
        builder.build(request, async (block) =>
          moved === null || price === undefined ? [] : moved.market.transactions(price, block),
        ),
      addPrivatePool: (pool) => builder.addPrivatePool(pool),
      async give(account, name, base) {
        const token = vaults.find(({ terms }) => terms.name === name)?.terms.base;
        if (base <= 0 || token === undefined) return;
        const held = await node.read(token.address, erc20Abi, 'balanceOf', [account]);
        const wanted = held + toRawUp(base, token.decimals);
        await node.request('anvil_dealERC20', [account, token.address, wanted]);
      },
      async snapshot() {
        const id = await node.request('evm_snapshot');
        return async () => {
          await node.request('evm_revert', [id]);
          const { number, timestampSeconds, baseFeeWei: baseFeePerGasWei, gasLimit } = await node.head();
          const block = { number: number + 1n, timestampSeconds, baseFeePerGasWei, gasLimit };
          // What the feed reports is always one block old: it has to forget the price of the run before.
          if (moved !== null) await moved.market.transactions(moved.startPrice, block);
        };
      },
      stop: () => forked.stop(),
    };
  } catch (error) {
    await forked.stop();
    throw error;
  }
}
