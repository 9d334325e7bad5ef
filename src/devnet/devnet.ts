import { hedgeModuleAddress } from '../adapters/chain/deployment.ts';
import { priceAtSqrtPrice } from '../core/amm/price.ts';
import type { Address, Hash } from '../core/units.ts';
import { type DevnetAccount, type DevnetAccounts, devnetAccounts } from './accounts.ts';
import { devnetAggregators, mainnet } from './addresses.ts';
import { BlockBuilder, type BlockRequest, type BuiltBlock } from './market/blocks.ts';
import { dollarFeedRule, ethUsdFeedRule, type FeedRule } from './market/feedRule.ts';
import { Market, type MarketMove } from './market/market.ts';
import { type AnvilOptions, startAnvil } from './node/anvil.ts';
import { AnvilNode } from './node/node.ts';
import { type Call, sendCalls } from './node/transactions.ts';
import type { PoolSnapshot } from './pools/poolSnapshot.ts';
import { type DevnetPool, devnetTokens, unitsOf } from './pools/pools.ts';
import { arbitrageOf, type DevnetVenue } from './pools/venues.ts';
import { withdrawalCalls } from './pools/withdrawal.ts';
import type { PrivatePool } from './relay/types.ts';
import { type DevnetLending, setUp } from './setUp.ts';
import { createOptionVault, type DevnetOptionVault, type OptionVaultOptions } from './vaults/optionVault.ts';
import { createRolesSafe, type DevnetRolesSafe, type RolesSafeOptions } from './vaults/roles.ts';
import {
  type CallsFrom,
  createSafe,
  type DevnetSafe,
  funding,
  openSafe,
  type SafeOptions,
  type TokenAmount,
  type VaultTools,
} from './vaults/vaults.ts';

/** How to start a devnet; every field has a default. */
export interface DevnetOptions {
  /** ETH in dollars at the start. @default that of the first recorded pool that has one, otherwise 3,000 */
  readonly price?: number;
  /** Recorded pools, see `readPoolSnapshot`; the others get the devnet's own liquidity. @default none */
  readonly pools?: readonly PoolSnapshot[];
  /** What joins the v3 pools; `uniswapV4` brings Permit2 and the Universal Router along. @default none */
  readonly venues?: readonly DevnetVenue[];
  /** Lending markets to borrow from; their oracles read the devnet's feeds. @default none */
  readonly lending?: readonly DevnetLending[];
  /** @default 1, so that mainnet's addresses and configs fit */
  readonly chainId?: number;
  /** Time of the newest block when the devnet is ready, seconds. @default now */
  readonly timestampSeconds?: number;
  /** Seconds between blocks. @default 12 */
  readonly blockSeconds?: number;
  /** Base fee of every block until told otherwise. @default 1 gwei */
  readonly baseFeeWei?: bigint;
  /** @default Chainlink's on mainnet: 0.5 %, one hour */
  readonly feedRule?: FeedRule;
  readonly anvil?: Pick<AnvilOptions, 'port' | 'hardfork' | 'flags' | 'startTimeoutMs' | 'gasLimit'>;
}

/** A replica of mainnet on this machine. Its time and its market stand still until a block is mined. */
export interface Devnet {
  /** JSON-RPC over HTTP; the same port answers websockets. */
  readonly url: string;
  readonly chainId: number;
  /** Of the anvil process. */
  readonly pid: number;
  readonly node: AnvilNode;
  readonly accounts: DevnetAccounts;
  readonly addresses: typeof mainnet & { readonly hedgeModule: Address };
  readonly tokens: typeof devnetTokens;
  /** The pools that exist, in the order of {@link devnetPools}. */
  readonly pools: readonly DevnetPool[];
  /** The outside world's ETH price in dollars, as of the newest block. */
  readonly market: { readonly price: number };
  /**
   * Builds one block. Without a request: twelve seconds later, arbitrage brings every pool back to the market's price,
   * the feed reports if it decided to on the last block, private pools are asked for their transactions.
   *
   * @throws InvalidInputError when the price is not positive
   * @throws DevnetError when the node does not mine
   */
  mineBlock(request?: BlockRequest & MarketMove): Promise<BuiltBlock>;
  /** The base fee of every block from here on. */
  setBaseFee(baseFeeWei: bigint): void;
  /** Asks this pool (a dev relay's) for transactions at every block. @returns a function that ends it */
  addPrivatePool(pool: PrivatePool): () => void;
  /**
   * Sends calls from one of the devnet's accounts and mines them in one block without market moves.
   *
   * @throws DevnetError when one reverts, with its reason
   */
  transact(from: DevnetAccount, calls: readonly Call[]): Promise<readonly Hash[]>;
  /** Gives an account so many whole tokens, in one block. */
  fund(account: Address, amounts: readonly TokenAmount[]): Promise<void>;
  /** Makes a Safe with the HedgeModule enabled, a mandate set and some money, in one block. */
  createSafe(options?: SafeOptions): Promise<DevnetSafe>;
  /** Deploys an OptionVault with a deposit, a round open and a mandate set. */
  createOptionVault(options: OptionVaultOptions): Promise<DevnetOptionVault>;
  /** Makes a Safe with a Zodiac Roles modifier by which the keeper may swap on SwapRouter02. */
  createRolesSafe(options?: RolesSafeOptions): Promise<DevnetRolesSafe>;
  /** A Safe of the devnet's owner that exists already. */
  openSafe(address: Address): DevnetSafe;
  /**
   * Takes a share of the liquidity that the devnet made out of a pool, in one block; 1 leaves it empty.
   *
   * @throws DevnetError where the pool was loaded from a record, since a record has no positions
   */
  withdrawLiquidity(pool: DevnetPool, share: number): Promise<void>;
  /** Sets an account's ether, without a block. */
  setEther(account: Address, amountWei: bigint): Promise<void>;
  /** Remembers chain, market and base fee; the answer takes them back to here, and can be called once. */
  snapshot(): Promise<() => Promise<void>>;
  /** Ends anvil; safe to call more than once. */
  stop(): Promise<void>;
}

