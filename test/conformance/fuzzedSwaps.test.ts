import { decodeEventLog } from 'viem';
import { expect, it } from 'vitest';
import { poolManagerAbi } from '../../abis/poolManager.ts';
import { poolSwapTestAbi } from '../../abis/poolSwapTest.ts';
import { swapRouter02Abi } from '../../abis/swapRouter02.ts';
import { uniswapV2PairAbi } from '../../abis/uniswapV2Pair.ts';
import { uniswapV2Router02Abi } from '../../abis/uniswapV2Router02.ts';
import { uniswapV3PoolAbi } from '../../abis/uniswapV3Pool.ts';
import type { Pool } from '../../src/core/amm/pool.ts';
import { poolAfter, quoteExactIn, quoteExactOut, type SwapQuote } from '../../src/core/amm/swap.ts';
import { type Hash, type Hex, sameAddress } from '../../src/core/units.ts';
import { devnetV4Swapper } from '../../src/devnet/addresses.ts';
import { type Call, callOf, type Devnet, devnetPools, devnetV4Pools } from '../../src/devnet/index.ts';
import { approveCall } from '../../src/devnet/seed.ts';
import { useDevnet } from '../support/devnet.ts';
import { type Question, type Subject, subjects } from '../support/quoters.ts';
import { seededUniform } from '../support/random.ts';
import { tradable } from '../support/tradable.ts';
import { contextOf, readOne, vaultOn } from '../support/vaultOnDevnet.ts';

const SEED = 20_261_120;
/** One swap on each of five pools a round: 300 cases. */
const ROUNDS = 60;
/** The largest swaps, whole tokens: small enough for 60 of them on one pool to leave a market. */
const MOST_BASE = 300;
const MOST_QUOTE = 900_000;
const MAX_UINT256 = (1n << 256n) - 1n;
const ETHER = 10n ** 18n;
const NO_LIMIT = {
  low: 4_295_128_740n,
  high: 1_461_446_703_485_210_103_287_273_052_203_988_822_378_723_970_341n,
};

const all: readonly Subject[] = [
  ...subjects,
  {
    ...subjects[0]!,
    name: 'Uniswap v3 at 0.3 %',
    config: { pool: devnetPools.usdcWeth3000.address, priceRange: 0.6 },
  },
];

const lab = useDevnet({ venues: ['uniswapV2', 'uniswapV4'] }, async (devnet) => {
  const { user } = devnet.accounts;
  const { swapRouter02, uniswapV2Router02 } = devnet.addresses;
  const { weth, usdc } = devnet.tokens;
  await devnet.setEther(user.address, 200_000n * ETHER);
  await devnet.fund(user.address, [
    { token: weth, amount: 100_000 },
    { token: usdc, amount: 300_000_000 },
  ]);
  const spenders = [swapRouter02, uniswapV2Router02, devnetV4Swapper];
  await devnet.transact(
    user,
    spenders.flatMap((spender) => [weth, usdc].map(({ address }) => approveCall(address, spender))),
  );
  return vaultOn(devnet);
});

async function read({ venue, config }: Subject): Promise<Pool> {
  const { devnet, prepared } = lab();
  const at = await prepared.chain.head();
  const context = contextOf(devnet, prepared.safe.address, at);
  return tradable((await readOne(prepared.chain, venue.read(config, context), at)).value.value);
}

/** Any direction, size and kind; on half of the pools that know limits, one up to 0.4 % away. */
function randomQuestion(pool: Pool, uniform: () => number): Question {
  const [zeroForOne, exactIn] = [uniform() < 0.5, uniform() < 0.5];
  const isBase = sameAddress(
    zeroForOne === exactIn ? pool.token0 : pool.token1,
    lab().devnet.tokens.weth.address,
  );
  const most = isBase ? MOST_BASE * 1e18 : MOST_QUOTE * 1e6;
  const amountRaw = BigInt(Math.floor(most * 1e-9 ** (uniform() ** 2)));
  const [isLimited, distance] = [uniform() < 0.5, uniform()];
  if (pool.kind !== 'concentrated' || !isLimited) return { zeroForOne, exactIn, amountRaw };
  const move = BigInt(Math.round(distance * 2_000)) + 1n;
  const sqrtPriceLimitX96 = (pool.sqrtPriceX96 * (1_000_000n + (zeroForOne ? -move : move))) / 1_000_000n;
  return { zeroForOne, exactIn, amountRaw, sqrtPriceLimitX96 };
}

function quoted(pool: Pool, { exactIn, ...request }: Question): SwapQuote {
  return exactIn ? quoteExactIn(pool, request) : quoteExactOut(pool, request);
}

function swapOnV3(devnet: Devnet, pool: Pool, question: Question): Call {
  if (pool.kind !== 'concentrated') throw new Error(`${pool.address} is no v3 pool`);
  const { zeroForOne, exactIn, amountRaw, sqrtPriceLimitX96 = 0n } = question;
  const [tokenIn, tokenOut] = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
  const { swapRouter02 } = devnet.addresses;
  const recipient = devnet.accounts.user.address;
  const swap = { tokenIn, tokenOut, fee: pool.feePips, recipient, sqrtPriceLimitX96 };
  return exactIn
    ? callOf(swapRouter02, swapRouter02Abi, 'exactInputSingle', [
        { ...swap, amountIn: amountRaw, amountOutMinimum: 0n },
      ])
    : callOf(swapRouter02, swapRouter02Abi, 'exactOutputSingle', [
        { ...swap, amountOut: amountRaw, amountInMaximum: MAX_UINT256 },
      ]);
}

