import { createRequire } from 'node:module';
import { Contract, type InterfaceAbi, JsonRpcProvider, Wallet } from 'ethers';
import { erc20Abi } from '../../abis/erc20.ts';
import { opynControllerStandInAbi } from '../../abis/opynControllerStandIn.ts';
import { stateViewAbi } from '../../abis/stateView.ts';
import { uniswapV2PairAbi } from '../../abis/uniswapV2Pair.ts';
import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import type { ConcentratedPool } from '../../src/core/amm/pool.ts';
import { max } from '../../src/core/units.ts';
import { devnetPairs } from '../../src/devnet/pools/uniswapV2.ts';
import { devnetV4Pools } from '../../src/devnet/pools/uniswapV4.ts';
import { sdkTicks, v3Sdk } from '../../test/support/v3Sdk.ts';
import type { LatencyVault } from './latencyVault.ts';

/** One run of the usual way, milliseconds. */
export interface UsualRun {
  readonly total: number;
  /** All but waiting for the node and signing. */
  readonly own: number;
}

const require = createRequire(import.meta.url);
const greeks = require('greeks') as {
  getDelta(s: number, k: number, t: number, v: number, r: number, kind: 'call' | 'put'): number;
};
const sdkCore = require('@uniswap/sdk-core') as typeof import('@uniswap/sdk-core');

const GRID = 20;
const SECONDS_PER_YEAR = 365 * 86_400;
const VOLATILITY = 0.65;
/** `totalSupply()`. */
const TOTAL_SUPPLY = '0x18160ddd';
const feedAbi = [
  'function latestRoundData() view returns (uint80, int256 answer, uint256, uint256 updatedAt, uint80)',
];

/** What some WETH brings in a pool, USDC, in raw units. */
type Quote = (amountRaw: bigint) => Promise<bigint>;

/** Bots written the usual way, ready to run once per block. */
export interface UsualWay {
  run(): Promise<UsualRun>;
  close(): void;
}

/**
 * The same pipeline as bots are usually written: ethers contracts asked one call after the other, greeks from npm, each
 * pool quoted by v3-sdk at every 5 % of the order, the best split of those, then nonce, fees, gas and a signature. Ticks,
 * strikes and expiries are known to it before, and its transaction is a plain call, so every block costs it only what
 * changes.
 *
 * @param pools the concentrated ones with their ticks: two of v3, one of v4
 */