const DEFAULT_PRICE = 3_000;
const DEFAULT_BLOCK_SECONDS = 12;
const DEFAULT_BASE_FEE_WEI = 1_000_000_000n;
/** Blocks that the set-up may take, one second each, before the announced start. */
const SET_UP_SECONDS = 60;

/**
 * Starts a devnet: anvil with the real contracts at mainnet's addresses, liquidity like the real pools', a price feed
 * and a market that moves when told to. It ends with this process at the latest; call `stop` when done.
 *
 * @throws AnvilStartError when anvil does not start
 * @throws DevnetError when the set-up fails; nothing is left running
 * @example
 * const devnet = await startDevnet({ price: 3_000 });
 * await devnet.mineBlock({ price: 2_950 });
 * await devnet.stop();
 */
export async function startDevnet(options: DevnetOptions = {}): Promise<Devnet> {
  const chainId = options.chainId ?? 1;
  const snapshots = options.pools ?? [];
  const venues = options.venues ?? [];
  const lending = options.lending ?? [];
  const startPrice = options.price ?? recordedPrice(snapshots) ?? DEFAULT_PRICE;
  const baseFeeWei = options.baseFeeWei ?? DEFAULT_BASE_FEE_WEI;
  const readyAt = options.timestampSeconds ?? Math.floor(Date.now() / 1_000);
  const genesis = readyAt - SET_UP_SECONDS;
  const anvil = await startAnvil({ ...options.anvil, chainId, baseFeeWei, timestampSeconds: genesis });
  try {
    const accounts = devnetAccounts();
    const node = new AnvilNode(anvil.url);
    const blockSeconds = options.blockSeconds ?? DEFAULT_BLOCK_SECONDS;
    const builder = new BlockBuilder(node, { blockSeconds, baseFeeWei });
    const pools = await setUp({ node, builder, accounts, startPrice, snapshots, venues, lending, readyAt });
    const market = new Market({
      node,
      chainId,
      pools: pools.filter(({ followsMarket }) => followsMarket),
      others: arbitrageOf(venues, node, accounts.arbitrageur.address),
      startPrice,
      arbitrageur: accounts.arbitrageur,
      reporter: accounts.reporter,
      router: mainnet.swapRouter02,
      feeds: [
        { aggregator: devnetAggregators.ethUsd, rule: options.feedRule ?? ethUsdFeedRule, reports: 'eth' },
        { aggregator: devnetAggregators.usdcUsd, rule: dollarFeedRule, reports: 'dollar' },
        { aggregator: devnetAggregators.usdtUsd, rule: dollarFeedRule, reports: 'dollar' },
      ],
    });

    const transact = async (batches: readonly CallsFrom[]) => {
      const sent = [];
      for (const { from, calls } of batches) sent.push(await sendCalls(node, from.address, calls));
      await builder.build();
      return (await Promise.all(sent.map((calls) => calls.confirm()))).flat();
    };
    const tools: VaultTools = { node, accounts, transact };
    return {
      url: anvil.url,
      chainId,
      pid: anvil.pid,
      node,
      accounts,
      addresses: { ...mainnet, hedgeModule: hedgeModuleAddress },
      tokens: devnetTokens,
      pools,
      market,
      mineBlock: (request = {}) => builder.build(request, (block) => market.transactions(request, block)),
      setBaseFee: (wei) => builder.setBaseFee(wei),
      addPrivatePool: (pool) => builder.addPrivatePool(pool),
      transact: (from, calls) => transact([{ from, calls }]),
      async fund(account, amounts) {
        await transact([{ from: accounts.deployer, calls: funding(account, amounts) }]);
      },
      createSafe: (safe) => createSafe(tools, safe),
      createOptionVault: (vault) => createOptionVault(tools, vault),
      createRolesSafe: (safe) => createRolesSafe(tools, safe),
      openSafe: (address) => openSafe(tools, address),
      async withdrawLiquidity(pool, share) {
        const provider = accounts.liquidityProvider;
        await transact([
          { from: provider, calls: await withdrawalCalls(node, provider.address, pool, share) },
        ]);
      },
      async setEther(account, amountWei) {
        await node.request('anvil_setBalance', [account, amountWei]);
      },
      async snapshot() {
        const id = await node.request('evm_snapshot');
        const { price } = market;
        const { baseFeeWei: baseFee } = builder;
        return async () => {
          await node.request('evm_revert', [id]);
          market.restore(price);
          builder.setBaseFee(baseFee);
        };
      },
      stop: () => anvil.stop(),
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}

/** Dollars per ETH of the first recorded pool of WETH against dollars. */
function recordedPrice(snapshots: readonly PoolSnapshot[]): number | undefined {
  const found = snapshots.find(({ pool }) => pool.followsMarket);
  return found && priceAtSqrtPrice(found.sqrtPriceX96, unitsOf(found.pool));
}