function swapOnPair(devnet: Devnet, pool: Pool, { zeroForOne, exactIn, amountRaw }: Question): Call {
  const path = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
  const { uniswapV2Router02: router } = devnet.addresses;
  const { address } = devnet.accounts.user;
  const deadline = MAX_UINT256;
  return exactIn
    ? callOf(router, uniswapV2Router02Abi, 'swapExactTokensForTokens', [
        amountRaw,
        0n,
        path,
        address,
        deadline,
      ])
    : callOf(router, uniswapV2Router02Abi, 'swapTokensForExactTokens', [
        amountRaw,
        MAX_UINT256,
        path,
        address,
        deadline,
      ]);
}

function swapOnV4(pool: Pool, question: Question): Call {
  const { zeroForOne, exactIn, amountRaw, sqrtPriceLimitX96 } = question;
  const { key } = Object.values(devnetV4Pools).find(({ address }) => sameAddress(address, pool.address))!;
  const isEther = BigInt(key.currency0) === 0n;
  const limit = sqrtPriceLimitX96 ?? (zeroForOne ? NO_LIMIT.low : NO_LIMIT.high);
  return callOf(
    devnetV4Swapper,
    poolSwapTestAbi,
    'swap',
    [
      key,
      { zeroForOne, amountSpecified: exactIn ? -amountRaw : amountRaw, sqrtPriceLimitX96: limit },
      { takeClaims: false, settleUsingBurn: false },
      '0x',
    ],
    isEther && zeroForOne ? 10_000n * ETHER : 0n,
  );
}

function swapOn(devnet: Devnet, pool: Pool, question: Question): Call {
  if (pool.venue === 'uniswapV2') return swapOnPair(devnet, pool, question);
  return pool.venue === 'uniswapV4' ? swapOnV4(pool, question) : swapOnV3(devnet, pool, question);
}

/** What the pool's own event says that it took and gave. */
async function executed(devnet: Devnet, hash: Hash, zeroForOne: boolean) {
  const { logs } = await devnet.node.request<{ logs: readonly { data: Hex; topics: [Hex, ...Hex[]] }[] }>(
    'eth_getTransactionReceipt',
    [hash],
  );
  const found = logs.flatMap((log) =>
    [uniswapV3PoolAbi, uniswapV2PairAbi, poolManagerAbi].flatMap((abi) => {
      try {
        const event = decodeEventLog({ abi, ...log });
        return event.eventName === 'Swap' ? [event.args] : [];
      } catch {
        return [];
      }
    }),
  );
  const [swap] = found;
  if (swap === undefined || found.length !== 1) throw new Error(`${hash} made ${found.length} swaps`);
  if ('amount0In' in swap) {
    const [taken, given] = zeroForOne ? [swap.amount0In, swap.amount1Out] : [swap.amount1In, swap.amount0Out];
    return { taken, given };
  }
  const [amountIn, amountOut] = zeroForOne ? [swap.amount0, swap.amount1] : [swap.amount1, swap.amount0];
  // A v3 pool counts what it gets as positive, v4 what the swapper gets.
  return 'id' in swap ? { taken: -amountIn, given: amountOut } : { taken: amountIn, given: -amountOut };
}

it('300 random swaps are quoted as the quoters do and executed as quoted, to the wei', async () => {
  const { devnet } = lab();
  const uniform = seededUniform(SEED);
  const pools = await Promise.all(all.map(read));
  const seen = { cases: 0, asked: 0, limited: 0, partial: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const questions = pools.map((pool) => randomQuestion(pool, uniform));
    const quotes = pools.map((pool, index) => quoted(pool, questions[index]!));
    await Promise.all(
      pools.map(async (pool, index) => {
        const question = questions[index]!;
        // Only v3's quoter takes a limit: what v4 does at one is told by executing it.
        if (question.sqrtPriceLimitX96 !== undefined && pool.venue !== 'uniswapV3') return;
        const quote = quotes[index]!;
        const answer = question.exactIn ? quote.amountOutRaw : quote.amountInRaw;
        expect(answer, `round ${round}, ${all[index]!.name}`).toBe(
          await all[index]!.ask(devnet, pool, question),
        );
        seen.asked += 1;
      }),
    );
    const calls = pools.map((pool, index) => swapOn(devnet, pool, questions[index]!));
    const hashes = await devnet.transact(devnet.accounts.user, calls);
    for (const [index, hash] of hashes.entries()) {
      const { zeroForOne, sqrtPriceLimitX96 } = questions[index]!;
      const quote = quotes[index]!;
      expect(await executed(devnet, hash, zeroForOne), `round ${round}, ${all[index]!.name}`).toEqual({
        taken: quote.amountInRaw,
        given: quote.amountOutRaw,
      });
      pools[index] = poolAfter(pools[index]!, quote);
      seen.cases += 1;
      seen.limited += sqrtPriceLimitX96 === undefined ? 0 : 1;
      seen.partial += quote.filled ? 0 : 1;
    }
  }
  // What was reckoned on from swap to swap is where the chain stands.
  const standing = (pool: Pool) =>
    pool.kind === 'constantProduct'
      ? [pool.reserve0Raw, pool.reserve1Raw]
      : [pool.sqrtPriceX96, pool.tick, pool.liquidity];
  expect((await Promise.all(all.map(read))).map(standing)).toEqual(pools.map(standing));
  expect(seen.cases).toBe(300);
  expect(seen.asked).toBeGreaterThan(200);
  expect(seen.limited).toBeGreaterThan(80);
  expect(seen.partial).toBeGreaterThan(20);
});
