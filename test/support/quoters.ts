import { type Abi, decodeFunctionResult, encodeFunctionData } from 'viem';
import { expect } from 'vitest';
import { quoterV2Abi } from '../../abis/quoterV2.ts';
import { uniswapV2Router02Abi } from '../../abis/uniswapV2Router02.ts';
import { v4QuoterAbi } from '../../abis/v4Quoter.ts';
import { uniswapV2, uniswapV3, uniswapV4 } from '../../src/adapters/venues/index.ts';
import type { Pool } from '../../src/core/amm/pool.ts';
import type { Address } from '../../src/core/units.ts';
import { type Devnet, devnetV4Pools } from '../../src/devnet/index.ts';
import type { Venue } from '../../src/ports/venue.ts';

/** What is asked of a pool; the quoters' own answer is the amount on the other side. */
export interface Question {
  readonly zeroForOne: boolean;
  readonly exactIn: boolean;
  readonly amountRaw: bigint;
  /** The price that the swap stops at; asked of v3's quoter only, since the others take none. */
  readonly sqrtPriceLimitX96?: bigint;
}

/** A pool, how it is read, and who else quotes it. */
export interface Subject {
  readonly name: string;
  readonly venue: Venue;
  readonly config: unknown;
  /** The project's own quoter on the chain. */
  ask(devnet: Devnet, pool: Pool, question: Question): Promise<bigint>;
}

const MAX_UINT128 = (1n << 128n) - 1n;

async function call(devnet: Devnet, to: Address, abi: Abi, functionName: string, args: readonly unknown[]) {
  const data = encodeFunctionData({ abi, functionName, args });
  const answer = await devnet.node.request<`0x${string}`>('eth_call', [{ to, data }, 'latest']);
  return decodeFunctionResult({ abi, functionName, data: answer }) as unknown;
}

const first = (answer: unknown) => (answer as readonly bigint[])[0]!;

async function askPair(devnet: Devnet, pool: Pool, { zeroForOne, exactIn, amountRaw }: Question) {
  const path = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
  const name = exactIn ? 'getAmountsOut' : 'getAmountsIn';
  const router = devnet.addresses.uniswapV2Router02;
  const amounts = (await call(devnet, router, uniswapV2Router02Abi, name, [amountRaw, path])) as bigint[];
  return amounts[exactIn ? 1 : 0]!;
}

async function askV3(devnet: Devnet, pool: Pool, question: Question) {
  const { zeroForOne, exactIn, amountRaw, sqrtPriceLimitX96 = 0n } = question;
  if (pool.kind !== 'concentrated') throw new Error(`${pool.address} is no v3 pool`);
  const [tokenIn, tokenOut] = zeroForOne ? [pool.token0, pool.token1] : [pool.token1, pool.token0];
  const swap = { tokenIn, tokenOut, fee: pool.feePips, sqrtPriceLimitX96 };
  const [name, amount] = exactIn
    ? ['quoteExactInputSingle', { amountIn: amountRaw }]
    : ['quoteExactOutputSingle', { amount: amountRaw }];
  return first(
    await call(devnet, devnet.addresses.quoterV2, quoterV2Abi, name as string, [
      { ...swap, ...(amount as object) },
    ]),
  );
}

const askV4 =
  (name: keyof typeof devnetV4Pools): Subject['ask'] =>
  async (devnet, _, { zeroForOne, exactIn, amountRaw }) => {
    expect(amountRaw).toBeLessThan(MAX_UINT128);
    const question = {
      poolKey: devnetV4Pools[name].key,
      zeroForOne,
      exactAmount: amountRaw,
      hookData: '0x',
    };
    const kind = exactIn ? 'quoteExactInputSingle' : 'quoteExactOutputSingle';
    return first(await call(devnet, devnet.addresses.v4Quoter, v4QuoterAbi, kind, [question]));
  };

const v4Config = { ...uniswapV4.sample, native: undefined, fee: 3_000, tickSpacing: 60 };
/** A pool of each kind on a devnet with v2 and v4. */
export const subjects: readonly Subject[] = [
  { name: 'Uniswap v3', venue: uniswapV3 as Venue, config: uniswapV3.sample, ask: askV3 },
  { name: 'Uniswap v2', venue: uniswapV2 as Venue, config: uniswapV2.sample, ask: askPair },
  { name: 'v4 of ether', venue: uniswapV4 as Venue, config: uniswapV4.sample, ask: askV4('ethUsdc500') },
  { name: 'v4 of tokens', venue: uniswapV4 as Venue, config: v4Config, ask: askV4('usdcWeth3000') },
];
