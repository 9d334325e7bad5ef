import { encodeFunctionData } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { erc20Abi } from '../../../abis/erc20.ts';
import { swapRouter02Abi } from '../../../abis/swapRouter02.ts';
import { uniswapV3PoolAbi } from '../../../abis/uniswapV3Pool.ts';
import { priceToRatio, sqrtPriceDown } from '../../core/amm/price.ts';
import { type Address, type Hex, sameAddress } from '../../core/units.ts';
import { mainnet } from '../../devnet/index.ts';
import type { AnvilNode } from '../../devnet/node/node.ts';
import type { BlockToBuild } from '../../devnet/relay/index.ts';
import type { VaultSetup } from '../../engine/world.ts';
import { UsageError } from '../errors.ts';
import { type ForkFeed, takeOverFeed } from './feed.ts';
import { executeAs, fund } from './impersonate.ts';

const MAX_UINT256 = (1n << 256n) - 1n;
/** More than any pool takes: the price limit ends the swap. */
const MORE_THAN_ENOUGH = 1n << 100n;
const ETHER = 10n ** 18n;
const TIP_WEI = 1_000_000_000n;
const CALL_GAS = 3_000_000n;

interface ForkPool {
  readonly address: Address;
  readonly token0: Address;
  readonly token1: Address;
  readonly feePips: number;
}

/** What moves on a fork along a price path. */
export interface ForkMarketFacts {
  readonly vault: VaultSetup;
  /** Uniswap v3 pools of the vault. */
  readonly pools: readonly Address[];
  /** The proxy of the feed that follows the price. */
  readonly baseFeed: Address;
  /** Answers of the other feeds in force, as one factor: base answer = price x factor. */
  readonly feedFactor: number;
}

/** Moves the pools of a fork to a price by real swaps, and the feed after it as the real one would go, one block late. */
export interface ForkMarket {
  /** The market's signed transactions for a block in which the price is this. */
  transactions(price: number, block: BlockToBuild): Promise<readonly Hex[]>;
}

/**
 * Makes a market on a local fork: somebody with unlimited means, and an aggregator that reports what it is told.
 *
 * @throws UsageError where the chain has no SwapRouter02
 */
export async function openForkMarket(
  node: AnvilNode,
  chainId: number,
  facts: ForkMarketFacts,
): Promise<ForkMarket> {
  const router = mainnet.swapRouter02;
  if ((await node.request<Hex>('eth_getCode', [router, 'latest'])) === '0x') {
    throw new UsageError('ROUTER_MISSING', `chain ${chainId} has no SwapRouter02 at ${router}`, {
      action: 'fork without --path: the market then stays where it is',
    });
  }
  const trader = privateKeyToAccount(generatePrivateKey());
  await fund(node, trader.address, 1_000_000n * ETHER);
  const { base, quote } = facts.vault.terms;
  for (const token of [base.address, quote.address]) {
    await node.request('anvil_dealERC20', [trader.address, token, `0x${MORE_THAN_ENOUGH.toString(16)}`]);
    const data = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [router, MAX_UINT256] });
    await executeAs(node, { from: trader.address, to: token, data });
  }
  const pools = await Promise.all(facts.pools.map((address) => readPool(node, address)));
  const feed = await takeOverFeed(node, facts.baseFeed, trader.address);
  let before: number | null = null;

  const swapTo = async (pool: ForkPool, price: number): Promise<Hex[]> => {
    const baseIsToken0 = sameAddress(pool.token0, base.address);
    const units = { baseIsToken0, baseDecimals: base.decimals, quoteDecimals: quote.decimals };
    const to = sqrtPriceDown(priceToRatio(price, units), baseIsToken0);
    const [from] = await node.read(pool.address, uniswapV3PoolAbi, 'slot0');
    if (from === to) return [];
    const [tokenIn, tokenOut] = to < from ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
    const swap = {
      tokenIn,
      tokenOut,
      fee: pool.feePips,
      recipient: trader.address,
      amountIn: MORE_THAN_ENOUGH / 1_000n,
      amountOutMinimum: 0n,
      sqrtPriceLimitX96: to,
    };
    return [encodeFunctionData({ abi: swapRouter02Abi, functionName: 'exactInputSingle', args: [swap] })];
  };

  return {
    async transactions(price, block) {
      const report =
        before === null
          ? null
          : await feed.report(answerAt(feed, before, facts.feedFactor), block.timestampSeconds);
      before = price;
      const swaps = (await Promise.all(pools.map((pool) => swapTo(pool, price)))).flat();
      const calls = [
        ...(report === null ? [] : [{ to: feed.aggregator, data: report }]),
        ...swaps.map((data) => ({ to: router as Address, data })),
      ];
      const first = Number(await node.request<Hex>('eth_getTransactionCount', [trader.address, 'latest']));
      return Promise.all(
        calls.map((call, index) =>
          trader.signTransaction({
            type: 'eip1559',
            chainId,
            nonce: first + index,
            ...call,
            gas: CALL_GAS,
            maxFeePerGas: 2n * block.baseFeePerGasWei + TIP_WEI,
            maxPriorityFeePerGas: TIP_WEI,
          }),
        ),
      );
    },
  };
}

async function readPool(node: AnvilNode, address: Address): Promise<ForkPool> {
  const read = (name: 'token0' | 'token1') => node.read(address, uniswapV3PoolAbi, name);
  const feePips = await node.read(address, uniswapV3PoolAbi, 'fee');
  return { address, token0: await read('token0'), token1: await read('token1'), feePips };
}

function answerAt(feed: ForkFeed, price: number, factor: number): bigint {
  return BigInt(Math.round(price * factor * 10 ** feed.decimals));
}