export function openUsualWay(vault: LatencyVault, pools: readonly ConcentratedPool[]): UsualWay {
  const { devnet, safe, series } = vault;
  const { addresses, accounts } = devnet;
  const provider = new JsonRpcProvider(devnet.url, devnet.chainId, { staticNetwork: true, batchMaxCount: 1 });
  const wallet = new Wallet(accounts.keeper.privateKey, provider);
  const contract = (address: string, abi: unknown) => new Contract(address, abi as InterfaceAbi, provider);
  const controller = contract(addresses.opynController, opynControllerStandInAbi);
  const feeds = [addresses.ethUsdFeed, addresses.usdcUsdFeed].map((feed) => contract(feed, feedAbi));
  const tokens = [addresses.weth, addresses.usdc].map((token) => contract(token, erc20Abi));
  const v3 = [addresses.usdcWeth500, addresses.usdcWeth3000].map((pool) => contract(pool, uniswapV3PoolAbi));
  const v2 = contract(devnetPairs.usdcWeth.address, uniswapV2PairAbi);
  const stateView = contract(addresses.stateView, stateViewAbi);
  const ticks = pools.map(sdkTicks);
  const ask = (target: Contract, name: string, ...args: unknown[]) => target.getFunction(name)(...args);

  const quoteOf = (index: number, sqrtPriceX96: bigint, liquidity: bigint, tick: bigint): Quote => {
    const { token0, token1, feePips } = pools[index] as ConcentratedPool;
    const [first, second] = [new sdkCore.Token(1, token0, 6), new sdkCore.Token(1, token1, 18)];
    const state = [sqrtPriceX96.toString(), liquidity.toString(), Number(tick)] as const;
    const pool = new v3Sdk.Pool(first, second, feePips, ...state, ticks[index]);
    return async (amountRaw) => {
      const [out] = await pool.getOutputAmount(
        sdkCore.CurrencyAmount.fromRawAmount(second, amountRaw.toString()),
      );
      return BigInt(out.quotient.toString());
    };
  };

  const run = async (): Promise<UsualRun> => {
    let waited = 0;
    const wait = async <T>(asked: Promise<T>): Promise<T> => {
      const from = performance.now();
      const answer = await asked;
      waited += performance.now() - from;
      return answer;
    };
    const started = performance.now();
    const block = await wait(provider.getBlock('latest'));
    const amounts: number[] = [];
    for (let id = 1; id <= series.length; id++) {
      const { shortAmounts } = await wait(ask(controller, 'getVault', safe.address, id));
      amounts.push(Number(shortAmounts[0]) / 1e8);
    }
    const [baseRaw] = [await wait(ask(tokens[0]!, 'balanceOf', safe.address))];
    await wait(ask(tokens[1]!, 'balanceOf', safe.address));
    const { answer } = await wait(ask(feeds[0]!, 'latestRoundData'));
    await wait(ask(feeds[1]!, 'latestRoundData'));
    const spot = Number(answer) / 1e8;
    let delta = Number(baseRaw) / 1e18;
    for (const [index, { type, strike, expirySeconds }] of series.entries()) {
      const years = (expirySeconds - Number(block?.timestamp)) / SECONDS_PER_YEAR;
      delta -= amounts[index]! * greeks.getDelta(spot, strike, years, VOLATILITY, 0, type);
    }
    const quotes: Quote[] = [];
    for (const [index, pool] of v3.entries()) {
      const { sqrtPriceX96, tick } = await wait(ask(pool, 'slot0'));
      quotes.push(quoteOf(index, sqrtPriceX96, await wait(ask(pool, 'liquidity')), tick));
    }
    const { id } = devnetV4Pools.usdcWeth3000;
    const { sqrtPriceX96, tick } = await wait(ask(stateView, 'getSlot0', id));
    quotes.push(quoteOf(2, sqrtPriceX96, await wait(ask(stateView, 'getLiquidity', id)), tick));
    const [reserve0, reserve1] = await wait(ask(v2, 'getReserves'));
    quotes.push(async (raw) => (raw * 997n * reserve0) / (reserve1 * 1_000n + raw * 997n));
    await bestSplit(quotes, BigInt(Math.round(Math.abs(delta) * 1e6)) * 10n ** 12n);
    const nonce = await wait(wallet.getNonce());
    const { maxFeePerGas, maxPriorityFeePerGas } = await wait(provider.getFeeData());
    const call = { to: addresses.weth, data: TOTAL_SUPPLY };
    const gasLimit = await wait(provider.estimateGas({ ...call, from: wallet.address }));
    const fees = { maxFeePerGas, maxPriorityFeePerGas };
    const { chainId } = devnet;
    await wait(wallet.signTransaction({ type: 2, chainId, ...call, ...fees, nonce, gasLimit }));
    const total = performance.now() - started;
    return { total, own: total - waited };
  };
  return { run, close: () => provider.destroy() };
}

/** The best split of an amount over pools in steps of 5 %: every pool quoted at every step, then the best sum. */
async function bestSplit(quotes: readonly Quote[], amountRaw: bigint): Promise<bigint> {
  const step = amountRaw / BigInt(GRID);
  let best: bigint[] = [0n, ...Array<bigint>(GRID).fill(-1n)];
  for (const quote of quotes) {
    const received = [0n];
    for (let share = 1; share <= GRID; share++) received.push(await quote(step * BigInt(share)));
    const before = best;
    best = before.map((_, total) => {
      const sums = received.slice(0, total + 1).flatMap((own, share) => {
        const rest = before[total - share] as bigint;
        return rest < 0n ? [] : [rest + own];
      });
      return sums.reduce((most, sum) => max(most, sum), -1n);
    });
  }
  return best[GRID] as bigint;
}
